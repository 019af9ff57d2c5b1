import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { systemErrorCode } from "../shared/errors.ts";
import type { DirectiveStatus } from "../shared/events.ts";
import { fileError } from "../shared/file-error.ts";
import type { JsonValue } from "../shared/json.ts";
import type { JournalEntry } from "./journal.ts";
import { parseJournal } from "./journal-lines.ts";
import { journalPath } from "./run-id.ts";

export interface JournalSummary {
  readonly runId: string;
  readonly path: string;
  readonly goal: string;
  /** The skill's name; empty when the run ended before it had one. */
  readonly skill: string;
  readonly options: JsonValue;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  /** `running` when the journal has no end: some process works on it, or it was cut off. */
  readonly status: DirectiveStatus;
  /** False for a run that can be resumed: cut off, or waiting for a person. */
  readonly isFinished: boolean;
  /** Absent while it is not finished. */
  readonly finishedAt?: string;
  readonly recordingLabel?: string;
}

type Started = Extract<JournalEntry, { type: "run-started" }>;

/** Lines that begin or end a run, told from their first bytes; the long ones are not parsed. */
const marker = /"type"\s*:\s*"run-(?:started|resumed|finished)"/;
const markerBytes = 160;

/** Returns the runs whose journals have a readable beginning, newest first. */
export async function listJournals(runsDirectory: string): Promise<JournalSummary[]> {
  const found: JournalSummary[] = [];
  for (const name of await journalNames(runsDirectory)) {
    const summary = await findJournal(runsDirectory, basename(name, ".jsonl"));
    if (summary !== undefined) found.push(summary);
  }
  return found.sort(
    (a, b) => compareText(b.startedAt, a.startedAt) || compareText(b.runId, a.runId),
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

async function journalNames(runsDirectory: string): Promise<string[]> {
  try {
    const names = await readdir(runsDirectory);
    return names.filter((name) => /^[a-z0-9][a-z0-9_-]{0,99}\.jsonl$/.test(name));
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return [];
    throw fileError("Listing the runs", runsDirectory, error);
  }
}

/**
 * What the beginning and the end of a run's journal say; undefined where there is none that can be read.
 *
 * @throws {AgentError} USAGE when it is no run's id.
 */
export async function findJournal(
  runsDirectory: string,
  runId: string,
): Promise<JournalSummary | undefined> {
  const path = journalPath(runsDirectory, runId);
  try {
    return summarize(runId, path, markersOf(await readFile(path)));
  } catch (error) {
    // Another process may prune it between the listing and the reading.
    if (systemErrorCode(error) === "ENOENT") return undefined;
    throw fileError("Listing the runs", path, error);
  }
}

function markersOf(bytes: Buffer): readonly JournalEntry[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(10, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    const head = bytes.toString("latin1", start, Math.min(end, start + markerBytes));
    if (marker.test(head)) lines.push(bytes.subarray(start, end));
    start = end;
  }
  return parseJournal(Buffer.concat(lines)).entries;
}

function summarize(
  runId: string,
  path: string,
  entries: readonly JournalEntry[],
): JournalSummary | undefined {
  const started = entries.find((entry): entry is Started => entry.type === "run-started");
  if (started === undefined) return undefined;
  const { goal, options, recordingLabel } = started;
  const end = endOf(entries);
  return {
    runId,
    path,
    goal,
    skill: skillOf(entries),
    options,
    startedAt: started.at,
    ...end,
    ...(recordingLabel === undefined ? {} : { recordingLabel }),
  };
}

function endOf(
  entries: readonly JournalEntry[],
): Pick<JournalSummary, "status" | "isFinished" | "finishedAt"> {
  const last = entries.findLast(
    (entry) => entry.type === "run-finished" || entry.type === "run-resumed",
  );
  if (last?.type !== "run-finished") return { status: "running", isFinished: false };
  if (last.status === "waiting") return { status: "waiting", isFinished: false };
  return { status: last.status, isFinished: true, finishedAt: last.at };
}

function skillOf(entries: readonly JournalEntry[]): string {
  for (const entry of entries) {
    if (entry.type === "event" && entry.event.type === "run-started") return entry.event.skill;
  }
  return "";
}
