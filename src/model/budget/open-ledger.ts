import { lstat, rename } from "node:fs/promises";
import { join } from "node:path";
import type { JournalEntry } from "../../journal/journal.ts";
import { listJournals } from "../../journal/list-journals.ts";
import { readJournal } from "../../journal/read-journal.ts";
import { journalPath } from "../../journal/run-id.ts";
import { isRunLocked } from "../../journal/run-journal.ts";
import type { Clock } from "../../shared/clock.ts";
import { AgentError, systemErrorCode } from "../../shared/errors.ts";
import { fileError, sqliteErrorCode } from "../../shared/file-error.ts";
import { localDay, type SpentCall } from "./amounts.ts";
import { SpendLedger } from "./spend-ledger.ts";

const sqliteCorrupt = 11;
const sqliteNotADatabase = 26;

export interface LedgerOptions {
  readonly workspaceRoot: string;
  readonly runsDirectory: string;
  readonly clock: Clock;
  readonly onWarning: (message: string) => void;
}

/**
 * Opens `spend.sqlite` of a workspace. Where there is none, or a damaged one, which is kept aside, it
 * is made from the journals; what journals that are gone held is then not in it.
 *
 * @throws {AgentError} WORKSPACE_READ_ONLY, DISK_FULL
 */
export async function openLedger(options: LedgerOptions): Promise<SpendLedger> {
  const path = join(options.workspaceRoot, "spend.sqlite");
  try {
    await refuseLink(path);
    const ledger = await openOrReplace(path, options);
    try {
      if (ledger.isNew) {
        await readAllJournals(ledger, options.runsDirectory);
        ledger.finish();
      }
      return ledger;
    } catch (error) {
      ledger.close();
      throw error;
    }
  } catch (error) {
    throw fileError("Opening the ledger of what was spent", path, error);
  }
}

/** A workspace may be a stranger's, and lead to another program's database: tables would be made in it. */
async function refuseLink(path: string): Promise<void> {
  const found = await lstat(path).catch((error: unknown) => {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  });
  if (found?.isSymbolicLink() !== true) return;
  throw new AgentError(
    "PATH_OUTSIDE_WORKSPACE",
    `Opening the ledger of what was spent: ${path} is a symbolic link; a file of the workspace is wanted; remove the link.`,
    { blame: "environment" },
  );
}

async function openOrReplace(path: string, options: LedgerOptions): Promise<SpendLedger> {
  const opened = openWhole(path);
  if (opened !== undefined) return opened;
  const time = options.clock.now().toISOString().replace(/[-:.]/g, "");
  const aside = `${path}.damaged-${time}`;
  await rename(path, aside);
  options.onWarning(
    `The ledger of what was spent was damaged and is kept as ${aside}; it was made anew from the journals that are still there.`,
  );
  return new SpendLedger(path);
}

/** Undefined where the file is damaged. */
function openWhole(path: string): SpendLedger | undefined {
  let ledger: SpendLedger | undefined;
  try {
    ledger = new SpendLedger(path);
    if (ledger.isWhole()) return ledger;
    ledger.close();
    return undefined;
  } catch (error) {
    ledger?.close();
    const code = sqliteErrorCode(error);
    if (code !== sqliteCorrupt && code !== sqliteNotADatabase) throw error;
    return undefined;
  }
}

async function readAllJournals(ledger: SpendLedger, runsDirectory: string): Promise<void> {
  for (const { runId } of await listJournals(runsDirectory)) {
    const entries = await readIfThere(runsDirectory, runId);
    ledger.record(callsOf(runId, entries));
  }
}

async function readIfThere(runsDirectory: string, runId: string): Promise<readonly JournalEntry[]> {
  try {
    return await readJournal(journalPath(runsDirectory, runId));
  } catch (error) {
    // Another process may prune it between the listing and the reading.
    if (error instanceof AgentError && error.code === "RUN_NOT_FOUND") return [];
    throw error;
  }
}

/** The answered calls of a journal; what a recording answered cost nothing. */
export function callsOf(runId: string, entries: readonly JournalEntry[]): SpentCall[] {
  const started = entries.find((entry) => entry.type === "run-started");
  const options = Object(started?.options);
  const skill = typeof options.skill === "string" ? options.skill : "";
  return entries.flatMap((entry) => {
    if (entry.type !== "model-answered" || entry.answer.isRecorded === true) return [];
    const { role, order, answer } = entry;
    const { model, promptTokens, outputTokens, durationMs: timeMs, money = null } = answer;
    const day = localDay(new Date(entry.at));
    const cost = { promptTokens, outputTokens, timeMs, money };
    return [{ runId, role, order, skill, day, model, ...cost }];
  });
}

/**
 * Counts what runs hold that no process works on: what their journals say was answered with its cost,
 * the rest with the most that it can have cost.
 * True when there were any.
 */
export async function freeDeadRuns(ledger: SpendLedger, runsDirectory: string): Promise<boolean> {
  let hasFreed = false;
  for (const runId of ledger.holders()) {
    if (await isRunLocked(runsDirectory, runId)) continue;
    ledger.record(callsOf(runId, await readIfThere(runsDirectory, runId)));
    ledger.settleRun(runId);
    hasFreed = true;
  }
  return hasFreed;
}
