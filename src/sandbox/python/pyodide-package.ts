import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AgentError } from "../../shared/errors.ts";
import { preloadedModules, pythonBootstrap } from "./bootstrap.ts";

export interface PyodidePackage {
  readonly folder: string;
  /** `314.0.7` */
  readonly version: string;
}

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
    throw new AgentError(
      "SANDBOX_UNAVAILABLE",
      "Finding the sandbox's Python: the package pyodide is not installed, " +
        "its files are wanted; install again (npm ci).",
      { blame: "environment", cause: error },
    );
  }
}

/** Returns the digest of everything a snapshot depends on: another byte there, another snapshot. */
export async function snapshotKey(
  { folder, version }: PyodidePackage,
  denoVersion: string,
): Promise<string> {
  const hash = createHash("sha256");
  for (const name of ["pyodide.asm.wasm", "pyodide.asm.mjs", "python_stdlib.zip"]) {
    hash.update(await readFile(join(folder, name)));
  }
  hash.update(JSON.stringify([version, denoVersion, preloadedModules, pythonBootstrap]));
  return hash.digest("hex").slice(0, 32);
}
