import type { JournalEntry } from "../journal/journal.ts";
import { listJournals } from "../journal/list-journals.ts";
import { readJournal } from "../journal/read-journal.ts";
import { journalPath } from "../journal/run-id.ts";
import type { RunSummary } from "./application.ts";
import type { Parts } from "./parts.ts";

/** All runs whose journals are kept, newest first. */
export async function listRuns(parts: Parts): Promise<RunSummary[]> {
  const { runs } = await parts.workspace();
  const journals = await listJournals(runs);
  return journals.map(({ runId, goal, skill, status, startedAt }) => {
    return { runId, goal, skill, status, startedAt };
  });
}

/** @throws {AgentError} RUN_NOT_FOUND; USAGE when it is no run's id. */
export async function showRun(parts: Parts, runId: string): Promise<readonly JournalEntry[]> {
  const { runs } = await parts.workspace();
  return readJournal(journalPath(runs, runId));
}
