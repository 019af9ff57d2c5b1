import { release } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentError } from "../shared/errors.ts";
import type { Language } from "../shared/json.ts";
import type { Backend, BackendOutlook, Launcher } from "./backend.ts";
import { cachedFile } from "./cached-file.ts";
import { type CommandLine, commandLine } from "./command-line.ts";
import { type DenoBinary, findDenoBinary } from "./deno-binary.ts";
import { pythonPolicy, typescriptPolicy } from "./policy.ts";
import { runSnapshotBuilder } from "./python/build-snapshot.ts";
import { findPyodide, pyodidePaths, snapshotKey } from "./python/pyodide-package.ts";
import { ownScript, type RunnerScript, runnerScript } from "./runner-script.ts";
import { sourceDigest } from "./source-digest.ts";
import { keptWhileUnchanged, type Marked, markFiles } from "./unchanged-files.ts";

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
  const plan = keptWhileUnchanged(async () => markedPlan(await planTypescript(deno, isLocked)));
  return {
    runtime: denoRuntimeName(deno),
    memoryLimits: ["heap", "wasmMemory"],
    commandLine: async () => (await plan.get()).line,
    facts: async () => {
      const { line, script } = await plan.get();
      return [...(await machineFacts(deno)), script.digest, ...line.args];
    },
  };
}

/** A plan holds as long as the runner's file is what it was. */
export function markedPlan<Plan extends { readonly script: RunnerScript }>(
  value: Plan,
): Marked<Plan> {
  return { value, marks: value.script.marks };
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
  // Hashing what is started from takes longer than starting: again only when a file was changed.
  const key = keptWhileUnchanged(async () => {
    const marks = await markFiles(pyodidePaths(pyodide.folder));
    return { value: await snapshotKey(pyodide, deno.version), marks };
  });
  const script = keptWhileUnchanged(async () => {
    const value = await runnerScript("python");
    return { value, marks: value.marks };
  });
  const builder = run(ownScript("python/snapshot-builder"), [pyodide.folder], false);
  const stopping = new AbortController();
  const { signal } = stopping;
  const launcher = (prefix: string): Launcher => {
    const place = { directory: join(cacheDirectory, "python"), prefix, suffix: ".snapshot" };
    const snapshot = keptWhileUnchanged(async () => {
      const build = () => runSnapshotBuilder(builder, signal);
      const file = await cachedFile(place, await key.get(), build, signal);
      return { value: file?.path, marks: file?.marks ?? new Map() };
    });
    return {
      runtime: pythonReferenceRuntime,
      memoryLimits: ["wasmMemory"],
      commandLine: async () => {
        await key.get();
        const path = await snapshot.get();
        const readPaths = [pyodide.folder, ...(path === undefined ? [] : [path])];
        return run((await script.get()).path, readPaths, isLocked);
      },
      // The snapshot went missing after it was found: the next start looks, or builds, again.
      onStartedPlainly: () => snapshot.forget(),
      stop: () => stopping.abort(),
      facts: async () => {
        const { path, digest } = await script.get();
        const { args } = run(path, [pyodide.folder], isLocked);
        return [...(await machineFacts(deno)), await key.get(), digest, ...args];
      },
    };
  };
  // Each snapshot holds the hash seed that its building drew: of another one sets come in another order.
  return { ...launcher("python"), reseeded: launcher("reseeded") };
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
