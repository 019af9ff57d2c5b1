import { describe, expect, it } from "vitest";
import { type RankedProgram, rankPrograms } from "./rank-programs.ts";
import { returnsCase } from "./testing/sample-suite.ts";

const cases = ["c1", "c2", "c3"].map((id, index) => returnsCase(id, index, index));

function program(
  name: string,
  passed: string[],
  onInputs: string[],
  changes: Partial<RankedProgram> = {},
): RankedProgram {
  const onCases = cases.map(({ id }) => (passed.includes(id) ? "1" : JSON.stringify(name)));
  return {
    passed,
    caseAnswers: {},
    outcomes: [...onCases, ...onInputs],
    isFamiliar: onInputs.map(() => true),
    textDigest: name,
    treeDigest: name,
    isCandidate: true,
    model: "own",
    prompt: "",
    language: "python",
    ...changes,
  };
}

const all = cases.map(({ id }) => id);
const right = ["1", "2"];

function peers(model?: string): RankedProgram[] {
  const changes = model === undefined ? {} : { model };
  return ["a", "b"].map((name) => program(name, all, right, { isCandidate: false, ...changes }));
}

describe("rankPrograms", () => {
  it("rankPrograms() prefers what several texts answer to a loner", () => {
    const ranking = rankPrograms(
      [
        program("alone", all, ["5", "6"]),
        ...["a", "b", "c"].map((name) => program(name, all, right)),
      ],
      cases,
    );
    expect(ranking).toMatchObject({
      best: 1,
      isStrict: false,
      evidence: {
        programs: 4,
        behaviours: 2,
        agreement: 1,
        decisiveInputs: 2,
        sources: ["same model, same prompt"],
      },
    });
  });

  it("rankPrograms() puts somebody's own example before what the others say", () => {
    const own = cases.map((one, index) =>
      index === 0 ? { ...one, origin: "example" as const } : one,
    );
    const others = ["a", "b"].map((name) => program(name, ["c2", "c3"], right));
    expect(rankPrograms([...others, program("keeps", ["c1"], ["7", "8"])], own).best).toBe(2);
  });

  it("rankPrograms() lets a peer vote and never win", () => {
    const ranking = rankPrograms([...peers("other"), program("own", ["c1"], ["3", "2"])], cases);
    expect(ranking).toMatchObject({ best: 2, isStrict: false, evidence: { agreement: 0.5 } });
    expect(rankPrograms(peers("other"), cases)).toMatchObject({ best: undefined });
  });

  it("rankPrograms() is strict only where programs of other models agree", () => {
    const examples = cases.map((one) => ({ ...one, origin: "example" as const }));
    const own = program("own", all, right);
    expect(rankPrograms([own, ...peers("other")], examples).isStrict).toBe(true);
    expect(rankPrograms([own, ...peers()], examples).isStrict).toBe(false);
    const unsure = program("own", all, ["1", "raised:KeyError"]);
    expect(rankPrograms([unsure, ...peers("other")], examples).isStrict).toBe(false);
  });
});
