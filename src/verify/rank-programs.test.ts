import { describe, expect, it } from "vitest";
import { type RankedProgram, rankPrograms } from "./rank-programs.ts";
import { returnsCase } from "./testing/sample-suite.ts";

const cases = ["c1", "c2", "c3"].map((id, index) => returnsCase(id, index, index));

function program(
  name: string,
  passed: string[],
  inputAnswers: string[],
  changes: Partial<RankedProgram> = {},
): RankedProgram {
  const caseAnswers = Object.fromEntries(
    cases.map(({ id }) => [id, passed.includes(id) ? "returns 1" : `returns "${name}"`]),
  );
  const origin = { treeDigest: name, isCandidate: true, isIndependent: false };
  return { passed, caseAnswers, inputAnswers, ...origin, ...changes };
}

const ones = ["returns 1", "returns 1"];

describe("rankPrograms", () => {
  it("rankPrograms() prefers many texts of one behaviour to a loner that passes as many tests", () => {
    const ranking = rankPrograms(
      [
        program("alone", ["c1", "c3"], ["returns 5", "returns 6"]),
        program("a", ["c1", "c2"], ones, { caseAnswers: { c1: "returns 1" } }),
        program("b", ["c1", "c2"], ones, { caseAnswers: { c1: "returns 1" } }),
        program("c", ["c1", "c2"], ones, { caseAnswers: { c1: "returns 1" } }),
      ],
      cases,
    );
    expect(ranking).toMatchObject({
      best: 1,
      evidence: { programs: 4, behaviours: 2, agreement: 1, decisiveInputs: 2 },
    });
  });

  it("rankPrograms() counts one text said twice as one", () => {
    const copies = [1, 2, 3].map(() => program("copy", ["c1"], ["returns 9"]));
    const pair = ["a", "b"].map((name) =>
      program(name, ["c1", "c2", "c3"], ["returns 1"], { caseAnswers: { c1: "returns 1" } }),
    );
    expect(rankPrograms([...copies, ...pair], cases).best).toBe(3);
  });

  it("rankPrograms() puts somebody's own example before what the others say", () => {
    const own = cases.map((one, index) =>
      index === 0 ? { ...one, origin: "example" as const } : one,
    );
    const ranking = rankPrograms(
      [
        program("a", ["c2", "c3"], ones),
        program("b", ["c2", "c3"], ones),
        program("keeps", ["c1"], ["returns 7", "returns 8"]),
      ],
      own,
    );
    expect(ranking.best).toBe(2);
  });

  it("rankPrograms() lets a peer vote and never win", () => {
    const voters = ["a", "b"].map((name) =>
      program(name, ["c1", "c2", "c3"], ones, { isCandidate: false, isIndependent: true }),
    );
    const lonely = program("own", ["c1"], ["returns 3", "returns 1"]);
    const ranking = rankPrograms([...voters, lonely], cases);
    expect(ranking).toMatchObject({ best: 2, isStrict: false, evidence: { agreement: 0.5 } });
  });

  it("rankPrograms() is strict only where independent programs agree at every input", () => {
    const peers = (isIndependent: boolean) =>
      ["a", "b"].map((name) => program(name, ["c1"], ones, { isCandidate: false, isIndependent }));
    const own = program("own", ["c1"], ones);
    expect(rankPrograms([own, ...peers(true)], cases).isStrict).toBe(true);
    expect(rankPrograms([own, ...peers(false)], cases).isStrict).toBe(false);
    const unsure = program("own", ["c1"], ["returns 1", "raises KeyError"]);
    expect(rankPrograms([unsure, ...peers(true)], cases).isStrict).toBe(false);
  });

  it("rankPrograms() names no best among peers alone, and decides nothing by errors", () => {
    const raising = ["raises KeyError", "never answers"];
    const peers = [1, 2].map(() => program("a", [], raising, { isCandidate: false }));
    expect(rankPrograms(peers, cases).best).toBeUndefined();
    const alike = [1, 2, 3].map(() => program("a", ["c1"], raising));
    expect(rankPrograms(alike, cases).evidence).toMatchObject({
      agreement: null,
      decisiveInputs: 0,
    });
  });
});
