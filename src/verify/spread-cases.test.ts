import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { spreadCases } from "./spread-cases.ts";
import { returnsCase } from "./testing/sample-suite.ts";

const casesOf = (results: readonly number[]) =>
  results.map((result, index) => returnsCase(`c${index}`, index, result));
const idsOf = (results: readonly number[]) => spreadCases(casesOf(results)).map(({ id }) => id);

describe("spreadCases()", () => {
  it("spreadCases() begins at both ends and goes on in the middle of what lies between", () => {
    expect(idsOf([0, 1, 2, 3, 4, 5, 6, 7, 8])).toEqual(
      [0, 8, 4, 2, 6, 1, 3, 5, 7].map((index) => `c${index}`),
    );
  });

  it("spreadCases() takes one of each expectation before a second of any", () => {
    expect(idsOf([7, 7, 7, 7, 7, 7, 9]).slice(0, 3)).toEqual(["c0", "c6", "c5"]);
  });

  it("spreadCases() keeps each case once", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 60 }), (results) => {
        expect(idsOf(results).toSorted()).toEqual(
          casesOf(results)
            .map(({ id }) => id)
            .toSorted(),
        );
      }),
    );
  });
});
