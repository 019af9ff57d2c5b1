import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRunJournal } from "../journal/run-journal.ts";
import type { DirectiveRecord } from "../memory/memory.ts";
import { listRuns, showRun } from "./list-runs.ts";
import type { Parts } from "./parts.ts";
import { readMemory } from "./read-memory.ts";

const at = "2026-01-01T00:00:00.000Z";
const runId = "20260101-000000000-abcdefgh";
let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "runs-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const directive = (run: string): DirectiveRecord => ({
  ...{ id: run, run_id: run, goal: "g", skill: "s", status: "running" },
  ...{ created_at: at, updated_at: at },
});

/** A workspace whose memory says of each run that it is under way. */
function partsOf(runs: readonly string[]): Parts {
  const file = { version: 1, schemaVersion: 1, skills: [], failures: [] };
  const parts = {
    workspace: async () => ({ root, skills: root, runs: root, exec: root }),
    memory: async () => ({ read: async () => ({ ...file, directives: runs.map(directive) }) }),
    skills: async () => ({ list: async () => [] }),
  };
  return parts as unknown as Parts;
}

describe("listRuns(), showRun() and readMemory()", () => {
  it("listRuns() and readMemory() say running while a process works on it, then pending", async () => {
    const parts = partsOf([runId]);
    const statuses = async () => [
      (await listRuns(parts)).map(({ status }) => status),
      (await readMemory(parts)).directives.map(({ status }) => status),
    ];
    const journal = await openRunJournal({ runsDirectory: root, runId, fsync: false });
    const started = { type: "run-started", schemaVersion: 1, runId, goal: "g" } as const;
    await journal.append({ ...started, at, options: {}, settings: {} });
    expect(await statuses()).toEqual([["running"], ["running"]]);
    await journal.close();
    expect(await statuses()).toEqual([["pending"], ["pending"]]);
  });

  it("showRun() tells of a line that was damaged in the middle", async () => {
    const line = JSON.stringify({ type: "run-started", at, schemaVersion: 1, runId, goal: "g" });
    const end = JSON.stringify({ type: "run-finished", at, status: "completed" });
    await writeFile(join(root, `${runId}.jsonl`), `${line}\n{"type":"ev\n${end}\n`);
    const damages: unknown[] = [];
    const entries = await showRun(partsOf([]), runId, (damage) => damages.push(damage));
    expect(entries.map(({ type }) => type)).toEqual(["run-started"]);
    expect(damages).toMatchObject([{ kind: "middle", line: 2 }]);
  });

  it("readMemory() takes no run's id for a path", async () => {
    const { directives } = await readMemory(partsOf(["../x", ""]));
    expect(directives.map(({ status }) => status)).toEqual(["pending", "pending"]);
  });
});
