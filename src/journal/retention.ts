import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { AgentError } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import { acquireLock } from "../shared/lock.ts";
import { type JournalSummary, listJournals } from "./list-journals.ts";
import { lockPath } from "./run-id.ts";

export interface Retention {
  readonly runsDirectory: string;
  /** Finished runs to keep, the newest. */
  readonly keepRuns: number;
  /** Days after its end at which a finished run goes. */
  readonly keepRunDays: number;
  readonly now: Date;
}

const dayMs = 24 * 60 * 60 * 1_000;

/** Removes journals of finished runs beyond number or age, and returns their ids. Unfinished runs stay. */
export async function pruneJournals(retention: Retention): Promise<string[]> {
  const finished = (await listJournals(retention.runsDirectory)).filter((run) => run.isFinished);
  const oldest = retention.now.getTime() - retention.keepRunDays * dayMs;
  const isOver = (run: JournalSummary, index: number) =>
    index >= retention.keepRuns || Date.parse(run.finishedAt ?? run.startedAt) < oldest;
  const removed: string[] = [];
  for (const run of finished.filter(isOver)) {
    if (await removeRun(retention.runsDirectory, run)) removed.push(run.runId);
  }
  return removed;
}

async function removeRun(runsDirectory: string, run: JournalSummary): Promise<boolean> {
  const path = lockPath(runsDirectory, run.runId);
  try {
    await mkdir(dirname(path), { recursive: true });
    // Held while the files go, so that nobody has begun to resume the run.
    const lock = await acquireLock(path, { waitMs: 0 });
    try {
      await rm(run.path, { force: true });
    } finally {
      lock.release();
    }
    await rm(path, { force: true });
    return true;
  } catch (error) {
    if (error instanceof AgentError && error.code === "LOCK_TIMEOUT") return false;
    throw fileError("Removing an old run", run.path, error);
  }
}
