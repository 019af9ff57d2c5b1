import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AgentError } from "../../shared/errors.ts";
import { preloadedModules, pythonBootstrap } from "./bootstrap.ts";
import { interpreterEnvironment } from "./interpreter.ts";
import { pinnedPyodide } from "./pyodide-digests.ts";

export interface PyodidePackage {
  readonly folder: string;
  /** `314.0.7` */
  readonly version: string;
}

/** Everything of the package that is executed or read; the rest of it is for browsers and editors. */
const fileNames = [
  "pyodide.mjs",
  "pyodide.asm.mjs",
  "pyodide.asm.wasm",
  "pyodide-lock.json",
  "python_stdlib.zip",
] as const;

type Digests = Readonly<Record<(typeof fileNames)[number], string>>;

/**
 * Returns where npm put Pyodide.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE when it is not installed.
 */
export function findPyodide(): PyodidePackage {
  const require = createRequire(import.meta.url);
  try {
    const manifestPath = require.resolve("pyodide/package.json");
    const manifest: { version: string } = require(manifestPath);
    return { folder: dirname(manifestPath), version: manifest.version };
  } catch (error) {
    throw unavailable("the package pyodide is not installed", "its files are wanted", error);
  }
}

/** Returns the paths of everything that Python starts from. */
export function pyodidePaths(folder: string): readonly string[] {
  return fileNames.map((name) => join(folder, name));
}

/**
 * Returns the SHA-256 of each file that Python starts from.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE naming the file that cannot be read.
 */
export async function pyodideDigests(folder: string): Promise<Digests> {
  const digests = await Promise.all(
    fileNames.map(async (name) => [name, await digestOf(join(folder, name))] as const),
  );
  // One entry for each name, by construction.
  return Object.fromEntries(digests) as Digests;
}

/**
 * Returns the digest of everything a snapshot depends on: another byte there, another snapshot. Any
 * byte but those that were pinned when this version was chosen is never started.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE naming the file that differs or cannot be read.
 */
export async function snapshotKey(
  { folder, version }: PyodidePackage,
  denoVersion: string,
): Promise<string> {
  if (version !== pinnedPyodide.version) {
    throw unavailable(`pyodide ${version} is installed`, `${pinnedPyodide.version} is wanted`);
  }
  const digests = await pyodideDigests(folder);
  for (const name of fileNames) {
    if (digests[name] !== pinnedPyodide.digests[name]) {
      const fact = `${join(folder, name)} was changed: its SHA-256 is ${digests[name]}`;
      throw unavailable(fact, `${pinnedPyodide.digests[name]} is wanted`);
    }
  }
  const started = [interpreterEnvironment, preloadedModules, pythonBootstrap];
  const parts = [version, denoVersion, digests, ...started];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

async function digestOf(path: string): Promise<string> {
  try {
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  } catch (error) {
    throw unavailable(`${path} cannot be read`, "a whole package is wanted", error);
  }
}

function unavailable(fact: string, wanted: string, cause?: unknown): AgentError {
  return new AgentError(
    "SANDBOX_UNAVAILABLE",
    `Finding the sandbox's Python: ${fact}, ${wanted}; install again (npm ci).`,
    { blame: "environment", cause },
  );
}
