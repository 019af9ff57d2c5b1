import { existsSync } from "node:fs";
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
 * stand between us and the child we must be able to kill.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE when npm holds no Deno for this machine (musl has none).
 */
export function findDenoBinary(
  platform: string = process.platform,
  architecture: string = process.arch,
): DenoBinary {
  const require = createRequire(import.meta.url);
  const name = packages[`${platform}-${architecture}`];
  if (name === undefined) {
    throw unavailable(`there is no Deno on npm for ${platform}-${architecture}`);
  }
  try {
    const fromDeno = createRequire(require.resolve("deno/package.json"));
    const manifestPath = fromDeno.resolve(`${name}/package.json`);
    const path = join(dirname(manifestPath), platform === "win32" ? "deno.exe" : "deno");
    if (!existsSync(path)) {
      throw unavailable(`${path} is missing`);
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

function unavailable(fact: string, cause?: unknown): AgentError {
  return new AgentError(
    "SANDBOX_UNAVAILABLE",
    `Finding the sandbox's Deno: ${fact}, an executable is wanted; ` +
      `install again with optional dependencies (npm ci --include=optional).`,
    { blame: "environment", cause },
  );
}
