import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { FailureArchive } from "./failure-archive.ts";
import type { FailureRecord } from "./memory.ts";

let folder = "";
let archive: FailureArchive;

function failure(index: number, values: Partial<FailureRecord> = {}): FailureRecord {
  return {
    skill: `skill_${index % 10}`,
    error: `ValueError: case ${index}`,
    code_snippet: "return None",
    timestamp: new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString(),
    goal: `Create a converter of kind ${index % 10}`,
    attempt: index,
    kind: "case-failed",
    run_id: "r",
    ...values,
  };
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "archive-"));
  archive = new FailureArchive(join(folder, "archive.sqlite"));
});

afterEach(async () => {
  archive.close();
  await rm(folder, { recursive: true, force: true });
});

describe("FailureArchive", () => {
  it("add() takes a failure once, and tells apart those that differ in one field", () => {
    archive.add([failure(1), failure(1), failure(1, { error: "other" })]);
    archive.add([failure(1), failure(1, { run_id: "s" })]);
    expect(archive.recall({ goal: "", skill: "skill_1" }, 100)).toHaveLength(3);
  });

  it("add() keeps fields that are not ours, also when opened again", () => {
    const marked = { ...failure(1), note: "mine" };
    archive.add([marked]);
    archive.close();
    archive = new FailureArchive(join(folder, "archive.sqlite"));
    expect(archive.recall({ goal: "", skill: "skill_1" }, 1)[0]?.failure).toEqual(marked);
  });

  it("recall() fills the limit with similar goals when the skill's own are few", () => {
    archive.add(Array.from({ length: 1_000 }, (_, index) => failure(index)));
    archive.add([failure(0, { skill: "mine" })]);
    const recalled = archive.recall({ goal: "Convert kind 3", skill: "mine" }, 20);
    expect(recalled).toHaveLength(20);
    expect(recalled[0]?.failure.skill).toBe("mine");
    expect(recalled.slice(1).every((one) => one.failure.skill === "skill_3")).toBe(true);
  });

  it("recall() leaves the skill's own out of the similar ones", () => {
    archive.add(Array.from({ length: 30 }, (_, index) => failure(index, { skill: "mine" })));
    archive.add([failure(100, { skill: "theirs", goal: "Create a converter" })]);
    const recalled = archive.recall({ goal: "Create a converter of kind 1", skill: "mine" }, 40);
    expect(recalled.map((one) => one.failure.skill)).toEqual([
      ...Array.from({ length: 30 }, () => "mine"),
      "theirs",
    ]);
  });

  it("newest() gives the newest of each skill, oldest first", () => {
    archive.add(Array.from({ length: 40 }, (_, index) => failure(39 - index)));
    const found = archive.newest(2);
    expect(found.map((one) => one.attempt)).toEqual(Array.from({ length: 20 }, (_, i) => 20 + i));
  });
});
