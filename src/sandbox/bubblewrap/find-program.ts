import { access, constants } from "node:fs/promises";
import { join } from "node:path";

/** Where systems keep programs; not the PATH, which anybody who starts us can set. */
export const systemFolders = [
  "/usr/bin",
  "/bin",
  "/usr/local/bin",
  "/run/current-system/sw/bin",
] as const;

/** Returns the path of the first executable of that name, or undefined. */
export async function findProgram(
  name: string,
  folders: readonly string[],
): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name);
    try {
      await access(path, constants.X_OK);
      return path;
    } catch {
      // Not in this folder: the next may have it.
    }
  }
  return undefined;
}
