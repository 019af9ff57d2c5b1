import { createHash } from "node:crypto";
import { bundleModules, type RunnerModule } from "./runner-bundle.ts";

/** Returns the digest of what a bundle is made from, and by which Node. */
export function bundleKey(modules: readonly RunnerModule[]): string {
  const parts = [process.version, ...modules.map(({ source }) => source), bundleModules.toString()];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
