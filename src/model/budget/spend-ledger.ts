import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { isDeepStrictEqual } from "node:util";
import { AgentError } from "../../shared/errors.ts";
import { fileError } from "../../shared/file-error.ts";
import { moneyFor } from "../price.ts";
import {
  type Amounts,
  type Budget,
  type BudgetKind,
  type BudgetScope,
  type CallKey,
  directivePattern,
  type HeldCall,
  type SpentCall,
} from "./amounts.ts";
import { type Held, type Judgement, judgeCall, type WorstCase } from "./judge-call.ts";

/** Milliseconds that SQLite itself waits for another process in the middle of a commit. */
const busyTimeoutMs = 10_000;
const formatVersion = 2;
/** A row this many days ahead was written by a clock that was wrong. */
const daysAhead = 2;
const dayMs = 24 * 60 * 60 * 1_000;

// DELETE with EXTRA: a commit survives a power cut, and no second file stays beside this one.
const settings = "PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA";
const schema = `
  CREATE TABLE IF NOT EXISTS spent (
    run_id TEXT NOT NULL, role TEXT NOT NULL, call_order INTEGER NOT NULL,
    skill TEXT NOT NULL, day TEXT NOT NULL, model TEXT NOT NULL, requests INTEGER NOT NULL,
    prompt_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, time_ms INTEGER NOT NULL,
    money REAL, PRIMARY KEY (run_id, role, call_order)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS spent_by_day ON spent (day);
  DROP TABLE IF EXISTS held;
  CREATE TABLE IF NOT EXISTS held_calls (
    run_id TEXT NOT NULL, role TEXT NOT NULL, call_order INTEGER NOT NULL,
    skill TEXT NOT NULL, day TEXT NOT NULL, model TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL, prompt_money REAL,
    tokens INTEGER NOT NULL, money REAL NOT NULL, elapsed_ms INTEGER NOT NULL,
    PRIMARY KEY (run_id, role, call_order)
  ) STRICT, WITHOUT ROWID`;

const madeOf = "SELECT type, name, sql FROM sqlite_schema ORDER BY name";

/** What one skill cost over all its runs. `money` is null where a price was not known. */
export interface SkillCost {
  readonly skill: string;
  readonly runs: number;
  readonly requests: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly timeMs: number;
  readonly money: number | null;
}

/**
 * What model calls cost in one workspace, each answered call once, each try without an answer beside
 * it, and what calls under way may cost at most. Every change is one transaction, so that it is whole
 * after a kill, and processes that work at once see one another's calls.
 *
 * @throws {AgentError} DISK_FULL, WORKSPACE_READ_ONLY, INTERNAL: no call may be made then.
 */
export class SpendLedger {
  readonly #database: DatabaseSync;
  /** True until `finish` has noted that the journals were read. */
  readonly isNew: boolean;
  readonly #path: string;

  /** @throws also SQLite's own errors, by which a damaged file is known. */
  constructor(path: string) {
    this.#path = path;
    this.#database = new DatabaseSync(path, { timeout: busyTimeoutMs });
    try {
      this.#database.exec(settings);
      const version = Number(this.#pragma("user_version"));
      if (version > formatVersion) throw newerError(path, version);
      this.isNew = version < formatVersion;
      if (this.isNew) this.#transact(() => this.#database.exec(schema));
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  /**
   * False for a file that is damaged behind its first page, and for a stranger's, who may have put there
   * what gives back what was spent: a trigger, or numbers below nothing. Reads all of it.
   *
   * @throws as the constructor does.
   */
  isWhole(): boolean {
    return this.#pragma("quick_check(1)") === "ok" && this.#isOwn() && !this.#hasCredit();
  }

  /** Notes that all journals have been read into it. */
  finish(): void {
    this.#guard(() => this.#database.exec(`PRAGMA user_version = ${formatVersion}`));
  }

  /**
   * Counts answered calls that are not counted yet, and lets go of what was held for them. An answer
   * for which something is held is a new one: it does not hide one that a damaged journal lost.
   */
  record(calls: readonly SpentCall[]): void {
    this.#transact(() => {
      for (const call of calls) this.#recordOne(call);
    });
  }

  /** Counts a request that may have been sent and brought no answer to keep. */
  recordUnanswered(call: SpentCall): void {
    this.#transact(() => this.#recordTry(call));
  }

  /**
   * Holds what a call may cost at most, if every budget has room for it. One transaction: of two
   * processes that ask at once, the second sees what the first holds.
   */
  hold(call: HeldCall, today: string, worst: WorstCase, budget: Budget): Judgement {
    return this.#transact(() => {
      this.#correctDays(today);
      const judgement = judgeCall(worst, budget, (scope) => this.#standing(scope, call, today));
      if (judgement.kind === "granted") {
        const { runId, role, order, skill, model } = call;
        const { promptTokens, price } = worst;
        this.#run("INSERT OR REPLACE INTO held_calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)", [
          ...[runId, role, order, skill, today, model],
          ...[Math.ceil(promptTokens), moneyFor(price, { promptTokens, outputTokens: 0 })],
          ...[judgement.tokens, judgement.money],
        ]);
      }
      return judgement;
    });
  }

  /** Tells how long a call under way has taken. */
  touch({ runId, role, order }: CallKey, elapsedMs: number): void {
    this.#run(
      "UPDATE held_calls SET elapsed_ms = ? WHERE run_id = ? AND role = ? AND call_order = ?",
      [Math.round(elapsedMs), runId, role, order],
    );
  }

  /** Lets go of what is held for a call that surely was not answered. */
  release({ runId, role, order }: CallKey): void {
    this.#run("DELETE FROM held_calls WHERE run_id = ? AND role = ? AND call_order = ?", [
      runId,
      role,
      order,
    ]);
  }

  /**
   * Counts what a run that is over, or begins anew, still holds: nobody knows what came of those calls,
   * so that each counts as one request with the most that it can have cost.
   */
  settleRun(runId: string): void {
    this.#transact(() => {
      for (const row of this.#rows("SELECT * FROM held_calls WHERE run_id = ?", [runId])) {
        const promptTokens = Number(row["prompt_tokens"]);
        this.#recordTry({
          runId,
          role: String(row["role"]),
          order: Number(row["call_order"]),
          skill: String(row["skill"]),
          day: String(row["day"]),
          model: String(row["model"]),
          promptTokens,
          outputTokens: Math.max(0, Number(row["tokens"]) - promptTokens),
          timeMs: Number(row["elapsed_ms"]),
          money: row["prompt_money"] === null ? null : Number(row["money"]),
        });
      }
    });
  }

  /** Runs for which something is held; some may have been killed. */
  holders(): readonly string[] {
    return this.#rows("SELECT DISTINCT run_id FROM held_calls", []).map((row) =>
      String(row["run_id"]),
    );
  }

  /** The milliseconds that every budget of time leaves, calls under way counted. */
  timeLeftMs(key: CallKey, today: string, budget: Budget): number {
    const left = Object.entries(budget).flatMap(([scope, { timeMs }]) => {
      if (timeMs === undefined) return [];
      const { spent, held } = this.#standing(scope as BudgetScope, key, today);
      return [timeMs - spent.timeMs - held.timeMs];
    });
    return Math.min(...left);
  }

  /** What one scope has spent; calls under way are not in it. */
  spent(scope: BudgetScope, runId: string, today: string): Amounts {
    return this.#standing(scope, { runId, role: "", order: -1 }, today).spent;
  }

  skillCosts(): readonly SkillCost[] {
    const rows = this.#rows(
      `SELECT skill, count(DISTINCT iif(run_id GLOB 'compare-*', NULL, run_id)) AS runs, sum(requests) AS requests,
         sum(prompt_tokens) AS prompt_tokens, sum(output_tokens) AS output_tokens,
         sum(time_ms) AS time_ms, sum(money) AS money, sum(money IS NULL) AS unpriced
       FROM spent GROUP BY skill ORDER BY skill`,
      [],
    );
    return rows.map((row) => ({
      skill: String(row["skill"]),
      runs: Number(row["runs"]),
      requests: Number(row["requests"]),
      promptTokens: Number(row["prompt_tokens"]),
      outputTokens: Number(row["output_tokens"]),
      timeMs: Number(row["time_ms"]),
      money: Number(row["unpriced"]) > 0 ? null : Number(row["money"] ?? 0),
    }));
  }

  close(): void {
    this.#database.close();
  }

  #isOwn(): boolean {
    const fresh = new DatabaseSync(":memory:");
    try {
      fresh.exec(schema);
      const found = this.#database.prepare(madeOf).all();
      return isDeepStrictEqual(found, fresh.prepare(madeOf).all());
    } finally {
      fresh.close();
    }
  }

  #hasCredit(): boolean {
    const { found } = this.#row(`SELECT
      EXISTS (SELECT 1 FROM spent
        WHERE min(requests, prompt_tokens, output_tokens, time_ms, coalesce(money, 0)) < 0) OR
      EXISTS (SELECT 1 FROM held_calls
        WHERE min(prompt_tokens, tokens, elapsed_ms, money) < 0) AS found`);
    return found !== 0;
  }

  #recordOne(call: SpentCall): void {
    const key = [call.runId, call.role, call.order];
    const isThisOne = "run_id = ? AND role = ? AND call_order = ?";
    const held = this.#rows(`SELECT 1 FROM held_calls WHERE ${isThisOne}`, key);
    if (held.length > 0) {
      this.#run(`UPDATE spent SET role = ? WHERE ${isThisOne}`, [this.#nextTry(call), ...key]);
    }
    this.#insert(call);
    this.release(call);
  }

  #recordTry(call: SpentCall): void {
    this.#insert({ ...call, role: this.#nextTry(call) });
    this.release(call);
  }

  /** The role under which one more try of a call stands, beside that of its answer. */
  #nextTry({ runId, role, order }: CallKey): string {
    const { tries } = this.#row(
      "SELECT count(*) AS tries FROM spent WHERE run_id = ? AND call_order = ? AND role GLOB ?",
      [runId, order, `${role}, try *`],
    );
    return `${role}, try ${Number(tries) + 1}`;
  }

  #insert(call: SpentCall): void {
    const { runId, role, order, skill, day, model, promptTokens, outputTokens, timeMs, money } =
      call;
    this.#run("INSERT OR IGNORE INTO spent VALUES (?, ?, ?, ?, ?, ?, 1, ?, ?, ?, ?)", [
      ...[runId, role, order, skill, day, model],
      ...[promptTokens, outputTokens, timeMs].map(Math.round),
      money,
    ]);
  }

  /**
   * Rows of a later day count for today too, since the clock may have been set back. Those far ahead
   * are given today's date, or they would count for ever.
   */
  #correctDays(today: string): void {
    const farAhead = new Date(Date.parse(`${today}T00:00:00Z`) + daysAhead * dayMs);
    const last = farAhead.toISOString().slice(0, today.length);
    this.#run("UPDATE spent SET day = ? WHERE day > ?", [today, last]);
  }

  #standing(scope: BudgetScope, key: CallKey, today: string): { spent: Amounts; held: Held } {
    const pattern = directivePattern(key.runId);
    const [spentWhere, values]: [string, SQLInputValue[]] =
      scope === "directive"
        ? ["run_id GLOB ?", [pattern]]
        : scope === "day"
          ? ["day >= ?", [today]]
          : ["1", []];
    const spent = this.#row(
      `SELECT coalesce(sum(prompt_tokens + output_tokens), 0) AS tokens,
         coalesce(sum(requests), 0) AS requests, coalesce(sum(time_ms), 0) AS time_ms,
         coalesce(sum(money), 0) AS money FROM spent WHERE ${spentWhere}`,
      values,
    );
    const held = this.#row(
      `SELECT coalesce(sum(tokens), 0) AS tokens, count(*) AS requests,
         coalesce(sum(elapsed_ms), 0) AS time_ms, coalesce(sum(money), 0) AS money
       FROM held_calls WHERE NOT (run_id = ? AND role = ? AND call_order = ?)
         ${scope === "directive" ? "AND run_id GLOB ?" : ""}`,
      [key.runId, key.role, key.order, ...(scope === "directive" ? [pattern] : [])],
    );
    return { spent: amountsOf(spent), held: amountsOf(held) };
  }

  #run(sql: string, values: readonly SQLInputValue[]): void {
    this.#guard(() => this.#database.prepare(sql).run(...values));
  }

  #rows(sql: string, values: readonly SQLInputValue[]): readonly Record<string, unknown>[] {
    return this.#guard(() => this.#database.prepare(sql).all(...values));
  }

  #row(sql: string, values: readonly SQLInputValue[] = []): Record<string, unknown> {
    return this.#rows(sql, values)[0] ?? {};
  }

  #pragma(name: string): unknown {
    return Object.values(this.#database.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  }

  #transact<T>(work: () => T): T {
    return this.#guard(() => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const result = work();
        this.#database.exec("COMMIT");
        return result;
      } catch (error) {
        // A full disk makes SQLite roll back by itself; a second ROLLBACK would hide that error.
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  #guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw fileError("Counting what model calls cost", this.#path, error);
    }
  }
}

function newerError(path: string, version: number): AgentError {
  return new AgentError(
    "CONFIG_INVALID",
    `Opening the ledger of what was spent: ${path} has version ${version}, written by a newer version of this program; at most ${formatVersion} can be read here; install the newer version, or set workspaceRoot to another folder.`,
    { blame: "caller" },
  );
}

function amountsOf(row: Record<string, unknown>): Amounts {
  const value = (kind: BudgetKind, column: string = kind) => Number(row[column]);
  return {
    tokens: value("tokens"),
    requests: value("requests"),
    timeMs: value("timeMs", "time_ms"),
    money: value("money"),
  };
}
