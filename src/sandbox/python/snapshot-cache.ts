import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../../shared/atomic-file.ts";
import { acquireLock } from "../../shared/lock.ts";

const suffix = ".snapshot";
const lockWaitMs = 60_000;
const staleAfterMs = 14 * 24 * 3_600_000;

/**
 * Returns the path of the snapshot with this key, built with `build` when the folder has none or
 * a damaged one; undefined when none can be had (folder not writable, build failed), since a
 * process can start without. The file's name carries the digest of its bytes, so that one file,
 * written atomically, says whether it is whole.
 */
export async function cachedSnapshot(
  directory: string,
  key: string,
  build: () => Promise<Uint8Array>,
): Promise<string | undefined> {
  try {
    return (await findSnapshot(directory, key)) ?? (await buildOnce(directory, key, build));
  } catch {
    // Slower, not weaker: the runner then starts Python plainly.
    return undefined;
  }
}

async function buildOnce(
  directory: string,
  key: string,
  build: () => Promise<Uint8Array>,
): Promise<string> {
  await mkdir(directory, { recursive: true });
  const lock = await acquireLock(join(directory, "snapshot.lock"), { waitMs: lockWaitMs });
  try {
    const found = await findSnapshot(directory, key);
    if (found !== undefined) {
      return found;
    }
    const bytes = await build();
    const path = join(directory, `python-${key}-${digest(bytes)}${suffix}`);
    await writeFileAtomically(path, bytes);
    // Whatever this user's mask leaves open to the group: see `isOwn`.
    await chmod(path, 0o600);
    await removeStale(directory, key);
    return path;
  } finally {
    lock.release();
  }
}

async function findSnapshot(directory: string, key: string): Promise<string | undefined> {
  for (const name of await snapshotNames(directory)) {
    if (name.startsWith(`python-${key}-`)) {
      const path = join(directory, name);
      const isWhole = name === `python-${key}-${digest(await readFile(path))}${suffix}`;
      if (isWhole && isOwn(await stat(path))) {
        return path;
      }
      await rm(path, { force: true });
    }
  }
  return undefined;
}

/** A snapshot becomes the interpreter itself: one that another user can write is not taken. */
function isOwn({ uid, mode }: { readonly uid: number; readonly mode: number }): boolean {
  const writableByOthers = 0o022;
  return (
    process.getuid === undefined || (uid === process.getuid() && (mode & writableByOthers) === 0)
  );
}

/** Snapshots of other versions, once nobody can be about to read them. */
async function removeStale(directory: string, key: string): Promise<void> {
  for (const name of await snapshotNames(directory)) {
    const path = join(directory, name);
    const { mtimeMs } = await stat(path);
    if (!name.startsWith(`python-${key}-`) && Date.now() - mtimeMs > staleAfterMs) {
      await rm(path, { force: true });
    }
  }
}

async function snapshotNames(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory);
    return names.filter((name) => name.startsWith("python-") && name.endsWith(suffix)).toSorted();
  } catch {
    // No folder yet: the first run.
    return [];
  }
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
