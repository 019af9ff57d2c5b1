import { describe, expect, it } from "vitest";
import { mutationScore, mutationShortage } from "./mutation-score.ts";

describe("mutationScore", () => {
  it("mutationScore() is the share of those that count, and null when none does", () => {
    expect(mutationScore(3, 1)).toBe(0.75);
    expect(mutationScore(0, 0)).toBeNull();
  });
});

describe("mutationShortage", () => {
  it.each([
    ["undefined", { killed: 8, survived: 2, unknown: 10 }, undefined],
    ["none-made", { killed: 0, survived: 0, unknown: 0 }, "none-made"],
    ["none-noticed", { killed: 0, survived: 0, unknown: 3 }, "none-noticed"],
    ["too-few-noticed", { killed: 7, survived: 3, unknown: 0 }, "too-few-noticed"],
    ["mostly-unknown", { killed: 8, survived: 2, unknown: 11 }, "mostly-unknown"],
    ["undefined", { killed: 8, survived: 2, unknown: 11, trivial: 1 }, undefined],
    ["only-trivial", { killed: 0, survived: 0, unknown: 0, trivial: 9 }, "only-trivial"],
    ["none-noticed", { killed: 0, survived: 0, unknown: 1, trivial: 9 }, "none-noticed"],
    ["too-few-noticed", { killed: 0, survived: 1, unknown: 0, trivial: 9 }, "too-few-noticed"],
  ])("mutationShortage() is %s when the counts are %j", (_what, counts, shortage) => {
    expect(mutationShortage(counts, 0.8)).toBe(shortage);
  });
});
