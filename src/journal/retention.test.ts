import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DirectiveStatus } from "../shared/events.ts";
import type { JournalEntry } from "./journal.ts";
import { journalLine } from "./journal-lines.ts";
import { listJournals } from "./list-journals.ts";
import { pruneJournals } from "./retention.ts";
import { openRunJournal } from "./run-journal.ts";

let runsDirectory: string;
beforeEach(async () => {
  runsDirectory = await mkdtemp(join(tmpdir(), "runs-"));
});
afterEach(() => rm(runsDirectory, { recursive: true }));

const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();

async function writeRun(runId: string, day: number, ...ends: (DirectiveStatus | "resumed")[]) {
  const entries: JournalEntry[] = [
    {
      type: "run-started",
      at: at(day),
      schemaVersion: 1,
      runId,
      goal: `goal ${runId}`,
      options: { language: "python" },
      settings: {},
    },
    {
      type: "event",
      at: at(day),
      event: {
        type: "run-started",
        runId,
        goal: "g",
        skill: `skill_${runId}`,
        language: "python",
        model: "m",
        maxIterations: 12,
        resumed: false,
        firstAttemptModelCalls: 4,
      },
    },
    { type: "step-recorded", at: at(day), step: "big", order: 0, value: "x".repeat(10_000) },
    ...ends.map(
      (end): JournalEntry =>
        end === "resumed"
          ? { type: "run-resumed", at: at(day) }
          : { type: "run-finished", at: at(day), status: end },
    ),
  ];
  await writeFile(join(runsDirectory, `${runId}.jsonl`), entries.map(journalLine).join(""));
}

describe("listJournals", () => {
  it("listJournals() gives goal, skill and status, newest first", async () => {
    await writeRun("a", 1, "completed");
    await writeRun("b", 3);
    await writeRun("c", 2, "waiting");
    await writeRun("d", 4, "waiting", "resumed", "failed");
    await writeRun("e", 5, "cancelled", "resumed");
    await writeFile(join(runsDirectory, "broken.jsonl"), "{ not a journal");
    await writeFile(join(runsDirectory, "notes.txt"), "mine");
    const runs = await listJournals(runsDirectory);
    expect(runs.map((run) => [run.runId, run.status, run.isFinished])).toEqual([
      ["e", "running", false],
      ["d", "failed", true],
      ["b", "running", false],
      ["c", "waiting", false],
      ["a", "completed", true],
    ]);
    expect(runs[0]).toMatchObject({ goal: "goal e", skill: "skill_e", startedAt: at(5) });
  });

  it("listJournals() is empty when the folder is missing", async () => {
    expect(await listJournals(join(runsDirectory, "none"))).toEqual([]);
  });
});

describe("pruneJournals", () => {
  const prune = (keepRuns: number, keepRunDays: number, day = 40) =>
    pruneJournals({ runsDirectory, keepRuns, keepRunDays, now: new Date(at(day)) });

  it("pruneJournals() keeps the newest finished runs and every unfinished one", async () => {
    for (let day = 1; day <= 6; day += 1) await writeRun(`done${day}`, day, "completed");
    await writeRun("cut", 1);
    await writeRun("waits", 1, "waiting");
    expect((await prune(2, 1_000)).toSorted()).toEqual(["done1", "done2", "done3", "done4"]);
    const left = (await listJournals(runsDirectory)).map((run) => run.runId).toSorted();
    expect(left).toEqual(["cut", "done5", "done6", "waits"]);
  });

  it("pruneJournals() removes finished runs past their days", async () => {
    await writeRun("old", 1, "failed");
    await writeRun("new", 35, "completed");
    expect(await prune(100, 10)).toEqual(["old"]);
  });

  it("pruneJournals() leaves a run that is open", async () => {
    await writeRun("old", 1, "failed");
    const journal = await openRunJournal({ runsDirectory, runId: "old" });
    expect(await prune(1, 1)).toEqual([]);
    await journal.close();
    expect(await prune(1, 1)).toEqual(["old"]);
  });
});
