import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { RunnerModule } from "./runner-bundle.ts";

/**
 * Returns the digest of what a bundle is made from, by which Node and by which bundler: the file of that,
 * since under a test runner its functions read otherwise, and each would hold the other's self-tests
 * for those of another sandbox.
 */
export function bundleKey(modules: readonly RunnerModule[]): string {
  const bundler = readFileSync(new URL("./runner-bundle.ts", import.meta.url), "utf8");
  const parts = [process.version, ...modules.map(({ source }) => source), bundler];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
