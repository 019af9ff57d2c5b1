import { randomBytes } from "node:crypto";
import { open, realpath, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemErrorCode } from "./errors.ts";
import { fileError } from "./file-error.ts";

export interface AtomicWriteOptions {
  /**
   * The caller holds a lock that every writer of this file takes: the half-written successor then
   * has one fixed name, so crashes leave one such file behind at most, and the next write uses it.
   */
  readonly isLocked?: boolean;
  /** Called when the new content is on disk and the old one still in place. */
  readonly beforeReplace?: () => Promise<void>;
  /** Rights of a file that is made, 0o666 less the umask unless told; one that is there keeps its own. */
  readonly mode?: number;
}

/** What follows a file's name in the name of its half-written successor. */
const TEMPORARY_SUFFIX = ".writing";

/**
 * Replaces the file whole: at every instant, also after a crash, a reader finds the old content
 * or the new one. Resolves when content and folder entry are on disk. A symbolic link stays one
 * and its target is replaced; the file's mode is kept. Two writers at once: the last one wins,
 * so take a lock where a change depends on what was read.
 *
 * @throws {AgentError} WORKSPACE_READ_ONLY, DISK_FULL or CONFIG_INVALID; the old file is intact.
 */
export async function writeFileAtomically(
  path: string,
  data: string | Uint8Array,
  options: AtomicWriteOptions = {},
): Promise<void> {
  try {
    await replaceFile(await realTarget(path), data, options);
  } catch (error) {
    throw fileError(`Writing ${basename(path)}`, path, error);
  }
}

async function replaceFile(
  target: string,
  data: string | Uint8Array,
  options: AtomicWriteOptions,
): Promise<void> {
  const folder = dirname(target);
  const temporary = temporarySibling(target, options.isLocked === true);
  if (options.isLocked === true) await removeIfPresent(temporary);
  try {
    await writeDurably(temporary, data, (await modeOf(target)) ?? options.mode);
    await options.beforeReplace?.();
    await rename(temporary, target);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncFolder(folder);
}

function temporarySibling(target: string, isLocked: boolean): string {
  const unique = isLocked ? "" : `.${process.pid}-${randomBytes(6).toString("hex")}`;
  return join(dirname(target), `.${basename(target).slice(0, 100)}${unique}${TEMPORARY_SUFFIX}`);
}

async function removeIfPresent(path: string): Promise<void> {
  try {
    await unlink(path);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  }
}

async function writeDurably(
  path: string,
  data: string | Uint8Array,
  mode: number | undefined,
): Promise<void> {
  const file = await open(path, "wx", mode ?? 0o666);
  try {
    if (mode !== undefined) await file.chmod(mode);
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes creations, renames and removals in the folder survive a power cut. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no handle on a folder that could be synced; its rename is journalled.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } catch (error) {
    // Some network file systems refuse to sync a folder; the rename itself has happened.
    const code = systemErrorCode(error);
    if (code !== "EINVAL" && code !== "ENOTSUP" && code !== "EBADF") throw error;
  } finally {
    await handle.close();
  }
}

async function realTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return path;
    throw error;
  }
}

async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
