import { describe, expect, it } from "vitest";
import type { Evidence, MutationEvidence } from "../verify/evidence.ts";
import { sampleCertificate } from "../verify/testing/sample-certificate.ts";
import { evidenceChecks, unrepeatedChecks, weakerSettings } from "./evidence-checks.ts";

const { suite, policy } = sampleCertificate();
const mutation: MutationEvidence = {
  ...{ made: 10, killed: 8, survived: [], unknown: [], equivalent: 2, score: 1, minimum: 0.8 },
  ...{ generatedInputs: 40, seed: 1, rounds: 0 },
};
const survivor = { operator: "boundary", line: 3, before: "n < 1", after: "n <= 1" } as const;
const whole: Evidence = {
  strength: "proven",
  stubs: [{ stub: "returns-nothing", failedCases: 3 }],
  flakiness: { runs: 3, varied: [], quarantined: [] },
  mutation,
  removedCases: [],
  stepsOff: [],
};

describe("evidenceChecks()", () => {
  it("evidenceChecks() has a line a step, and says of a large suite what was used", () => {
    const survived = [survivor];
    const sampled = { cases: 500, of: 10_000, mutantCases: 7_000 };
    const evidence = {
      ...whole,
      mutation: { ...mutation, survived, score: 8 / 9 },
      sampled,
    };
    expect(evidenceChecks(suite, evidence)).toEqual([
      { part: "stubs", state: "holds", detail: "all 1 fail" },
      {
        ...{ part: "flake runs", state: "holds" },
        detail: "the same verdicts in 3 runs of 500 of the cases",
      },
      {
        ...{ part: "mutants", state: "holds" },
        detail: "8 of 9 noticed; those left were tried on 7000 of 10000 cases",
      },
    ]);
  });

  it("evidenceChecks() lists survivors beneath the share, and leaves out steps that did not run", () => {
    const weak = { ...mutation, killed: 1, survived: [survivor], score: 0.5 };
    const flakiness = { runs: 1, varied: [], quarantined: [] };
    expect(evidenceChecks(suite, { ...whole, stubs: [], flakiness, mutation: weak })).toEqual([
      {
        ...{ part: "mutants", state: "fails" },
        detail: "1 of 2 changes of the code are noticed (0.50, at least 0.8 is wanted)",
        more: ["line 3 with n <= 1 in place of n < 1: no case notices"],
      },
    ]);
  });
});

describe("unrepeatedChecks()", () => {
  it("unrepeatedChecks() names what is recorded and was not repeated, and nothing else", () => {
    const { mutation: _mutation, ...less } = whole;
    const flakiness = { runs: 1, varied: [], quarantined: [] };
    const agreement = {
      ...{ programs: 3, behaviours: 1, agreement: 1, decisiveInputs: 4, sources: [] },
    };
    const found = unrepeatedChecks({ ...whole, agreement }, { ...less, flakiness });
    expect(found.map(({ part, state }) => `${part} ${state}`)).toEqual([
      "agreement skipped",
      "mutants skipped",
      "flake runs skipped",
    ]);
    expect(unrepeatedChecks(whole, whole)).toEqual([]);
    expect(unrepeatedChecks(undefined, whole)).toEqual([]);
  });
});

describe("weakerSettings()", () => {
  it("weakerSettings() names each setting that asks for more now", () => {
    const now = { ...policy, maxMutants: 30, flakeRuns: 3, minMutationScore: 0.8 };
    expect(weakerSettings(now, now)).toEqual([]);
    expect(weakerSettings({ ...now, maxMutants: 60, minMutationScore: 0.9 }, now)).toEqual([]);
    expect(weakerSettings({ ...now, maxMutants: 0, flakeRuns: 1 }, now)).toEqual([
      "at most 0 mutants, 30 are tried here",
      "flake runs 1, here 3",
    ]);
    expect(weakerSettings({ ...now, minMutationScore: 0.5 }, now)).toEqual([
      "a mutation score of 0.5, here 0.8",
    ]);
    expect(weakerSettings({ limits: policy.limits }, now)).toHaveLength(2);
  });
});
