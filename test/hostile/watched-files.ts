import { createHash } from "node:crypto";
import { lstat, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

const maxDigestedBytes = 65_536;

/**
 * Returns what stands below a folder, one line each: path, mode, links, size, time of change and, for
 * small files, digest. Two equal answers mean that nothing was made, changed, linked or removed.
 */
export async function describeFolder(folder: string): Promise<string[]> {
  const lines: string[] = [];
  const visit = async (path: string): Promise<void> => {
    const status = await lstat(path);
    const { mode, nlink, size, mtimeMs, uid } = status;
    let content = "";
    if (status.isFile() && size <= maxDigestedBytes) {
      content = createHash("sha256")
        .update(await readFile(path))
        .digest("hex");
    }
    lines.push([path, mode, nlink, size, mtimeMs, uid, content].join(" "));
    if (status.isDirectory()) {
      for (const name of (await readdir(path)).toSorted()) {
        await visit(join(path, name));
      }
    }
  };
  try {
    await visit(folder);
  } catch (error) {
    // Removed, wholly or while it was read: that is what the description is to show.
    lines.push(`${folder} cannot be read: ${String(error)}`);
  }
  return lines;
}

/** Says what differs between two descriptions, or undefined. */
export function difference(
  before: readonly string[],
  after: readonly string[],
): string | undefined {
  const gone = before.filter((line) => !after.includes(line));
  const made = after.filter((line) => !before.includes(line));
  const [first] = [...made, ...gone];
  return first === undefined
    ? undefined
    : `${made.length} entries made or changed, ${gone.length} gone: ${first.slice(0, 200)}`;
}

/** Says which of the files somebody holds a lock on, as the kernel lists them; nothing off Linux. */
export async function lockedFile(paths: readonly string[]): Promise<string | undefined> {
  const locks = await readFile("/proc/locks", "utf8").catch(() => "");
  for (const path of paths) {
    const inode = await stat(path).then(
      ({ ino }) => ino,
      () => undefined,
    );
    // "1: FLOCK  ADVISORY  WRITE 4321 fe:00:1234 0 EOF": the last number of the third is the inode.
    const line = locks.split("\n").find((each) => each.includes(`:${inode} `));
    if (inode !== undefined && line !== undefined) {
      return `a lock is held on ${path}: ${line}`;
    }
  }
  return undefined;
}

/** Returns the names in a folder that hold the marker; none when there is no such folder. */
export async function namesWith(marker: string, folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.includes(marker)).map((name) => join(folder, name));
  } catch {
    return [];
  }
}
