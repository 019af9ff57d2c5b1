import { describe, expect, it } from "vitest";
import type { Evidence } from "../verify/evidence.ts";
import type { Case } from "../verify/suite.ts";
import { sampleCertificate } from "../verify/testing/sample-certificate.ts";
import { adviceOn, missingProof } from "./missing-evidence.ts";

const { suite, contract } = sampleCertificate();
const whole: Evidence = {
  strength: "proven",
  stubs: [{ stub: "returns-nothing", failedCases: 3 }],
  flakiness: { runs: 3, varied: [], quarantined: [] },
  mutation: {
    ...{ made: 10, killed: 8, survived: [], unknown: [], equivalent: 2, score: 1, minimum: 0.8 },
    ...{ generatedInputs: 40, seed: 1, rounds: 0 },
  },
  removedCases: [],
  stepsOff: [],
};
const survivor = (line: number) => ({
  operator: "boundary" as const,
  line,
  before: "n < 10",
  after: "n <= 10",
});

describe("missingProof()", () => {
  it("missingProof() is empty when the suite was tested and held", () => {
    expect(missingProof(suite, whole)).toEqual([]);
    expect(missingProof(suite, undefined)).toEqual([]);
  });

  it("missingProof() names each change that no case notices, by line", () => {
    const survived = Array.from({ length: 12 }, (_, index) => survivor(index + 1));
    const mutation = {
      ...whole.mutation,
      killed: 4,
      survived,
      score: 0.25,
    } as Evidence["mutation"];
    const missing = missingProof(suite, { ...whole, ...(mutation ? { mutation } : {}) });
    expect(missing[0]).toBe(
      "4 of 16 changes of the code are noticed (0.25, at least 0.8 is wanted)",
    );
    expect(missing[1]).toBe("line 1 with n <= 10 in place of n < 10: no case notices");
    expect(missing).toHaveLength(12);
    expect(missing.at(-1)).toBe("and 2 more changes that no case notices");
  });

  it("missingProof() names stubs that pass, cases that waver, and too few cases", () => {
    const { mutation: _mutation, ...untried } = whole;
    const byClock =
      "it depends on the clock, take day or time as an argument: at 2032-02-29 23:30 UTC, a Sunday (run 3 of 3, on cpython-3.11/native): result: expected 1, got 2";
    const missing = missingProof(
      { cases: suite.cases.slice(0, 2) },
      {
        ...untried,
        stepsOff: ["mutants"],
        stubs: [{ stub: "returns-constant", failedCases: 0 }],
        flakiness: {
          ...whole.flakiness,
          quarantined: [
            { caseId: "c2", detail: "1\nor 2" },
            { caseId: "c3", detail: byClock },
          ],
        },
      },
    );
    expect(missing).toEqual([
      "2 of the 3 cases that are wanted at least; add more",
      "a program that returns always the same passes every case; add one that it fails",
      "case c2 does not come out the same each time: 1 or 2",
      `case c3 does not come out the same each time: ${byClock}`,
    ]);
  });

  it.each([
    [
      "none could be made",
      { made: 0, killed: 0, score: null },
      "no change of the code could be made",
    ],
    [
      "most show on no input",
      { killed: 3, unknown: Array(4).fill(survivor(1)) },
      "4 changes of the code show on no input that was tried, more than the 3 that do",
    ],
  ])("missingProof() is not content with mutants when %s", (_when, change, wanted) => {
    const evidence = { ...whole, mutation: { ...whole.mutation, ...change } } as Evidence;
    expect(missingProof(suite, evidence)).toEqual([expect.stringContaining(wanted)]);
  });

  it("missingProof() says what ended the code itself where its changes are not noticed", () => {
    const deaths = [{ reason: "timeout", inputs: 10, example: [0] }] as const;
    const change = { killed: 0, score: null, unknown: [survivor(1)] };
    const mutation = { ...whole.mutation, ...change, unanswered: { tried: 10, deaths } };
    expect(missingProof(suite, { ...whole, mutation } as Evidence)).toEqual([
      "none of 1 changes of the code is noticed; add cases for other inputs",
      "no answer to 10 of 10 generated inputs (10 too slow, as for [0])",
    ]);
  });

  it("missingProof() wants mutants when they were on and there are none", () => {
    const { mutation: _mutation, ...untried } = whole;
    expect(missingProof(suite, untried)).toEqual(["no mutants could be made of the code"]);
  });

  it("missingProof() lets a stub pass where every case is exact and enough mutants are noticed", () => {
    const evidence: Evidence = {
      ...whole,
      stubs: [{ stub: "returns-first-argument", failedCases: 0 }],
    };
    const returning = { ...suite.cases[0], kind: "returns", expected: 1 } as Case;
    const property = { ...suite.cases[0], kind: "property", expression: "result" } as Case;
    const exact = { cases: [returning, returning, returning] };
    expect(missingProof(exact, evidence)).toEqual([]);
    expect(missingProof({ cases: [...exact.cases, property] }, evidence)).toHaveLength(1);
    const few = { ...evidence, mutation: { ...evidence.mutation, score: 0.5 } } as Evidence;
    expect(missingProof(exact, few)[0]).toContain("returns its first argument passes every case");
  });
});

describe("adviceOn()", () => {
  it("adviceOn() names errors that no case raises, and that nothing is sealed", () => {
    expect(adviceOn(suite, contract)).toEqual([]);
    const open = suite.cases.filter(({ kind }) => kind !== "raises");
    const unsealed = open.map((one) => ({ ...one, sealed: false }));
    expect(adviceOn({ cases: unsealed }, contract)).toEqual([
      "no case raises TypeError",
      expect.stringContaining("no case is sealed"),
    ]);
    expect(adviceOn({ cases: unsealed }, { ...contract, errors: [] })[0]).toContain("wrong input");
  });
});
