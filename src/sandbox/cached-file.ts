import { createHash } from "node:crypto";
import { chmod, readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../shared/atomic-file.ts";
import { acquireLock } from "../shared/lock.ts";
import { isOwn, isOwnFolder, makeOwnFolder } from "./own-files.ts";
import { type FileMarks, markFiles } from "./unchanged-files.ts";

const lockWaitMs = 60_000;
const staleAfterMs = 14 * 24 * 3_600_000;

/** Where files of one kind lie, and how their names begin and end. */
export interface CachePlace {
  readonly directory: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** A file of the cache as it was when its bytes were compared. */
export interface CachedFile {
  readonly path: string;
  readonly marks: FileMarks;
}

/**
 * Returns the file with this key, built with `build` when the folder has none or a damaged one;
 * undefined when none can be had (folder not writable, or writable by others, or the build failed),
 * since a process can start without. The file's name carries the digest of its bytes, so that one file,
 * written atomically, says whether it is whole.
 */
export async function cachedFile(
  place: CachePlace,
  key: string,
  build: () => Promise<Uint8Array>,
  /** Ends waiting for another process that builds it. */
  signal?: AbortSignal,
): Promise<CachedFile | undefined> {
  try {
    return (await findFile(place, key)) ?? (await buildOnce(place, key, build, signal));
  } catch {
    // Slower, not weaker: the process then starts without.
    return undefined;
  }
}

async function buildOnce(
  place: CachePlace,
  key: string,
  build: () => Promise<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<CachedFile> {
  const { directory } = place;
  await makeOwnFolder(directory);
  const lock = await acquireLock(join(directory, `${place.prefix}.lock`), {
    waitMs: lockWaitMs,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    const found = await findFile(place, key);
    if (found !== undefined) {
      return found;
    }
    const bytes = await build();
    const path = join(directory, nameOf(place, key, bytes));
    await writeFileAtomically(path, bytes);
    // Whatever this user's mask leaves open to the group: see `isOwn`.
    await chmod(path, 0o600);
    await removeStale(place, key);
    return { path, marks: await markFiles([path]) };
  } finally {
    lock.release();
  }
}

async function findFile(place: CachePlace, key: string): Promise<CachedFile | undefined> {
  if (!(await isOwnFolder(place.directory))) {
    return undefined;
  }
  for (const name of await namesIn(place)) {
    if (name.startsWith(`${place.prefix}-${key}-`)) {
      const path = join(place.directory, name);
      // Before it is read: a change in between shows in the next mark.
      const marks = await markFiles([path]);
      const isWhole = name === nameOf(place, key, await readFile(path));
      if (isWhole && isOwn(await stat(path))) {
        return { path, marks };
      }
      await rm(path, { force: true });
    }
  }
  return undefined;
}

/** Files of other versions, once nobody can be about to read them. */
async function removeStale(place: CachePlace, key: string): Promise<void> {
  for (const name of await namesIn(place)) {
    const path = join(place.directory, name);
    const { mtimeMs } = await stat(path);
    if (!name.startsWith(`${place.prefix}-${key}-`) && Date.now() - mtimeMs > staleAfterMs) {
      await rm(path, { force: true });
    }
  }
}

async function namesIn({ directory, prefix, suffix }: CachePlace): Promise<string[]> {
  try {
    const names = await readdir(directory);
    return names
      .filter((name) => name.startsWith(`${prefix}-`) && name.endsWith(suffix))
      .toSorted();
  } catch {
    // No folder yet: the first run.
    return [];
  }
}

function nameOf({ prefix, suffix }: CachePlace, key: string, bytes: Uint8Array): string {
  return `${prefix}-${key}-${digest(bytes)}${suffix}`;
}

function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
