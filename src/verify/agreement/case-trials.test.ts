import { describe, expect, test } from "vitest";
import { behaviour, weighedCases } from "../testing/fake-behaviours.ts";
import { caseTrialCandidates, mostFallen } from "./case-trials.ts";

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

  test("caseTrialCandidates() hears no program that fails an example or most open cases", () => {
    const right = [behaviour(["1"], "1011"), behaviour(["2"], "1011")];
    const cases = weighedCases("eooo");
    expect(caseTrialCandidates(cases, [...right, behaviour(["3"], "0111")])).toEqual(["c2"]);
    expect(caseTrialCandidates(cases, [...right, behaviour(["3"], "1100")])).toEqual([]);
    expect(caseTrialCandidates(cases, [...right, behaviour(["3"], "0100")])).toEqual(["c2"]);
  });

  test("caseTrialCandidates() names the lightest first when it doubts several", () => {
    const programs = [behaviour(["1"], "001111"), behaviour(["2"], "001111")];
    const cases = weighedCases("oooooo").map((one, index) => ({ ...one, weight: 9 - index }));
    expect(caseTrialCandidates(cases, programs)).toEqual(["c2", "c1"]);
  });
});

describe("mostFallen()", () => {
  test("mostFallen() lets a fifth of the open cases fall, over the whole run", () => {
    expect([4, 5, 10].map((open) => mostFallen(open, 0))).toEqual([0, 1, 2]);
    expect(mostFallen(9, 1)).toBe(1);
    expect(mostFallen(8, 2)).toBe(0);
  });
});
