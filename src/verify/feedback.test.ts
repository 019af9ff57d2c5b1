import { describe, expect, it } from "vitest";
import type { Contract } from "./contract.ts";
import { summarizeCase } from "./describe-case.ts";
import { failureKind, failureSummary, feedbackForCoder } from "./feedback.ts";
import type { Case, Suite } from "./suite.ts";
import type { CaseFinding, Verdict } from "./verdict.ts";

const contract: Contract = {
  name: "validator",
  language: "python",
  description: "",
  entry: "validate",
  parameters: [],
  result: {},
  errors: [],
  capabilities: [],
  files: { reads: [], makes: [] },
};
const base = { files: [], filesAfter: [], origin: "model", why: "" } as const;
const open: Case = {
  ...base,
  id: "c1",
  args: ["{}"],
  sealed: false,
  kind: "returns",
  expected: true,
};
const other: Case = { ...open, id: "c2", args: ["["], why: "no end" };
const sealed: Case = {
  ...base,
  id: "c3",
  args: ["SECRET-ARGUMENT"],
  sealed: true,
  kind: "returns",
  expected: "SECRET-RESULT",
};
const suite: Suite = { cases: [open, other, sealed] };

function finding(testCase: Case, passed: boolean, durationMs = 5): CaseFinding {
  return {
    caseId: testCase.id,
    passed,
    sealed: testCase.sealed,
    ...(passed ? {} : { failure: "unexpected-error" as const }),
    detail: testCase.sealed ? "expected SECRET-RESULT" : "expected true, got KeyError: x",
    outcome: {
      kind: "raised",
      errorType: "KeyError",
      errorBases: [],
      message: testCase.sealed ? "SECRET-ARGUMENT" : "x",
      trace: testCase.sealed ? "SECRET-TRACE" : 'line 3, in validate\n  data["x"]',
      printed: testCase.sealed ? "SECRET-PRINT" : "debug\u001b[31m",
      durationMs,
    },
  };
}

const verdictOf = (findings: CaseFinding[], more: Partial<Verdict> = {}): Verdict => ({
  passed: false,
  findings,
  runtime: "r",
  backend: "b",
  ...more,
});

describe("feedbackForCoder()", () => {
  it("feedbackForCoder() states call, expected, got, trace and prints of open failures", () => {
    const text = feedbackForCoder(
      verdictOf([finding(open, true), finding(other, false)]),
      suite,
      contract,
    );
    expect(text).toBe(`1 of 2 visible cases passed.

FAILED validate("[") => true
  unexpected-error: expected true, got KeyError: x
  why this must hold: no end
  raised at:
    line 3, in validate
      data["x"]
  printed:
    debug\\u001b[31m`);
  });

  it("feedbackForCoder() and failureSummary() tell nothing of sealed cases but kind and count", () => {
    const verdict = verdictOf([finding(open, true), finding(other, true), finding(sealed, false)]);
    const text = feedbackForCoder(verdict, suite, contract);
    expect(text).toContain("1 hidden case failed (1 of kind returns)");
    expect(text + failureSummary(verdict)).not.toContain("SECRET");
    expect(failureSummary(verdict)).toBe("all visible cases passed, 1 hidden case failed");
    expect(failureKind(verdict)).toBe("hidden-case");
    expect(summarizeCase(sealed, "validate")).toEqual({ kind: "returns", origin: "model" });
  });

  it("feedbackForCoder() is the same whatever the durations were", () => {
    const text = (durationMs: number) =>
      feedbackForCoder(verdictOf([finding(open, false, durationMs)]), suite, contract);
    expect(text(1)).toBe(text(9_999));
  });

  it("feedbackForCoder() reports a module that does not load", () => {
    const verdict = verdictOf([finding(open, false)], {
      loadFailure: "loading x.py: SyntaxError: no",
    });
    expect(feedbackForCoder(verdict, suite, contract)).toContain("SyntaxError: no");
    expect(failureSummary(verdict)).toBe("loading x.py: SyntaxError: no");
    expect(failureKind(verdict)).toBe("load-failure");
  });

  it("feedbackForCoder() stays bounded when many cases fail with much text", () => {
    const cases = Array.from({ length: 60 }, (_, index): Case => ({ ...open, id: `c${index}` }));
    const findings = cases.map((testCase): CaseFinding => {
      const plain = finding(testCase, false);
      return {
        ...plain,
        detail: "d".repeat(50_000),
        outcome: { ...plain.outcome, printed: "p".repeat(50_000) },
      };
    });
    const text = feedbackForCoder(verdictOf(findings), { cases }, contract);
    expect(text.length).toBeLessThan(12_000);
    expect(text).toContain("54 more visible cases failed");
    expect(failureSummary(verdictOf(findings)).length).toBeLessThanOrEqual(400);
  });

  it("feedbackForCoder() is empty for a verdict that passed", () => {
    const verdict = verdictOf([finding(open, true)], { passed: true });
    expect([feedbackForCoder(verdict, suite, contract), failureSummary(verdict)]).toEqual(["", ""]);
    expect(failureKind(verdict)).toBeUndefined();
  });
});
