import type { JournalDamage, JournalEntry } from "../journal/journal.ts";
import { listJournals } from "../journal/list-journals.ts";
import { readJournal } from "../journal/read-journal.ts";
import { isRunId, journalPath } from "../journal/run-id.ts";
import { isRunLocked } from "../journal/run-journal.ts";
import type { DirectiveStatus } from "../shared/events.ts";
import type { RunSummary } from "./application.ts";
import type { Parts } from "./parts.ts";

/** All runs whose journals are kept, newest first. */
export async function listRuns(parts: Parts): Promise<RunSummary[]> {
  const { runs } = await parts.workspace();
  const summaries: RunSummary[] = [];
  for (const { runId, goal, skill, status, startedAt } of await listJournals(runs)) {
    summaries.push({ runId, goal, skill, status: await statusNow(runs, runId, status), startedAt });
  }
  return summaries;
}

/** A run that no process works on any more is `pending`, whatever was written when it was cut off. */
export async function statusNow(
  runs: string,
  runId: string,
  written: DirectiveStatus,
): Promise<DirectiveStatus> {
  if (written !== "running") {
    return written;
  }
  // What a memory file holds in an id's place may be anything.
  return isRunId(runId) && (await isRunLocked(runs, runId)) ? "running" : "pending";
}

/** @throws {AgentError} RUN_NOT_FOUND; USAGE when it is no run's id. */
export async function showRun(
  parts: Parts,
  runId: string,
  onDamage?: (damage: JournalDamage) => void,
): Promise<readonly JournalEntry[]> {
  const { runs } = await parts.workspace();
  return readJournal(journalPath(runs, runId), onDamage);
}
