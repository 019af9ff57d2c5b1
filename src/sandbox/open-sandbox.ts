import { release } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Language } from "../shared/json.ts";
import { defaultCacheDirectory } from "./cache-directory.ts";
import { type CommandLine, commandLine } from "./command-line.ts";
import { type DenoBinary, findDenoBinary } from "./deno-binary.ts";
import { startSubject } from "./deno-subject.ts";
import { aborted } from "./exchange.ts";
import { pythonPolicy, typescriptPolicy } from "./policy.ts";
import { provenSandbox } from "./proven-sandbox.ts";
import { runSnapshotBuilder } from "./python/build-snapshot.ts";
import { findPyodide, snapshotKey } from "./python/pyodide-package.ts";
import { cachedSnapshot } from "./python/snapshot-cache.ts";
import { RunnerProcess } from "./runner-process.ts";
import type { Sandbox } from "./sandbox.ts";
import { createSelfTestCache } from "./self-test-cache.ts";
import { sourceDigest } from "./source-digest.ts";
import { WarmProcesses } from "./warm-processes.ts";

export interface OpenSandboxOptions {
  /** Holds Python's memory snapshot and the self-test's date; default: the user's cache folder. */
  readonly cacheDirectory?: string;
  /** Ready processes to keep once `warm()` was called; a Python one holds some 200 MB. Default: 1. */
  readonly warmProcesses?: number;
}

const pythonRuntime = "cpython-3.14/wasm";
const scriptExtension = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** How to start one process, and what that depends on. */
interface Plan {
  readonly runtime: string;
  readonly backend: string;
  commandLine(): Promise<CommandLine>;
  /** A process came up without a snapshot. */
  onStartedPlainly?(): void;
  /** Everything underneath: the self-test is repeated when any of it changes. */
  facts(): Promise<readonly string[]>;
}

/**
 * Returns the sandbox for a language; starts nothing yet. Its first start attacks it with the
 * self-test, at most once a day for each user. Needs nothing of the disk but the cache folder: no
 * file of a skill is ever written, so no folder is left to clean up.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE when npm holds no Deno for this machine.
 */
export function openSandbox(language: Language, options: OpenSandboxOptions = {}): Sandbox {
  const deno = findDenoBinary();
  const cacheDirectory = options.cacheDirectory ?? defaultCacheDirectory();
  const plan = language === "python" ? planPython(deno, cacheDirectory) : planTypeScript(deno);
  const launch = async (): Promise<RunnerProcess> => {
    const runner = new RunnerProcess(await plan.commandLine());
    runner.onReady((startedFrom) => {
      if (startedFrom === "plain") {
        plan.onStartedPlainly?.();
      }
    });
    return runner;
  };
  const processes = new WarmProcesses(launch, options.warmProcesses ?? 1);
  const { backend, runtime } = plan;
  const sandbox: Sandbox = {
    language,
    backend,
    runtime,
    start: async (program, limits, signal) => {
      const runner = await takeUnlessAborted(processes, signal);
      return await startSubject(runner, program, limits, signal);
    },
    warm: () => processes.warm(),
    close: () => processes.close(),
  };
  return provenSandbox(sandbox, createSelfTestCache(cacheDirectory, backend, plan.facts));
}

/** An abort does not wait for a process that may take seconds to start; that one is thrown away. */
async function takeUnlessAborted(
  processes: WarmProcesses,
  signal: AbortSignal | undefined,
): Promise<RunnerProcess> {
  if (signal === undefined) {
    return await processes.take();
  }
  const gone = Promise.withResolvers<never>();
  const onAbort = (): void => gone.reject(aborted(signal));
  if (signal.aborted) {
    throw aborted(signal);
  }
  signal.addEventListener("abort", onAbort, { once: true });
  const taking = processes.take();
  try {
    return await Promise.race([taking, gone.promise]);
  } catch (error) {
    taking.then(
      (runner) => runner.kill(),
      () => undefined,
    );
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function planTypeScript(deno: DenoBinary): Plan {
  const planned = commandLine(typescriptPolicy, {
    denoPath: deno.path,
    runnerPath: scriptPath("typescript/runner"),
    runnerArgs: [],
    platform: process.platform,
  });
  const [major, minor] = deno.version.split(".");
  return {
    runtime: `deno-${major}.${minor}`,
    backend: "deno",
    commandLine: async () => planned,
    facts: async () => [...(await machineFacts(deno)), ...planned.args],
  };
}

function planPython(deno: DenoBinary, cacheDirectory: string): Plan {
  const pyodide = findPyodide();
  const run = (script: string, readPaths: string[]): CommandLine =>
    commandLine(pythonPolicy(readPaths), {
      denoPath: deno.path,
      platform: process.platform,
      runnerPath: scriptPath(script),
      runnerArgs: readPaths,
    });
  const key = once(() => snapshotKey(pyodide, deno.version));
  let find = once(findCommandLine);
  async function findCommandLine(): Promise<CommandLine> {
    const build = () => runSnapshotBuilder(run("python/snapshot-builder", [pyodide.folder]));
    const snapshot = await cachedSnapshot(join(cacheDirectory, "python"), await key(), build);
    return run("python/runner", [pyodide.folder, ...(snapshot === undefined ? [] : [snapshot])]);
  }
  return {
    runtime: pythonRuntime,
    backend: "pyodide-deno",
    commandLine: () => find(),
    onStartedPlainly: () => {
      // The snapshot went missing after it was found: the next start looks, or builds, again.
      find = once(findCommandLine);
    },
    facts: async () => [
      ...(await machineFacts(deno)),
      await key(),
      ...run("python/runner", [pyodide.folder]).args,
    ],
  };
}

async function machineFacts(deno: DenoBinary): Promise<string[]> {
  const own = await sourceDigest(fileURLToPath(new URL(".", import.meta.url)));
  return [process.platform, process.arch, release(), deno.version, process.version, own];
}

/** Once a host process: hashing what a snapshot depends on takes longer than starting from it. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function scriptPath(name: string): string {
  return fileURLToPath(new URL(`./${name}.${scriptExtension}`, import.meta.url));
}
