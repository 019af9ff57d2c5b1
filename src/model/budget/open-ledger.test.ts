import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configSchema } from "../../config/schema.ts";
import { openRunJournal } from "../../journal/run-journal.ts";
import type { ChatAnswer } from "../../shared/chat.ts";
import { systemClock } from "../../shared/clock.ts";
import { localDay } from "./amounts.ts";
import { freeDeadRuns, openLedger } from "./open-ledger.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "autodidact-ledger-"));
});

afterEach(() => rm(root, { recursive: true, force: true }));

function open() {
  const onWarning = () => {};
  const runsDirectory = join(root, "runs");
  return openLedger({ workspaceRoot: root, runsDirectory, clock: systemClock, onWarning });
}

/** A journal with one answer of 70 tokens, as a process that worked on the run left it. */
async function openJournal(runId: string, changes: Partial<ChatAnswer> = {}) {
  const runsDirectory = join(root, "runs");
  const journal = await openRunJournal({ runsDirectory, runId, fsync: false });
  await journal.append({
    type: "run-started",
    at: "2026-11-20T10:00:00.000Z",
    schemaVersion: 1,
    runId,
    goal: "g",
    options: { skill: "adds_one" },
    settings: {},
  });
  const usage = { promptTokens: 50, outputTokens: 20, durationMs: 30, firstTokenMs: 1 };
  await journal.answer({ role: "coder", order: 0, messages: [] }, async () => ({
    text: "x",
    thinking: "",
    model: "m",
    ...usage,
    ...changes,
  }));
  return journal;
}

describe("openLedger", () => {
  it("openLedger() counts what the journals hold where there was none; what a recording answered is free", async () => {
    await (await openJournal("run-1", { money: 0.25 })).close();
    await (await openJournal("run-2", { isRecorded: true })).close();
    const ledger = await open();
    expect(ledger.skillCosts()).toMatchObject([
      { skill: "adds_one", runs: 1, requests: 1, promptTokens: 50, money: 0.25 },
    ]);
    // On the day on which it was answered.
    expect(ledger.spent("day", "", localDay(new Date()))).toMatchObject({ requests: 1 });
    ledger.close();
  });

  it("openLedger() makes a ledger anew that is damaged behind its first page, and keeps the old", async () => {
    await (await openJournal("run-1")).close();
    (await open()).close();
    const path = join(root, "spend.sqlite");
    const file = await readFile(path);
    await writeFile(path, file.fill(0xa5, 4_096));
    const ledger = await open();
    expect(ledger.spent("library", "", "2026-11-27")).toMatchObject({ tokens: 70 });
    ledger.close();
    const kept = (await readdir(root)).filter((name) => name.startsWith("spend.sqlite.damaged-"));
    expect(kept).toHaveLength(1);
  });

  it.each([
    ["a trigger", "CREATE TRIGGER t AFTER INSERT ON spent BEGIN DELETE FROM spent; END"],
    ["an index that lets one call a run in", "CREATE UNIQUE INDEX i ON spent (run_id)"],
    ["tokens below nothing", "UPDATE spent SET prompt_tokens = -1000000"],
    [
      "a held call below nothing",
      "INSERT INTO held_calls VALUES ('r', 'coder', 0, 's', '2026-11-27', 'm', 0, 0, -9, 0, 0)",
    ],
  ])("openLedger() makes a ledger anew into which a stranger put %s", async (_title, sql) => {
    await (await openJournal("run-1")).close();
    (await open()).close();
    const database = new DatabaseSync(join(root, "spend.sqlite"));
    database.exec(sql);
    database.close();
    const ledger = await open();
    expect(ledger.spent("library", "", "2026-11-27")).toMatchObject({ tokens: 70 });
    expect(ledger.holders()).toEqual([]);
    ledger.close();
  });

  it("openLedger() follows no link", async () => {
    await symlink(join(root, "another.sqlite"), join(root, "spend.sqlite"));
    await expect(open()).rejects.toMatchObject({ code: "PATH_OUTSIDE_WORKSPACE" });
    expect(await readdir(root)).not.toContain("another.sqlite");
  });

  it("openLedger() keeps what was spent although its journal is gone", async () => {
    await (await openJournal("run-1")).close();
    (await open()).close();
    await rm(join(root, "runs"), { recursive: true });
    const ledger = await open();
    expect(ledger.spent("library", "", "2026-11-27")).toMatchObject({ tokens: 70 });
    ledger.close();
  });
});

describe("freeDeadRuns", () => {
  const { budget } = configSchema.parse({ budget: { day: { tokens: 100 } } });
  const worst = { promptTokens: 10, outputTokens: 90, leastOutputTokens: 20, price: undefined };
  const today = "2026-11-27";

  it("freeDeadRuns() counts what a killed run was answered and was asking, and leaves who still works", async () => {
    const ledger = await open();
    const dead = await openJournal("run-dead");
    const call = { role: "coder", order: 0, skill: "adds_one", model: "m" };
    const key = { ...call, runId: "run-dead" };
    expect(ledger.hold(key, today, worst, budget)).toMatchObject({ kind: "granted" });
    const other = { ...call, runId: "run-live" };
    expect(ledger.hold(other, today, worst, budget)).toEqual({ kind: "busy" });
    expect(await freeDeadRuns(ledger, join(root, "runs"))).toBe(false);
    // The lock goes with the process; the answer stands in the journal, not in the ledger.
    await dead.close();
    expect(await freeDeadRuns(ledger, join(root, "runs"))).toBe(true);
    expect(ledger.spent("library", "", today)).toMatchObject({ tokens: 70, requests: 1 });
    expect(ledger.hold(other, today, worst, budget)).toMatchObject({ outputTokens: 20 });
    // What it was asking when it was killed stands in no journal, and counts with all that it held.
    ledger.release(other);
    ledger.hold({ ...key, order: 1 }, today, worst, budget);
    expect(await freeDeadRuns(ledger, join(root, "runs"))).toBe(true);
    expect(ledger.spent("library", "", today)).toMatchObject({ tokens: 100, requests: 2 });
    ledger.close();
  });
});
