import { accessSync, constants, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { AgentError } from "../shared/errors.ts";

const packages: Readonly<Record<string, string>> = {
  "linux-x64": "@deno/linux-x64-glibc",
  "linux-arm64": "@deno/linux-arm64-glibc",
  "darwin-x64": "@deno/darwin-x64",
  "darwin-arm64": "@deno/darwin-arm64",
  "win32-x64": "@deno/win32-x64",
  "win32-arm64": "@deno/win32-arm64",
};

export interface DenoBinary {
  readonly path: string;
  /** `2.9.5` */
  readonly version: string;
}

/**
 * Returns Deno's own executable, past the npm wrapper: the wrapper is a Node process that would
 * stand between us and the child we must be able to kill. `installedPath` is another place for it,
 * given by whoever calls and never by a setting; whether it is Deno shows when it starts.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE when npm holds no Deno for this machine (musl has none),
 *   or what is there is no executable file.
 */
export function findDenoBinary(
  platform: string = process.platform,
  architecture: string = process.arch,
  installedPath?: string,
): DenoBinary {
  const require = createRequire(import.meta.url);
  const name = packages[`${platform}-${architecture}`];
  if (name === undefined) {
    throw unavailable(`there is no Deno on npm for ${platform}-${architecture}`);
  }
  try {
    const fromDeno = createRequire(require.resolve("deno/package.json"));
    const manifestPath = fromDeno.resolve(`${name}/package.json`);
    const fileName = platform === "win32" ? "deno.exe" : "deno";
    const path = installedPath ?? join(dirname(manifestPath), fileName);
    const problem = executableProblem(path);
    if (problem !== undefined) {
      throw unavailable(`${path} ${problem}`);
    }
    const manifest: { version: string } = fromDeno(manifestPath);
    return { path, version: manifest.version };
  } catch (error) {
    if (error instanceof AgentError) {
      throw error;
    }
    throw unavailable(`the package ${name} is not installed`, error);
  }
}

/** Why the system would not start it at all, or undefined. */
function executableProblem(path: string): string | undefined {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    return "is missing or no file";
  }
  try {
    accessSync(path, constants.X_OK);
    return undefined;
  } catch {
    return "is not executable";
  }
}

function unavailable(fact: string, cause?: unknown): AgentError {
  return new AgentError(
    "SANDBOX_UNAVAILABLE",
    `Finding the sandbox's Deno: ${fact}, an executable is wanted; ` +
      `install again with optional dependencies (npm ci --include=optional).`,
    { blame: "environment", cause },
  );
}
