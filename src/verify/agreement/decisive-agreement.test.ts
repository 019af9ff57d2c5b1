import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { behaviour, weighedCases } from "../testing/fake-behaviours.ts";
import {
  type AgreementInput,
  decisiveAgreement,
  decisiveDisagreements,
} from "./decisive-agreement.ts";

function inputs(familiar: string): AgreementInput[] {
  return [...familiar].map((mark, index) => ({ index, isFamiliar: mark === "f" }));
}

const noCases = weighedCases("");

describe("decisiveAgreement()", () => {
  test("decisiveAgreement() agrees strictly when every peer gives the program's answers", () => {
    const peers = [behaviour(["1", "2"]), behaviour(["1", "2"])];
    const finding = decisiveAgreement(behaviour(["1", "2"]), peers, noCases, inputs("ff"));
    expect(finding).toMatchObject({ agreement: 1, isAgreed: true, isAgreedStrictly: true });
  });

  test("decisiveAgreement() refuses when peers contradict it on a familiar input", () => {
    const peers = [behaviour(["1", "2"]), behaviour(["1", "2"])];
    const finding = decisiveAgreement(behaviour(["1", "9"]), peers, noCases, inputs("ff"));
    expect(finding).toMatchObject({ agreement: 0.5, isAgreed: false, isAgreedStrictly: false });
  });

  test("decisiveAgreement() is lenient, but not strictly, when they differ on an unfamiliar input", () => {
    const peers = [behaviour(["1", "2", "3"]), behaviour(["1", "2", "3"])];
    const finding = decisiveAgreement(behaviour(["1", "2", "9"]), peers, noCases, inputs("ff-"));
    expect(finding).toMatchObject({ isAgreed: true, isAgreedStrictly: false });
  });

  test("decisiveAgreement() finds nothing when peers are split, raise, or are not there", () => {
    const split = [behaviour(["1"]), behaviour(["2"])];
    const raising = [behaviour(["died"]), behaviour(["raised:E"])];
    for (const peers of [split, raising, []]) {
      const finding = decisiveAgreement(behaviour(["1"]), peers, noCases, inputs("f"));
      expect(finding).toMatchObject({ agreement: null, decisiveInputs: 0, isAgreed: false });
    }
  });

  test("decisiveAgreement() hears few peers that pass the examples before many that fail one", () => {
    const wrong = [..."1111"].map(() => behaviour(["7"], "0"));
    const peers = [...wrong, behaviour(["1"], "1")];
    const finding = decisiveAgreement(behaviour(["1"]), peers, weighedCases("e"), inputs("f"));
    expect(finding.isAgreed).toBe(true);
  });

  test("decisiveAgreement() is never strict where it is not plain, whatever the outcomes", () => {
    const row = fc.array(fc.constantFrom("1", "2", "died"), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(row, fc.array(row, { maxLength: 6 }), (own, rows) => {
        const peers = rows.map((outcomes) => behaviour(outcomes));
        const finding = decisiveAgreement(behaviour(own), peers, noCases, inputs("ff--"));
        expect(finding.isAgreed || !finding.isAgreedStrictly).toBe(true);
        expect(finding.familiarDecisiveInputs).toBeLessThanOrEqual(finding.decisiveInputs);
      }),
    );
  });
});

describe("decisiveDisagreements()", () => {
  test("decisiveDisagreements() names familiar inputs first, with what the peers answer", () => {
    const peers = [behaviour(["1", "2", "3"]), behaviour(["1", "2", "3"])];
    const found = decisiveDisagreements(behaviour(["8", "2", "9"]), peers, noCases, inputs("-ff"));
    expect(found.map(({ input, answer }) => [input.index, answer])).toEqual([
      [2, "3"],
      [0, "1"],
    ]);
  });
});
