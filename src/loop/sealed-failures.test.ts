import { describe, expect, it } from "vitest";
import type { Case } from "../verify/suite.ts";
import type { CaseFinding, Verdict } from "../verify/verdict.ts";
import { countSealedFailures, replaceSealed, spentCases } from "./sealed-failures.ts";

function caseOf(id: string, sealed: boolean): Case {
  const parts = { files: [], filesAfter: [], origin: "model", why: "" } as const;
  return { ...parts, kind: "returns", id, args: [id], expected: 0, sealed };
}

function verdictOf(failed: readonly string[], passed: readonly string[] = []): Verdict {
  const outcome = { kind: "returned", value: 0, printed: "", durationMs: 1 } as const;
  const finding = (caseId: string, isPassed: boolean): CaseFinding => ({
    caseId,
    passed: isPassed,
    sealed: caseId.startsWith("s"),
    detail: "",
    outcome,
  });
  const findings = [
    ...failed.map((id) => finding(id, false)),
    ...passed.map((id) => finding(id, true)),
  ];
  return { passed: false, findings, runtime: "r", backend: "b" };
}

describe("countSealedFailures()", () => {
  it("countSealedFailures() counts failed sealed cases only, once an attempt", () => {
    const first = countSealedFailures({}, verdictOf(["o1", "s1"], ["s2"]));
    expect(first).toEqual({ s1: 1 });
    const onTwoRuntimes = { ...verdictOf(["s1", "s2"]), earlier: [verdictOf(["s1"])] };
    expect(countSealedFailures(first, onTwoRuntimes)).toEqual({ s1: 2, s2: 1 });
    expect(countSealedFailures(first, null)).toEqual(first);
  });
});

describe("spentCases()", () => {
  it("spentCases() gives sealed cases that failed twice, the worst first, and no open one", () => {
    const suite = {
      cases: [caseOf("s1", true), caseOf("s2", true), caseOf("s3", true), caseOf("s4", false)],
    };
    const counts = { s1: 2, s2: 1, s3: 3, s4: 5 };
    expect(spentCases(suite, counts).map(({ id }) => id)).toEqual(["s3", "s1"]);
  });
});

describe("replaceSealed()", () => {
  it("replaceSealed() keeps every case and id, opens the spent and adds the fresh", () => {
    const [one, other] = [caseOf("s1", true), caseOf("s2", true)];
    const replaced = replaceSealed({ cases: [one, other] }, [one], [caseOf("c3", true)]);
    expect(replaced.cases.map(({ id, sealed }) => [id, sealed])).toEqual([
      ["s1", false],
      ["s2", true],
      ["c3", true],
    ]);
  });
});
