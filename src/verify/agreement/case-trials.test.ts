import { describe, expect, test } from "vitest";
import { behaviour, weighedCases } from "../testing/fake-behaviours.ts";
import { caseTrialCandidates } from "./case-trials.ts";

describe("caseTrialCandidates()", () => {
  test("caseTrialCandidates() names an open case when all plausible programs fail it", () => {
    const programs = [behaviour(["1"], "101111"), behaviour(["2"], "101111")];
    expect(caseTrialCandidates(weighedCases("eooooo"), programs)).toEqual(["c2"]);
  });

  test("caseTrialCandidates() never names an example or a sealed case", () => {
    const programs = [behaviour(["1"], "000000"), behaviour(["2"], "000000")];
    expect(caseTrialCandidates(weighedCases("ssssss"), programs)).toEqual([]);
    expect(caseTrialCandidates(weighedCases("eeeeee"), programs)).toEqual([]);
  });

  test("caseTrialCandidates() names none when the programs behave alike", () => {
    const programs = [behaviour(["1"], "01111"), behaviour(["1"], "01111")];
    expect(caseTrialCandidates(weighedCases("ooooo"), programs)).toEqual([]);
  });

  test("caseTrialCandidates() names at most a fifth of the open cases, the lightest first", () => {
    const programs = [behaviour(["1"], "00000"), behaviour(["2"], "00000")];
    const cases = weighedCases("ooooo").map((one, index) => ({ ...one, weight: 9 - index }));
    expect(caseTrialCandidates(cases, programs)).toEqual(["c5"]);
  });
});
