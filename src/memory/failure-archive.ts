import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import type { FailureRecord, RecalledFailure } from "./memory.ts";
import { failureKey } from "./memory-records.ts";
import { toSearchExpression, toSearchText } from "./search-text.ts";

/** Milliseconds that SQLite itself waits for another process in the middle of a commit. */
const BUSY_TIMEOUT_MS = 10_000;
/** Above any score of the search, so that failures of the same skill come first. */
const SAME_SKILL_SCORE = 1_000_000;
const FORMAT_VERSION = 1;

// DELETE with EXTRA: a commit survives a power cut, and no second file stays beside this one.
const SETTINGS = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA";
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS failures (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    skill TEXT NOT NULL,
    timestamp TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    record TEXT NOT NULL
  ) STRICT;
  CREATE INDEX IF NOT EXISTS failures_by_skill ON failures (skill, timestamp DESC, attempt DESC);
  CREATE VIRTUAL TABLE IF NOT EXISTS failure_text USING fts5 (
    goal, error, content = '', tokenize = 'porter unicode61 remove_diacritics 2'
  );
  PRAGMA user_version = ${FORMAT_VERSION}`;

/**
 * Every failure ever recorded, searchable; `memory.json` keeps the newest beside it. A failure is
 * known by its content, so adding one again changes nothing.
 */
export class FailureArchive {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #insertText: StatementSync;
  readonly #ofSkill: StatementSync;
  readonly #similar: StatementSync;

  /** Opens or creates the file; the caller holds the memory's lock. Throws SQLite's own errors. */
  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    try {
      this.#database.exec(SETTINGS);
      if (this.#userVersion() < FORMAT_VERSION) this.#transact(() => this.#database.exec(SCHEMA));
      this.#insert = this.#database.prepare(
        "INSERT OR IGNORE INTO failures (key, skill, timestamp, attempt, record) VALUES (?, ?, ?, ?, ?)",
      );
      this.#insertText = this.#database.prepare(
        "INSERT INTO failure_text (rowid, goal, error) VALUES (?, ?, ?)",
      );
      this.#ofSkill = this.#database.prepare(
        "SELECT record FROM failures WHERE skill = ? ORDER BY timestamp DESC, attempt DESC, id DESC LIMIT ?",
      );
      this.#similar = this.#database.prepare(
        `SELECT f.record AS record, t.score AS score FROM (
           SELECT rowid, bm25(failure_text, 2.0, 1.0) AS score FROM failure_text
           WHERE failure_text MATCH ? ORDER BY score LIMIT ?
         ) t JOIN failures f ON f.id = t.rowid WHERE f.skill <> ? ORDER BY t.score`,
      );
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /** Adds those that are not there yet; they are on disk when this returns. */
  add(failures: readonly FailureRecord[]): void {
    if (failures.length === 0) return;
    this.#transact(() => {
      for (const failure of failures) this.#addOne(failure);
    });
  }

  #addOne(failure: FailureRecord): void {
    const values: SQLInputValue[] = [
      failureKey(failure),
      failure.skill,
      failure.timestamp,
      Math.trunc(failure.attempt),
      JSON.stringify(failure),
    ];
    const { changes, lastInsertRowid } = this.#insert.run(...values);
    if (Number(changes) === 0) return;
    this.#insertText.run(lastInsertRowid, toSearchText(failure.goal), toSearchText(failure.error));
  }

  /** The skill's own failures, newest first, then those of similar goals, nearest first. */
  recall(query: { goal: string; skill: string }, limit: number): RecalledFailure[] {
    const own = this.#ofSkill.all(query.skill, limit).map((row, index) => ({
      failure: recordOf(row),
      score: SAME_SKILL_SCORE - index,
    }));
    const expression = toSearchExpression(query.goal);
    if (own.length >= limit || expression === undefined) return own;
    // The skill's own failures match its goal too and are taken out again: ask for as many more.
    const similar = this.#similar
      .all(expression, limit + own.length, query.skill)
      .map((row) => ({ failure: recordOf(row), score: -Number(row["score"]) }));
    return [...own, ...similar].slice(0, limit);
  }

  /** The newest failures of every skill, oldest first; for restoring a damaged memory. */
  newest(perSkill: number): FailureRecord[] {
    const rows = this.#database
      .prepare(
        `SELECT record FROM (
           SELECT record, timestamp, id, row_number() OVER (
             PARTITION BY skill ORDER BY timestamp DESC, attempt DESC, id DESC
           ) AS place FROM failures
         ) WHERE place <= ? ORDER BY timestamp, id`,
      )
      .all(perSkill);
    return rows.map((row) => recordOf(row));
  }

  close(): void {
    this.#database.close();
  }

  #userVersion(): number {
    return Number(this.#database.prepare("PRAGMA user_version").get()?.["user_version"]);
  }

  #transact(work: () => void): void {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#database.exec("COMMIT");
    } catch (error) {
      // A full disk makes SQLite roll back by itself; a second ROLLBACK would hide that error.
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function recordOf(row: Record<string, unknown>): FailureRecord {
  return JSON.parse(String(row["record"]));
}
