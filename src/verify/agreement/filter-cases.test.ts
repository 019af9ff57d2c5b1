import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { behaviour, weighedCases } from "../testing/fake-behaviours.ts";
import { countingCases } from "./filter-cases.ts";
import { peersOf } from "./peer-weights.ts";

describe("countingCases()", () => {
  test("countingCases() leaves a case out when hardly any peer passes it", () => {
    const peers = [..."111111"].map(() => behaviour([], "10"));
    expect(countingCases(weighedCases("oo"), peers)).toEqual([true, false]);
  });

  test("countingCases() hears peers that pass the examples when most do not", () => {
    const wrong = [..."1111111"].map(() => behaviour([], "001"));
    const right = behaviour([], "110");
    expect(countingCases(weighedCases("eoo"), [...wrong, right])).toEqual([true, true, true]);
    expect(countingCases(weighedCases("eoo"), [...wrong.slice(0, 3), right])).toEqual([
      true,
      true,
      false,
    ]);
  });

  test("countingCases() never leaves an example out, and nothing when there are no peers", () => {
    const bits = fc.array(fc.constantFrom("000", "010", "111"), { maxLength: 6 });
    fc.assert(
      fc.property(bits, (rows) => {
        const peers = rows.map((row) => behaviour([], row));
        expect(countingCases(weighedCases("eoe"), peers)).toMatchObject([
          true,
          expect.anything(),
          true,
        ]);
      }),
    );
    expect(countingCases(weighedCases("oso"), [])).toEqual([true, true, true]);
  });
});

describe("peersOf()", () => {
  test("peersOf() leaves out the candidate's model, its copies and second copies", () => {
    const origin = { model: "own", prompt: "", language: "python" };
    const candidate = behaviour([], "", { origin, textDigest: "a" });
    const peer = behaviour([], "", { textDigest: "b" });
    const programs = [
      candidate,
      behaviour([], "", { origin }),
      behaviour([], "", { textDigest: "a" }),
      peer,
      behaviour([], "", { textDigest: "b" }),
    ];
    expect(peersOf(candidate, programs)).toEqual([peer]);
  });
});
