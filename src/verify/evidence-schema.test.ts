import { describe, expect, it } from "vitest";
import { mutationOperators } from "../syntax/mutant.ts";
import type { Evidence } from "./evidence.ts";
import { evidenceSchema } from "./evidence-schema.ts";

/** Does not compile when `Evidence` gets a field that is not here. */
const whole: Required<Evidence> = {
  strength: "proven strictly",
  stubs: [
    { stub: "returns-nothing", failedCases: 1 },
    { stub: "returns-constant", failedCases: 2 },
    { stub: "returns-first-argument", failedCases: 0 },
  ],
  flakiness: {
    runs: 3,
    varied: ["hash seed"],
    clocks: ["2032-02-29T23:30:00Z"],
    quarantined: [{ caseId: "c1", detail: "wavers" }],
  },
  mutation: {
    made: 30,
    killed: 20,
    survived: mutationOperators.map((operator) => ({ operator, line: 1, before: "a", after: "" })),
    unknown: [],
    equivalent: 1,
    score: null,
    minimum: 0.8,
    generatedInputs: 40,
    unanswered: { tried: 30, deaths: [{ reason: "timeout", inputs: 2, example: ["a"] }] },
    seed: 7,
    rounds: 3,
  },
  agreement: {
    programs: 3,
    behaviours: 2,
    agreement: 0.95,
    decisiveInputs: 12,
    sources: ["another model"],
  },
  removedCases: [{ caseId: "c2", text: "f(1) => 2", reason: "a trial" }],
  sampled: { cases: 500, of: 10_000, mutantCases: 7_000 },
  stepsOff: ["analysis"],
};

describe("evidenceSchema", () => {
  it("evidenceSchema takes every field of Evidence, and no other", () => {
    expect(evidenceSchema.parse(whole)).toEqual(whole);
    expect(evidenceSchema.safeParse({ ...whole, more: 1 }).success).toBe(false);
    const { mutation: _mutation, agreement: _agreement, ...least } = whole;
    expect(evidenceSchema.safeParse(least).success).toBe(true);
  });
});
