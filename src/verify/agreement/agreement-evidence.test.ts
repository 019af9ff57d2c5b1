import { describe, expect, test } from "vitest";
import { behaviour, weighedCases } from "../testing/fake-behaviours.ts";
import { agreementEvidence } from "./agreement-evidence.ts";
import { decisiveAgreement } from "./decisive-agreement.ts";

describe("agreementEvidence()", () => {
  test("agreementEvidence() names the most independent sources first", () => {
    const own = { model: "a", prompt: "plain", language: "python" };
    const program = behaviour(["1"], "", { origin: own });
    const peers = [
      behaviour(["1"], "", { origin: own }),
      behaviour(["1"], "", { origin: { ...own, language: "typescript" } }),
      behaviour(["1"], "", { origin: { ...own, prompt: "stepwise" } }),
      behaviour(["2"], "", { origin: { ...own, model: "b" } }),
    ];
    const inputs = [{ index: 0, isFamiliar: true }];
    const finding = decisiveAgreement(program, peers, weighedCases(""), inputs);
    expect(agreementEvidence(program, peers, finding, inputs)).toEqual({
      programs: 5,
      behaviours: 2,
      agreement: 1,
      decisiveInputs: 1,
      sources: [
        "other model b",
        "same model, typescript",
        "same model, other prompt stepwise",
        "same model, same prompt",
      ],
      peers: [
        { kind: "other model", programs: 1, sameText: 0, sameAnswers: 0 },
        { kind: "other language", programs: 1, sameText: 0, sameAnswers: 1 },
        { kind: "other prompt", programs: 1, sameText: 0, sameAnswers: 1 },
        { kind: "same prompt", programs: 1, sameText: 0, sameAnswers: 1 },
      ],
    });
  });

  test("agreementEvidence() counts peers that have the program's own syntax tree", () => {
    const program = behaviour(["1"]);
    const peers = [behaviour(["1"], "", { treeDigest: program.treeDigest }), behaviour(["1"])];
    const finding = decisiveAgreement(program, peers, weighedCases(""), []);
    expect(agreementEvidence(program, peers, finding, []).peers).toEqual([
      { kind: "same prompt", programs: 2, sameText: 1, sameAnswers: null },
    ]);
  });
});
