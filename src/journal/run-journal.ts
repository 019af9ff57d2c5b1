import { existsSync } from "node:fs";
import { copyFile, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { ChatAnswer } from "../shared/chat.ts";
import { type Clock, systemClock } from "../shared/clock.ts";
import { AgentError } from "../shared/errors.ts";
import type { Role } from "../shared/events.ts";
import { fileError } from "../shared/file-error.ts";
import type { JsonValue } from "../shared/json.ts";
import { acquireLock, type Lock } from "../shared/lock.ts";
import { AppendFile } from "./append-file.ts";
import type { JournalDamage, JournalEntry, RunJournal } from "./journal.ts";
import { journalLine, parseJournal } from "./journal-lines.ts";
import { JournalSeal } from "./journal-seal.ts";
import { requireKnownVersion } from "./known-version.ts";
import { describePromptDifference } from "./prompt-difference.ts";
import { journalPath, lockPath } from "./run-id.ts";

export interface OpenJournalOptions {
  readonly runsDirectory: string;
  readonly runId: string;
  /** False lets answers and steps reach the disk when the system likes; for tests. */
  readonly fsync?: boolean;
  readonly clock?: Clock;
  /** Of this installation; without it nothing is sealed, and whatever stands there is taken over. */
  readonly sealKey?: string;
}

type AnswerRequest = Parameters<RunJournal["answer"]>[0];

/**
 * Opens the journal of a run, new or old, and holds it until `close`. Half a line at the end is cut
 * off; when whole lines follow a broken one, or one was not written so by this installation, the file is
 * first kept as `ID.jsonl.damaged-TIME`.
 *
 * @throws {AgentError} ALREADY_RUNNING when another process, or this one, has it open;
 * USAGE for an id that is none; JOURNAL_DAMAGED for one that another installation began; WORKSPACE_READ_ONLY,
 * DISK_FULL.
 */
export async function openRunJournal(options: OpenJournalOptions): Promise<RunJournal> {
  const path = journalPath(options.runsDirectory, options.runId);
  await makeDirectory(dirname(lockPath(options.runsDirectory, options.runId)));
  const lock = await lockRun(options.runsDirectory, options.runId);
  const clock = options.clock ?? systemClock;
  try {
    const { sealKey, runId } = options;
    const seal = sealKey === undefined ? undefined : new JournalSeal(sealKey, runId);
    const found = await openFile(path, clock, seal);
    return new FileRunJournal({ ...options, ...found, path, lock, clock });
  } catch (error) {
    lock.release();
    throw fileError("Opening a run's journal", path, error);
  }
}

/** True while some process works on the run. */
export async function isRunLocked(runsDirectory: string, runId: string): Promise<boolean> {
  if (!existsSync(lockPath(runsDirectory, runId))) return false;
  try {
    const lock = await lockRun(runsDirectory, runId);
    lock.release();
    return false;
  } catch (error) {
    if (error instanceof AgentError && error.code === "ALREADY_RUNNING") return true;
    throw error;
  }
}

async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    throw fileError("Making the folder of the runs", path, error);
  }
}

async function lockRun(runsDirectory: string, runId: string): Promise<Lock> {
  try {
    return await acquireLock(lockPath(runsDirectory, runId), { waitMs: 0 });
  } catch (error) {
    if (!(error instanceof AgentError) || error.code !== "LOCK_TIMEOUT") throw error;
    throw new AgentError(
      "ALREADY_RUNNING",
      `Opening run ${runId}: another process is working on it; one at a time is wanted; wait for it to end, or stop it.`,
      { blame: "caller", isRetryable: true, cause: error },
    );
  }
}

interface OpenedFile {
  readonly file: AppendFile;
  readonly entries: readonly JournalEntry[];
  readonly damage?: JournalDamage;
}

async function openFile(path: string, clock: Clock, seal?: JournalSeal): Promise<OpenedFile> {
  const handle = await open(path, "a+").then(async (created) => {
    await created.close();
    return open(path, "r+");
  });
  try {
    const bytes = await handle.readFile();
    const parsed = parseJournal(bytes, seal);
    const action = `Opening the journal ${path}`;
    // Before anything is cut off: what looks broken here may be whole to the version that wrote it.
    requireKnownVersion(parsed.entries, action);
    if (seal !== undefined && parsed.entries.length === 0 && parsed.damage?.kind === "middle") {
      requireKnownVersion(parseJournal(bytes).entries, action);
      throw foreignError(path);
    }
    if (parsed.damage?.kind === "middle") {
      const time = clock.now().toISOString().replace(/[-:.]/g, "");
      await copyFile(path, `${path}.damaged-${time}`);
    }
    await handle.truncate(parsed.goodBytes);
    let size = parsed.goodBytes;
    if (parsed.lacksLineFeed) {
      await handle.write(Buffer.from("\n"), 0, 1, size);
      size += 1;
    }
    await handle.datasync();
    const file = new AppendFile(handle, path, size, seal);
    const { entries, damage } = parsed;
    return damage === undefined ? { file, entries } : { file, entries, damage };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function foreignError(path: string): AgentError {
  return new AgentError(
    "JOURNAL_DAMAGED",
    `Opening the journal ${path}: its first line is not as this installation wrote it, so that nobody knows whether what it says was tested here; a run of this installation is wanted; give its goal to a new run, with --model replay:${path} to use its answers.`,
    { blame: "environment" },
  );
}

interface Parts extends OpenedFile, OpenJournalOptions {
  readonly path: string;
  readonly lock: Lock;
  readonly clock: Clock;
}

class FileRunJournal implements RunJournal {
  readonly runId: string;
  readonly path: string;
  readonly entries: readonly JournalEntry[];
  readonly damage?: JournalDamage;
  readonly #parts: Parts;
  readonly #isDurable: boolean;
  readonly #steps = new Map<string, JsonValue>();
  readonly #answers = new Map<string, Extract<JournalEntry, { type: "model-answered" }>>();
  readonly #stepCounts = new Map<string, number>();

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#isDurable = parts.fsync ?? true;
    this.runId = parts.runId;
    this.path = parts.path;
    this.entries = parts.entries;
    if (parts.damage !== undefined) this.damage = parts.damage;
    for (const entry of parts.entries) this.#remember(entry);
  }

  async step<T>(step: string, work: () => Promise<T> | T): Promise<T> {
    const order = this.#stepCounts.get(step) ?? 0;
    this.#stepCounts.set(step, order + 1);
    const recorded = this.#steps.get(keyOf(step, order));
    if (recorded !== undefined) return structuredClone(recorded) as T;
    try {
      const value = asJson(await work());
      await this.append({ type: "step-recorded", at: this.#now(), step, order, value });
      return value as T;
    } catch (error) {
      // A step that failed left nothing behind: its number goes to the next try, as in a replay.
      if (this.#stepCounts.get(step) === order + 1) this.#stepCounts.set(step, order);
      throw error;
    }
  }

  async answer(
    request: AnswerRequest,
    work: () => Promise<ChatAnswer>,
  ): Promise<{ answer: ChatAnswer; replayed: boolean }> {
    const recorded = this.#answers.get(keyOf(request.role, request.order));
    if (recorded !== undefined) return { answer: replay(recorded, request), replayed: true };
    const answer = await work();
    const { role, order, messages, format, seed, leftOut = [] } = request;
    await this.append({
      type: "model-answered",
      at: this.#now(),
      role,
      order,
      messages,
      ...(format === undefined ? {} : { format }),
      ...(seed === undefined ? {} : { seed }),
      ...(leftOut.length === 0 ? {} : { leftOut }),
      answer,
    });
    return { answer, replayed: false };
  }

  /** Everything but events is on disk when this resolves; events are in order, with the next of the others. */
  async append(entry: JournalEntry): Promise<void> {
    await this.#parts.file.append(journalLine(entry), this.#isDurable && entry.type !== "event");
    this.#remember(entry);
  }

  isRemoved(): Promise<boolean> {
    return this.#parts.file.isRemoved();
  }

  async close(): Promise<void> {
    try {
      await this.#parts.file.close(this.#isDurable);
    } finally {
      this.#parts.lock.release();
    }
  }

  #remember(entry: JournalEntry): void {
    if (entry.type === "step-recorded") {
      remember(this.#steps, keyOf(entry.step, entry.order), entry.value);
    }
    if (entry.type === "model-answered") {
      remember(this.#answers, keyOf(entry.role, entry.order), entry);
    }
  }

  #now(): string {
    return this.#parts.clock.now().toISOString();
  }
}

/** What a replay would get, so that the first pass already works with the same. */
function asJson(value: unknown): JsonValue {
  return value === undefined ? null : (JSON.parse(JSON.stringify(value)) as JsonValue);
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}

function keyOf(name: Role | string, order: number): string {
  return `${order} ${name}`;
}

function replay(
  recorded: Extract<JournalEntry, { type: "model-answered" }>,
  request: AnswerRequest,
): ChatAnswer {
  const difference = describePromptDifference(recorded.messages, request.messages);
  const { promptDifference: _earlier, ...answer } = recorded.answer;
  return difference === undefined ? answer : { ...answer, promptDifference: difference };
}
