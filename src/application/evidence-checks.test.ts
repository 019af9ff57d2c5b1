import { describe, expect, it } from "vitest";
import type { Evidence, MutationEvidence } from "../verify/evidence.ts";
import { sampleCertificate } from "../verify/testing/sample-certificate.ts";
import { evidenceChecks, weakerSettings } from "./evidence-checks.ts";

const { suite, policy } = sampleCertificate();
const mutation: MutationEvidence = {
  ...{ made: 10, killed: 8, survived: [], unknown: [], equivalent: 2, score: 1, minimum: 0.8 },
  ...{ generatedInputs: 40, seed: 1, rounds: 0 },
};
const survivor = { operator: "boundary", line: 3, before: "n < 1", after: "n <= 1" } as const;
const once = { runs: 1, varied: [], quarantined: [] };
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
    const deaths = [
      { reason: "timeout", inputs: 2, example: [0, "a"] },
      { reason: "crashed", inputs: 1, example: [{ $float: "-0" }] },
    ] as const;
    const sampled = { cases: 500, of: 10_000, mutantCases: 7_000 };
    const evidence = {
      ...whole,
      mutation: { ...mutation, survived, score: 8 / 9, unanswered: { tried: 40, deaths } },
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
        detail:
          '8 of 9 noticed; those left were tried on 7000 of 10000 cases; no answer to 3 of 40 generated inputs (2 too slow, as for [0, "a"]; 1 crashed, as for [-0])',
      },
    ]);
  });

  it("evidenceChecks() lists survivors beneath the share, and says which steps were left out", () => {
    const weak = { ...mutation, killed: 1, survived: [survivor], score: 0.5 };
    const stepsOff = ["analysis", "flake runs"];
    const evidence = { ...whole, stubs: [], flakiness: once, mutation: weak, stepsOff };
    expect(evidenceChecks(suite, evidence)).toEqual([
      { part: "flake runs", state: "skipped", detail: "left out: flakeRuns is 1 here" },
      {
        ...{ part: "mutants", state: "fails" },
        detail: "1 of 2 changes of the code are noticed (0.50, at least 0.8 is wanted)",
        more: ["line 3 with n <= 1 in place of n < 1: no case notices"],
      },
      {
        ...{ part: "analysis", state: "skipped" },
        detail: "left out: no model reads the result here",
      },
    ]);
  });

  it("evidenceChecks() tells what a certificate holds of the steps that are left out", () => {
    const { mutation: _mutation, ...less } = whole;
    const agreement = {
      ...{ programs: 3, behaviours: 1, agreement: 1, decisiveInputs: 4, sources: [] },
    };
    const now = { ...less, flakiness: once, stepsOff: ["analysis", "mutants", "flake runs"] };
    const found = evidenceChecks(suite, now, { ...whole, agreement });
    expect(found.slice(1)).toEqual([
      {
        ...{ part: "flake runs", state: "skipped" },
        detail: "left out: flakeRuns is 1 here; the certificate says the same verdicts in 3 runs",
      },
      {
        ...{ part: "mutants", state: "skipped" },
        detail: "left out: maxMutants is 0 here; the certificate says 8 of 8 noticed",
      },
      {
        ...{ part: "analysis", state: "skipped" },
        detail: "left out: no model reads the result here; the certificate says that one read it",
      },
      {
        ...{ part: "agreement", state: "skipped" },
        detail: "other programs are needed to repeat it",
      },
    ]);
    expect(evidenceChecks(suite, whole, whole).map(({ state }) => state)).not.toContain("skipped");
  });

  it("evidenceChecks() does not blame the settings where no mutant could be made", () => {
    const { mutation: _mutation, ...none } = whole;
    expect(evidenceChecks(suite, none, whole).at(-1)).toEqual({
      ...{ part: "mutants", state: "fails" },
      detail: "no mutants could be made of the code; the certificate says 8 of 8 noticed",
    });
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
