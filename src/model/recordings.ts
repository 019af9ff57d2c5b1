import { readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import type { JournalEntry } from "../journal/journal.ts";
import { requireKnownVersion } from "../journal/known-version.ts";
import { readJournal } from "../journal/read-journal.ts";
import { AgentError, systemErrorCode } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import { normalizeGoal } from "../shared/goal.ts";
import type { JsonValue, Language } from "../shared/json.ts";

export type RecordedAnswer = Extract<JournalEntry, { type: "model-answered" }>;

/** The recorded answers of one run. */
export interface Recording {
  readonly path: string;
  readonly goal: string;
  /** The goal's and those of its other wordings, normalised. */
  readonly normalizedGoals: readonly string[];
  /** Undefined when the journal does not say. */
  readonly language?: Language;
  /** Says who gave the answers; shown wherever they are. */
  readonly label: string;
  readonly answers: ReadonlyMap<string, RecordedAnswer>;
}

/**
 * Reads journals, files or folders of `*.jsonl` files. A journal that is broken further down counts
 * with what stands before.
 *
 * @throws {AgentError} RECORDING_NOT_FOUND when a path does not exist, holds no journal, or a
 * journal has no beginning or no answer.
 */
export async function readRecordings(paths: readonly string[]): Promise<Recording[]> {
  const files = (await Promise.all(paths.map(journalsAt))).flat();
  return Promise.all(files.map(readRecording));
}

async function journalsAt(path: string): Promise<string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => name.endsWith(".jsonl")).toSorted();
    return names.map((name) => join(path, name));
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw fileError("Opening a recording", path, error);
    throw notFound(path, "does not exist", error);
  }
}

function notFound(path: string, problem: string, cause?: unknown): AgentError {
  return new AgentError(
    "RECORDING_NOT_FOUND",
    `Opening a recording: ${path} ${problem}; the journal of a run is wanted, runs/ID.jsonl in the workspace; correct the path after "replay:".`,
    { blame: "caller", cause },
  );
}

async function readRecording(path: string): Promise<Recording> {
  const entries = await readJournal(path);
  const started = entries.find((entry) => entry.type === "run-started");
  if (started === undefined) throw notFound(path, "has no beginning of a run");
  requireKnownVersion(entries, `Opening the recording ${path}`);
  const answers = answersOf(entries);
  const [first] = answers.values();
  if (first === undefined) throw notFound(path, "holds no answer of a model");
  const language = languageOf(started.options);
  const label =
    started.recordingLabel ??
    `answers of ${first.answer.model}, recorded ${started.at.slice(0, 10)} in ${basename(path)}`;
  return {
    path,
    goal: started.goal,
    normalizedGoals: [started.goal, ...aliasesOf(started.options)].map(normalizeGoal),
    label,
    answers,
    ...(language === undefined ? {} : { language }),
  };
}

function answersOf(entries: readonly JournalEntry[]): Map<string, RecordedAnswer> {
  const answers = new Map<string, RecordedAnswer>();
  for (const entry of entries) {
    if (entry.type !== "model-answered") continue;
    const key = answerKey(entry.role, entry.order);
    if (!answers.has(key)) answers.set(key, entry);
  }
  return answers;
}

export function answerKey(role: string, order: number): string {
  return `${role} ${order}`;
}

/** Other wordings, which recordings that ship with the package may name. */
function aliasesOf(options: JsonValue): string[] {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return [];
  const aliases = options["aliases"];
  return Array.isArray(aliases) ? aliases.filter((one) => typeof one === "string") : [];
}

function languageOf(options: JsonValue): Language | undefined {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return undefined;
  const language = options["language"];
  return language === "python" || language === "typescript" ? language : undefined;
}

/** Finds the recording of a goal, in any wording `normalizeGoal` takes for the same. */
export function findRecording(
  recordings: readonly Recording[],
  goal: string,
  language: Language | undefined,
): Recording | undefined {
  const wanted = normalizeGoal(goal);
  return recordings.find(
    (recording) =>
      recording.normalizedGoals.includes(wanted) &&
      (language === undefined ||
        recording.language === undefined ||
        recording.language === language),
  );
}
