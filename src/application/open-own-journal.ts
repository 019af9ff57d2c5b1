import type { RunJournal } from "../journal/journal.ts";
import { journalSealKey } from "../journal/journal-seal.ts";
import { openRunJournal } from "../journal/run-journal.ts";
import type { Parts } from "./parts.ts";

/**
 * The journal of a run to be worked on, new or old; see `openRunJournal`. Its lines are sealed, without
 * which `resume` would sign a certificate for what a stranger wrote there.
 */
export async function openOwnJournal(parts: Parts, runId: string): Promise<RunJournal> {
  const { runs } = await parts.workspace();
  const sealKey = await journalSealKey(await parts.keys());
  return openRunJournal({ runsDirectory: runs, runId, sealKey });
}
