import { release } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentError } from "../shared/errors.ts";
import type { Language } from "../shared/json.ts";
import { once } from "../shared/once.ts";
import type { Backend, BackendOutlook, Launcher } from "./backend.ts";
import { cachedFile } from "./cached-file.ts";
import { type CommandLine, commandLine } from "./command-line.ts";
import { type DenoBinary, findDenoBinary } from "./deno-binary.ts";
import { pythonPolicy, typescriptPolicy } from "./policy.ts";
import { runSnapshotBuilder } from "./python/build-snapshot.ts";
import { findPyodide, snapshotKey } from "./python/pyodide-package.ts";
import { ownScript, type RunnerScript, runnerScript } from "./runner-script.ts";
import { sourceDigest } from "./source-digest.ts";

/** The runtime every proof is made on, whatever else serves. */
export const pythonReferenceRuntime = "cpython-3.14/wasm";

/**
 * Returns Deno with every permission denied as a backend: for Python with Pyodide inside. Locked, its
 * runner gives up by seccomp whatever it no longer needs before it sees skill code.
 */
export function denoBackend(
  language: Language,
  cacheDirectory: string,
  options: { readonly isLocked: boolean },
): Backend {
  const { isLocked } = options;
  return {
    name: isLocked ? "deno-seccomp" : "deno",
    language,
    look: async () => {
      const obstacle = isLocked ? lockObstacle() : undefined;
      return (
        obstacle ?? lookForDeno((deno) => denoLauncher(language, deno, cacheDirectory, isLocked))
      );
    },
  };
}

/** The launcher that `make` builds from npm's Deno, or why there is none. */
export function lookForDeno(make: (deno: DenoBinary) => Launcher): BackendOutlook {
  try {
    return { kind: "usable", launcher: make(findDenoBinary()) };
  } catch (error) {
    if (error instanceof AgentError) {
      return { kind: "unusable", reason: error.message, remedy: "npm ci --include=optional" };
    }
    throw error;
  }
}

/** Why the kernel cannot lock a process here, or undefined. */
export function lockObstacle(): Extract<BackendOutlook, { kind: "unusable" }> | undefined {
  const hasFilter = process.arch === "x64" || process.arch === "arm64";
  if (process.platform === "linux" && hasFilter) {
    return undefined;
  }
  return {
    kind: "unusable",
    reason: `seccomp is a lock of Linux on x64 and arm64; this is ${process.platform} ${process.arch}`,
    remedy: "none on this system; the backend below it serves",
  };
}

function denoLauncher(
  language: Language,
  deno: DenoBinary,
  cacheDirectory: string,
  isLocked: boolean,
): Launcher {
  return language === "python"
    ? pythonLauncher(deno, cacheDirectory, isLocked)
    : typescriptLauncher(deno, isLocked);
}

function typescriptLauncher(deno: DenoBinary, isLocked: boolean): Launcher {
  const plan = once(() => planTypescript(deno, isLocked));
  return {
    runtime: denoRuntimeName(deno),
    commandLine: async () => (await plan()).line,
    facts: async () => {
      const { line, script } = await plan();
      return [...(await machineFacts(deno)), script.digest, ...line.args];
    },
  };
}

/** Deno with the runner for TypeScript, and that runner. */
export async function planTypescript(
  deno: DenoBinary,
  isLocked: boolean,
): Promise<{ readonly line: CommandLine; readonly script: RunnerScript }> {
  const script = await runnerScript("typescript");
  const line = commandLine(
    { ...typescriptPolicy, isLocked },
    {
      denoPath: deno.path,
      runnerPath: script.path,
      runnerArgs: [],
      platform: process.platform,
    },
  );
  return { line, script };
}

function pythonLauncher(deno: DenoBinary, cacheDirectory: string, isLocked: boolean): Launcher {
  const pyodide = findPyodide();
  const run = (runnerPath: string, readPaths: string[], locked: boolean): CommandLine =>
    commandLine(
      { ...pythonPolicy(readPaths), isLocked: locked },
      { denoPath: deno.path, platform: process.platform, runnerPath, runnerArgs: readPaths },
    );
  // Hashing what a snapshot depends on takes longer than starting from it.
  const key = once(() => snapshotKey(pyodide, deno.version));
  const script = once(() => runnerScript("python"));
  const place = {
    directory: join(cacheDirectory, "python"),
    prefix: "python",
    suffix: ".snapshot",
  };
  let find = once(findCommandLine);
  async function findCommandLine(): Promise<CommandLine> {
    const builder = run(ownScript("python/snapshot-builder"), [pyodide.folder], false);
    const snapshot = await cachedFile(place, await key(), () => runSnapshotBuilder(builder));
    const readPaths = [pyodide.folder, ...(snapshot === undefined ? [] : [snapshot])];
    return run((await script()).path, readPaths, isLocked);
  }
  return {
    runtime: pythonReferenceRuntime,
    commandLine: () => find(),
    onStartedPlainly: () => {
      // The snapshot went missing after it was found: the next start looks, or builds, again.
      find = once(findCommandLine);
    },
    facts: async () => {
      const { path, digest } = await script();
      const { args } = run(path, [pyodide.folder], isLocked);
      return [...(await machineFacts(deno)), await key(), digest, ...args];
    },
  };
}

/** `deno-2.9` */
export function denoRuntimeName(deno: DenoBinary): string {
  const [major, minor] = deno.version.split(".");
  return `deno-${major}.${minor}`;
}

/** What every backend stands on: kernel, architecture, Deno, Node and this room's own files. */
export async function machineFacts(deno: DenoBinary): Promise<string[]> {
  const own = await sourceDigest(fileURLToPath(new URL(".", import.meta.url)));
  return [process.platform, process.arch, release(), deno.version, process.version, own];
}
