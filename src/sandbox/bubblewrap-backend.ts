import { createHash } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { delimiter } from "node:path";
import type { Language } from "../shared/json.ts";
import type { Backend, BackendOutlook, Launcher } from "./backend.ts";
import { type Bubblewrap, findBubblewrap } from "./bubblewrap/find-bubblewrap.ts";
import { systemFolders } from "./bubblewrap/find-program.ts";
import { namespaceArguments, outermostPaths } from "./bubblewrap/namespace-arguments.ts";
import { gatheredLibraries, sharedLibraries } from "./bubblewrap/shared-libraries.ts";
import type { CommandLine } from "./command-line.ts";
import {
  denoRuntimeName,
  lockObstacle,
  lookForDeno,
  machineFacts,
  markedPlan,
  planTypescript,
} from "./deno-backend.ts";
import type { DenoBinary } from "./deno-binary.ts";
import { findNativePython, type NativePython } from "./native/find-python.ts";
import { nativeLauncher } from "./native/harness.ts";
import { nativeConfiguration, nativePythonPolicy } from "./native/native-policy.ts";
import { seccompFilter } from "./seccomp/filter.ts";
import { keptWhileUnchanged } from "./unchanged-files.ts";

/** Where programs of the system are looked for; tests name folders of their own. */
export interface SearchFolders {
  readonly bubblewrap: readonly string[];
  readonly python: readonly string[];
}

type Found<Value> = Value | { readonly reason: string; readonly remedy: string };

const outlooks = new Map<Language, Promise<BackendOutlook>>();

/**
 * Returns bubblewrap as a backend: CPython of the system, or Deno, in namespaces of its own and locked
 * by seccomp. What the machine has is looked for once a host process.
 */
export function bubblewrapBackend(language: Language, folders?: SearchFolders): Backend {
  return {
    name: "bubblewrap",
    language,
    look: async () => {
      if (folders !== undefined) {
        return await look(language, folders);
      }
      const known = outlooks.get(language) ?? look(language, foldersOfThisMachine());
      outlooks.set(language, known);
      return await known;
    },
  };
}

/** The system's Python first: one of a version manager is another user's build. */
function foldersOfThisMachine(): SearchFolders {
  const path = (process.env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return { bubblewrap: systemFolders, python: [...new Set(["/usr/bin", ...path])] };
}

async function look(language: Language, folders: SearchFolders): Promise<BackendOutlook> {
  const locked = lockObstacle();
  if (locked !== undefined) {
    return locked;
  }
  const bubblewrap = await findBubblewrap(folders.bubblewrap);
  if (isMissing(bubblewrap)) {
    return { kind: "unusable", ...bubblewrap };
  }
  if (language === "python") {
    const python = await findNativePython(folders.python);
    return isMissing(python)
      ? { kind: "unusable", ...python }
      : { kind: "usable", launcher: pythonLauncher(bubblewrap, python) };
  }
  return lookForDeno((deno) => typescriptLauncher(bubblewrap, deno));
}

function isMissing<Value extends object>(
  found: Found<Value>,
): found is { readonly reason: string; readonly remedy: string } {
  return "remedy" in found;
}

function pythonLauncher(bubblewrap: Bubblewrap, python: NativePython): Launcher {
  const policy = nativePythonPolicy;
  const isolated = namespaceArguments({
    readOnlyPaths: outermostPaths([
      python.path,
      ...python.libraryPaths,
      ...gatheredLibraries(
        python.sharedLibraries.filter((path) => existsSync(path)),
        python.libraryPaths,
      ),
      ...loaderCache(),
    ]),
    hiddenPaths: python.packagePaths,
    memoryFolders: policy.folders,
    hasProcesses: false,
    // To make the program's tree read-only once it is there; given up before skill code is compiled.
    capabilities: ["CAP_SYS_ADMIN"],
    workingFolder: "/work",
    environment: { HOME: "/work", LANG: "C.UTF-8", PATH: "/usr/bin", TZ: "UTC" },
  });
  const architecture = process.arch === "arm64" ? "arm64" : "x64";
  // Without columns: code that could read its own could tell that it was changed, as mutants are.
  const flags = ["-I", "-S", "-B", "-X", "utf8", "-X", "no_debug_ranges", "-c", nativeLauncher];
  const configuration = nativeConfiguration(architecture, seccompFilter("cpython", architecture));
  const { harness } = python;
  const program = [python.path, ...flags, `${harness.length}`, configuration];
  const args = [...isolated, ...program];
  // No shell in between, which would take two milliseconds of each start: the process bounds itself
  // before it is ready, and bubblewrap and all within die with the host (`--die-with-parent`).
  const line = { command: bubblewrap.path, args, env: {}, input: harness, endsWithParent: true };
  return {
    runtime: `cpython-${python.minorVersion}/native`,
    memoryLimits: ["addressSpace"],
    commandLine: async () => line,
    facts: async () => [
      // No Deno is underneath.
      ...(await machineFacts({ path: "", version: "" })),
      bubblewrap.version,
      python.fullVersion,
      createHash("sha256").update(harness).digest("hex"),
      bubblewrap.path,
      ...args,
    ],
  };
}

function typescriptLauncher(bubblewrap: Bubblewrap, deno: DenoBinary): Launcher {
  const plan = keptWhileUnchanged(async () =>
    markedPlan(await planIsolatedTypescript(bubblewrap, deno)),
  );
  return {
    runtime: denoRuntimeName(deno),
    memoryLimits: ["heap", "wasmMemory"],
    commandLine: async () => (await plan.get()).line,
    facts: async () => {
      const { line, script } = await plan.get();
      return [...(await machineFacts(deno)), bubblewrap.version, script.digest, ...line.args];
    },
  };
}

/** The locked Deno of the backend below this one, with namespaces around it. */
async function planIsolatedTypescript(bubblewrap: Bubblewrap, deno: DenoBinary) {
  const denoPath = realpathSync(deno.path);
  const { line: plain, script: runner } = await planTypescript({ ...deno, path: denoPath }, true);
  const libraries = await sharedLibraries(denoPath);
  const isolated = namespaceArguments({
    readOnlyPaths: outermostPaths([
      denoPath,
      ...runner.readPaths,
      ...gatheredLibraries(
        libraries.filter((path) => existsSync(path)),
        [],
      ),
      ...loaderCache(),
    ]),
    hiddenPaths: [],
    // Its files are the runner's own, in memory: nothing at all can be written.
    memoryFolders: [],
    hasProcesses: true,
    capabilities: [],
    workingFolder: "/",
    environment: plain.env,
  });
  const [flag = "", script = "", name = "", ...program] = plain.args;
  const args = [flag, script, name, bubblewrap.path, ...isolated, ...program];
  const line: CommandLine = { command: plain.command, args, env: {} };
  return { line, script: runner };
}

/** Says where libraries are that lie in none of the loader's own folders. */
function loaderCache(): string[] {
  return ["/etc/ld.so.cache"].filter((path) => existsSync(path));
}
