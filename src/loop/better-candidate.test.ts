import { describe, expect, it } from "vitest";
import type { CaseFinding } from "../verify/verdict.ts";
import { betterCandidate } from "./better-candidate.ts";
import { type BestCandidate, initialState, type LoopState } from "./state.ts";

function findingsOf(passed: readonly string[], failed: readonly string[]): CaseFinding[] {
  const outcome = { kind: "returned", value: 0, printed: "", durationMs: 1 } as const;
  const finding = (caseId: string, isPassed: boolean): CaseFinding => ({
    caseId,
    passed: isPassed,
    sealed: false,
    detail: "",
    outcome,
  });
  return [...passed.map((id) => finding(id, true)), ...failed.map((id) => finding(id, false))];
}

/** The best after attempts that passed and failed these cases, one string of digits each. */
function bestOf(attempts: readonly (readonly [string, string])[]): BestCandidate | null {
  return attempts.reduce<BestCandidate | null>((best, [passed, failed], index) => {
    const attempt = index + 1;
    const state: LoopState = {
      ...initialState,
      best,
      attempt,
      candidate: { source: `${attempt}`, codeDigest: "", treeDigest: "" },
      verdict: {
        passed: false,
        findings: findingsOf([...passed], [...failed]),
        runtime: "r",
        backend: "b",
      },
    };
    return betterCandidate(state);
  }, null);
}

describe("betterCandidate()", () => {
  it.each<[string, readonly (readonly [string, string])[], number]>([
    [
      "the first of two that are alike",
      [
        ["12", "3"],
        ["12", "3"],
      ],
      1,
    ],
    [
      "the one that passed more",
      [
        ["1", "23"],
        ["12", "3"],
      ],
      2,
    ],
    [
      "the earlier one when a later is worse",
      [
        ["12", "3"],
        ["1", "23"],
      ],
      1,
    ],
    [
      "the earlier one when a later could not be loaded",
      [
        ["1", "2"],
        ["", "12"],
      ],
      1,
    ],
    [
      "one that got as far as sealed cases",
      [
        ["12", "3"],
        ["123", "4"],
      ],
      2,
    ],
    // The suite has grown by 4, 5 and 6: neither is judged by cases that only one was tried on.
    [
      "one better on the old cases though it fails new ones",
      [
        ["1", "23"],
        ["12", "3456"],
      ],
      2,
    ],
    [
      "the earlier one when a later passes new cases, but fewer old ones",
      [
        ["12", "3"],
        ["1456", "23"],
      ],
      1,
    ],
    [
      "one that is tested at all",
      [
        ["", ""],
        ["1", "2"],
      ],
      2,
    ],
  ])("betterCandidate() keeps %s", (_name, attempts, kept) => {
    expect(bestOf(attempts)?.attempt).toBe(kept);
  });

  it("betterCandidate() keeps none that was refused or repeated", () => {
    for (const kind of ["refused", "repeated"] as const) {
      const candidate = { source: "x", codeDigest: "", treeDigest: "" };
      const problem = { kind, detail: "" };
      expect(betterCandidate({ ...initialState, candidate, problem })).toBeNull();
    }
  });
});
