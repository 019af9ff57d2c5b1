import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AgentError } from "./errors.ts";

let found: string | undefined;

/**
 * The folder that holds `prompts/` and `recordings/`: the nearest one upwards whose package.json
 * is this package's, so that sources, `dist/` and an installed package all find their own.
 */
export function packageRoot(): string {
  found ??= findPackageRoot(dirname(fileURLToPath(import.meta.url)));
  return found;
}

/** @throws {AgentError} INTERNAL when no folder above `start` holds this package's package.json. */
export function findPackageRoot(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (isPackageRoot(folder)) return folder;
    if (folder === dirname(folder)) {
      throw new AgentError(
        "INTERNAL",
        `Finding the program's own files: no package.json named "autodidact" above ${start}; reinstall the package.`,
        { blame: "environment" },
      );
    }
  }
}

function isPackageRoot(folder: string): boolean {
  const path = join(folder, "package.json");
  if (!existsSync(path)) return false;
  try {
    const manifest: unknown = JSON.parse(readFileSync(path, "utf8"));
    return (
      typeof manifest === "object" &&
      manifest !== null &&
      "name" in manifest &&
      manifest.name === "autodidact"
    );
  } catch {
    // A stranger's broken package.json on the way up is not ours; the search goes on.
    return false;
  }
}
