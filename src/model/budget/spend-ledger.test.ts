import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configSchema } from "../../config/schema.ts";
import type { Budget, SpentCall } from "./amounts.ts";
import { localDay, newComparisonId } from "./amounts.ts";
import type { WorstCase } from "./judge-call.ts";
import { SpendLedger } from "./spend-ledger.ts";

const today = "2026-11-27";
let folder = "";
let path = "";
const opened: SpendLedger[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-ledger-"));
  path = join(folder, "spend.sqlite");
});

afterEach(async () => {
  for (const ledger of opened.splice(0)) ledger.close();
  await rm(folder, { recursive: true, force: true });
});

/** Another process's view of the same file. */
function open(): SpendLedger {
  const ledger = new SpendLedger(path);
  opened.push(ledger);
  return ledger;
}

function call(changes: Partial<SpentCall> = {}): SpentCall {
  return {
    runId: "run-1",
    role: "coder",
    order: 0,
    skill: "adds_one",
    day: today,
    model: "m",
    promptTokens: 60,
    outputTokens: 40,
    timeMs: 1_000,
    money: 0.5,
    ...changes,
  };
}

function budget(changes: object): Budget {
  return configSchema.parse({ budget: changes }).budget;
}

const worst: WorstCase = {
  promptTokens: 60,
  outputTokens: 400,
  leastOutputTokens: 40,
  price: { inputPerMillion: 0, outputPerMillion: 10_000 },
};
const key = (runId: string, order = 0) => {
  const call = { role: "coder", order, skill: "adds_one", model: "m" };
  return { runId, ...call };
};

describe("SpendLedger", () => {
  it("record() counts an answered call once, however often and by whomever it is told", () => {
    const [one, other] = [open(), open()];
    one.record([call()]);
    one.record([call(), call({ day: "2026-11-28" })]);
    other.record([call()]);
    other.record([call({ order: 1 }), call({ role: "tester" }), call({ runId: "run-2" })]);
    for (const ledger of [one, other]) {
      expect(ledger.spent("library", "", today)).toEqual({
        tokens: 400,
        requests: 4,
        timeMs: 4_000,
        money: 2,
      });
      expect(ledger.spent("directive", "run-1", today)).toMatchObject({ requests: 3 });
    }
  });

  it("hold() grants what every budget has room for, and holds the answer to what is left", () => {
    const ledger = open();
    const limits = budget({ directive: { tokens: 300 } });
    expect(ledger.hold(key("run-1"), today, worst, budget({}))).toMatchObject({
      outputTokens: 400,
    });
    expect(ledger.hold(key("run-1"), today, worst, limits)).toEqual({
      kind: "granted",
      outputTokens: 240,
      tokens: 300,
      money: 2.4,
    });
    ledger.record([call()]);
    expect(ledger.hold(key("run-1", 1), today, worst, limits)).toMatchObject({ outputTokens: 140 });
    ledger.record([call({ order: 1 })]);
    expect(ledger.hold(key("run-1", 2), today, worst, limits)).toMatchObject({ outputTokens: 40 });
    ledger.record([call({ order: 2, outputTokens: 41 })]);
    expect(ledger.hold(key("run-1", 3), today, worst, limits)).toEqual({
      kind: "reached",
      shortage: { scope: "directive", kind: "tokens", limit: 300, spent: 301, worstCase: 100 },
    });
  });

  it.each([
    ["tokens", { tokens: 199 }, 100],
    ["requests", { requests: 1 }, 1],
    ["timeMs", { timeMs: 1_000 }, 1],
    ["money", { money: 0.89 }, 0.4],
  ] as const)(
    "hold() refuses a call that could pass the %s of a day or a library",
    (kind, limits, least) => {
      const ledger = open();
      ledger.record([call()]);
      for (const scope of ["day", "library"] as const) {
        const judgement = ledger.hold(key("run-9"), today, worst, budget({ [scope]: limits }));
        expect(judgement).toMatchObject({
          kind: "reached",
          shortage: { scope, kind, worstCase: least },
        });
      }
      const own = budget({ directive: limits });
      expect(ledger.hold(key("run-9"), today, worst, own)).toMatchObject({ kind: "granted" });
    },
  );

  it("hold() lets two that ask at once not pass the day together: the second waits for the first", () => {
    const [one, other] = [open(), open()];
    const limits = budget({ day: { tokens: 500 } });
    expect(one.hold(key("run-1"), today, worst, limits)).toMatchObject({ tokens: 460 });
    expect(other.hold(key("run-2"), today, worst, limits)).toEqual({ kind: "busy" });
    one.record([call()]);
    expect(other.hold(key("run-2"), today, worst, limits)).toMatchObject({ tokens: 400 });
    other.release(key("run-2"));
    expect(one.holders()).toEqual([]);
  });

  it("timeLeftMs() counts what calls under way have taken, those of other processes too", () => {
    const [one, other] = [open(), open()];
    const limits = budget({ day: { timeMs: 10_000 } });
    one.hold(key("run-1"), today, worst, limits);
    other.hold(key("run-2"), today, worst, limits);
    one.touch(key("run-1"), 4_000);
    expect(other.timeLeftMs(key("run-2"), today, limits)).toBe(6_000);
    one.recordUnanswered(call({ timeMs: 4_500 }));
    one.recordUnanswered(call({ timeMs: 500 }));
    expect(other.timeLeftMs(key("run-2"), today, limits)).toBe(5_000);
    expect(other.spent("day", "", today)).toMatchObject({ requests: 2, timeMs: 5_000 });
  });

  it("recordUnanswered() counts each try beside the answer of a later one, whoever tells that again", () => {
    const ledger = open();
    for (const promptTokens of [60, 70]) {
      ledger.hold(key("run-1"), today, worst, budget({}));
      ledger.recordUnanswered(call({ promptTokens, outputTokens: 0, money: 0.1 }));
    }
    ledger.hold(key("run-1"), today, worst, budget({}));
    ledger.record([call()]);
    ledger.record([call()]);
    expect(ledger.spent("directive", "run-1", today)).toEqual({
      tokens: 230,
      requests: 3,
      timeMs: 3_000,
      money: 0.7,
    });
    expect(ledger.holders()).toEqual([]);
  });

  it("record() counts an answer that was asked for again after a damaged journal lost the first", () => {
    const ledger = open();
    for (const outputTokens of [40, 50]) {
      ledger.hold(key("run-1"), today, worst, budget({}));
      ledger.record([call({ outputTokens })]);
      ledger.record([call({ outputTokens })]);
    }
    expect(ledger.spent("library", "", today)).toMatchObject({ tokens: 210, requests: 2 });
  });

  it("settleRun() counts what is held as one request with the most it can have cost, and of that run only", () => {
    const ledger = open();
    const price = { inputPerMillion: 1_000, outputPerMillion: 1_000 };
    ledger.hold(key("run-1"), today, { ...worst, price }, budget({}));
    ledger.touch(key("run-1"), 700);
    ledger.hold(key("run-1", 1), today, { ...worst, price: undefined }, budget({}));
    ledger.hold(key("run-2"), today, worst, budget({}));
    ledger.settleRun("run-1");
    ledger.settleRun("run-1");
    expect(ledger.holders()).toEqual(["run-2"]);
    const counted = { tokens: 920, requests: 2, timeMs: 700, money: 0.46 };
    expect(ledger.spent("day", "", today)).toEqual(counted);
    expect(ledger.skillCosts()).toMatchObject([{ skill: "adds_one", runs: 1, money: null }]);
  });

  it("hold() counts all comparisons with one run as one directive, and no other run's", () => {
    const [one, other] = [open(), open()];
    const limits = budget({ directive: { requests: 2 } });
    const [first, second, third] = [1, 2, 3].map(() => key(newComparisonId("run-1"))) as [
      ReturnType<typeof key>,
      ReturnType<typeof key>,
      ReturnType<typeof key>,
    ];
    for (const comparison of [first, second]) {
      one.hold(comparison, today, worst, limits);
      expect(other.hold(third, today, worst, limits).kind).not.toBe("reached");
      other.release(third);
      one.record([call({ runId: comparison.runId })]);
    }
    expect(other.hold(third, today, worst, limits)).toMatchObject({
      kind: "reached",
      shortage: { scope: "directive", spent: 2 },
    });
    for (const runId of ["run-1", newComparisonId("run-11")]) {
      expect(other.hold(key(runId), today, worst, limits)).toMatchObject({ kind: "granted" });
    }
  });

  it("SpendLedger() refuses what a newer version wrote, and does not change it", () => {
    const database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(() => open()).toThrow(/has version 99, written by a newer version/);
    const again = new DatabaseSync(path);
    expect(again.prepare("PRAGMA user_version").get()).toEqual({ user_version: 99 });
    again.close();
  });

  it("hold() grants nothing where what it holds cannot be written", () => {
    const ledger = open();
    const other = new DatabaseSync(path);
    other.exec("DROP TABLE held_calls");
    other.close();
    expect(() => ledger.hold(key("run-1"), today, worst, budget({}))).toThrow(
      expect.objectContaining({
        code: "INTERNAL",
        message: expect.stringMatching(/^Counting what model calls cost: .*spend\.sqlite failed/),
      }),
    );
  });

  it("hold() keeps a day's budget though two processes spend from it at once", async () => {
    open().finish();
    const limits = budget({ day: { tokens: 3_000 } });
    const child = fileURLToPath(new URL("./testing/spending-child.ts", import.meta.url));
    const granted = await Promise.all(
      ["run-1", "run-2"].map(async (runId) => {
        const args = ["--no-warnings", child, path, runId, today, JSON.stringify(limits)];
        const { stdout } = await promisify(execFile)(process.execPath, args);
        return Number(stdout);
      }),
    );
    expect(granted.reduce((sum, calls) => sum + calls)).toBe(30);
    expect(open().spent("day", "", today)).toMatchObject({ tokens: 3_000, requests: 30 });
  });

  it("SpendLedger() keeps what an earlier version counted", () => {
    const database = new DatabaseSync(path);
    database.exec(`
      CREATE TABLE spent (
        run_id TEXT NOT NULL, role TEXT NOT NULL, call_order INTEGER NOT NULL,
        skill TEXT NOT NULL, day TEXT NOT NULL, model TEXT NOT NULL, requests INTEGER NOT NULL,
        prompt_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL, time_ms INTEGER NOT NULL,
        money REAL, PRIMARY KEY (run_id, role, call_order)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE held (run_id TEXT) STRICT;
      INSERT INTO spent VALUES ('run-1', 'coder', 0, 'adds_one', '${today}', 'm', 1, 60, 40, 9, 0);
      PRAGMA user_version = 1`);
    database.close();
    const ledger = open();
    expect(ledger.hold(key("run-1", 1), today, worst, budget({}))).toMatchObject({
      kind: "granted",
    });
    expect(ledger.spent("library", "", today)).toMatchObject({ tokens: 100, requests: 1 });
  });

  it("hold() counts a later day's calls today, since the clock was set back, and not for ever", () => {
    const ledger = open();
    ledger.record([call({ day: "2026-11-28" }), call({ day: "2027-11-28", order: 1 })]);
    const limits = budget({ day: { requests: 2 } });
    expect(ledger.hold(key("run-2"), today, worst, limits)).toMatchObject({ kind: "reached" });
    const tomorrow = "2026-11-28";
    expect(ledger.hold(key("run-2"), tomorrow, worst, limits)).toMatchObject({ kind: "granted" });
    expect(ledger.spent("day", "", tomorrow)).toMatchObject({ requests: 1 });
    expect(ledger.spent("library", "", tomorrow)).toMatchObject({ requests: 2 });
  });

  it("skillCosts() sums over all runs of a skill; money is null where a price was not known", () => {
    const ledger = open();
    ledger.record([
      call(),
      call({ runId: "run-2" }),
      call({ runId: "run-3", skill: "other", money: null }),
      call({ runId: "run-3", skill: "other", order: 1 }),
    ]);
    expect(ledger.skillCosts()).toEqual([
      {
        skill: "adds_one",
        runs: 2,
        requests: 2,
        promptTokens: 120,
        outputTokens: 80,
        timeMs: 2_000,
        money: 1,
      },
      expect.objectContaining({ skill: "other", runs: 1, requests: 2, money: null }),
    ]);
  });
});

describe("localDay", () => {
  it("localDay() is the calendar day where this machine stands", () => {
    expect(localDay(new Date(2026, 10, 7, 0, 0, 1))).toBe("2026-11-07");
    expect(localDay(new Date(2026, 10, 7, 23, 59, 59))).toBe("2026-11-07");
  });
});
