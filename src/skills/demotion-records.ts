import { lstat, mkdir, readdir, readFile, stat, unlink } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomically } from "../shared/atomic-file.ts";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { acquireLock } from "../shared/lock.ts";
import type { Demotion } from "../verify/certificate.ts";

/** Wrong answers that this installation found, kept where whoever writes a workspace cannot. */
export interface DemotionRecords {
  /** What is known against these bytes and a certificate of them that was issued at this time. */
  standing(codeDigest: string, issuedAt: string): Promise<Demotion | undefined>;
  record(codeDigest: string, demotion: Demotion): Promise<void>;
  /**
   * Lets a new certificate of the bytes count, also where the clock was set back since the demotion;
   * older ones stay refused.
   */
  outlive(codeDigest: string, issuedAt: string): Promise<void>;
}

/** Some 4 MB at most; when there are more, the oldest are forgotten. */
const mostRecords = 10_000;
const lockWaitMs = 30_000;
const longestReason = 2_000;
const maxRecordBytes = 64 * 1024;
const writableByOthers = 0o022;
/** Later than any certificate: what cannot be read stands until the bytes are proven anew. */
const endOfTime = "9999-12-31T23:59:59.999Z";

/**
 * One small file for each digest of bytes, `HEX.json`, mode 600, in a folder of the user's own. It is
 * replaced whole under a lock; one that was damaged still counts as a demotion.
 *
 * Calls throw AgentError CONFIG_INVALID when the folder cannot be used or may be written by others,
 * DISK_FULL, LOCK_TIMEOUT.
 */
export function openDemotionRecords(folder: string, most = mostRecords): DemotionRecords {
  const pathOf = (codeDigest: string) => join(folder, `${hexOf(codeDigest)}.json`);
  const change = async (codeDigest: string, demotion: Demotion): Promise<void> => {
    const path = pathOf(codeDigest);
    const text = `${JSON.stringify({ code: codeDigest, ...demotion }, undefined, 2)}\n`;
    await writeFileAtomically(path, text, { isLocked: true, mode: 0o600 });
    await forgetOldest(folder, most);
  };
  const standing = async (codeDigest: string, issuedAt: string) => {
    const found = await readRecord(pathOf(codeDigest));
    return found === undefined || isLater(issuedAt, found.at) ? undefined : found;
  };
  return {
    standing,
    record: (codeDigest, demotion) =>
      locked(folder, async () => {
        const before = await readRecord(pathOf(codeDigest));
        const isNewest =
          before === undefined || before.at === endOfTime || !isLater(before.at, demotion.at);
        if (isNewest) {
          await change(codeDigest, {
            ...demotion,
            reason: demotion.reason.slice(0, longestReason),
          });
        }
      }),
    outlive: async (codeDigest, issuedAt) => {
      if ((await standing(codeDigest, issuedAt)) === undefined) {
        return;
      }
      const at = new Date(Date.parse(issuedAt) - 1).toISOString();
      await locked(folder, async () => {
        const found = await standing(codeDigest, issuedAt);
        if (found !== undefined) {
          await change(codeDigest, { ...found, at });
        }
      });
    },
  };
}

function isLater(time: string, than: string): boolean {
  // Not-a-number is later than nothing.
  return Date.parse(time) > Date.parse(than);
}

function hexOf(codeDigest: string): string {
  const [, hex] = /^sha256:([0-9a-f]{64})$/.exec(codeDigest) ?? [];
  if (hex === undefined) {
    throw new TypeError(`demotions: ${JSON.stringify(codeDigest)} is no digest, one is wanted`);
  }
  return hex;
}

async function readRecord(path: string): Promise<Demotion | undefined> {
  try {
    const { size } = await stat(path);
    return toDemotion(size > maxRecordBytes ? "" : await readFile(path, "utf8"));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    throw unusable(path, error);
  }
}

function toDemotion(text: string): Demotion {
  const damaged = { runtime: "some runtime", reason: "the record of it is damaged", at: endOfTime };
  try {
    const { runtime, reason, at } = Object(JSON.parse(text));
    const isWhole = [runtime, reason, at].every((value) => typeof value === "string");
    return isWhole && !Number.isNaN(Date.parse(at)) ? { runtime, reason, at } : damaged;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return damaged;
    }
    throw error;
  }
}

async function locked(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await refuseSharedFolder(folder);
    const lock = await acquireLock(join(folder, ".lock"), { waitMs: lockWaitMs });
    try {
      await work();
    } finally {
      lock.release();
    }
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** Whoever may write to the folder could take a demotion away. */
async function refuseSharedFolder(folder: string): Promise<void> {
  const { mode } = await lstat(folder);
  if (process.platform !== "win32" && (mode & writableByOthers) !== 0) {
    const problem = `may be written by others (mode ${(mode & 0o777).toString(8)})`;
    throw folderError(folder, problem, "run chmod go-w on it");
  }
}

async function forgetOldest(folder: string, most: number): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));
  if (names.length <= most) {
    return;
  }
  const paths = names.map((name) => join(folder, name));
  const dated = await Promise.all(
    paths.map(async (path) => ({ path, writtenMs: (await stat(path)).mtimeMs })),
  );
  const surplus = dated.toSorted((a, b) => a.writtenMs - b.writtenMs).slice(0, -most);
  for (const { path } of surplus) {
    await unlink(path);
  }
}

function unusable(path: string, error: unknown): AgentError {
  if (error instanceof AgentError && error.code !== "WORKSPACE_READ_ONLY") {
    return error;
  }
  const found = error instanceof Error ? error.message : String(error);
  const remedy = "correct its rights, or set XDG_CONFIG_HOME to a folder of yours";
  return folderError(path, `cannot be used (${found})`, remedy, error);
}

function folderError(path: string, problem: string, remedy: string, cause?: unknown): AgentError {
  return new AgentError(
    "CONFIG_INVALID",
    `Keeping demotions in mind: ${path} ${problem}; a folder that you alone may write is wanted; ${remedy}.`,
    { blame: "environment", ...(cause === undefined ? {} : { cause }) },
  );
}
