import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DraftCase } from "./draft-case.ts";
import { readExample } from "./example-reader.ts";
import { splitSuite } from "./split-suite.ts";

const base = { files: [], filesAfter: [], origin: "model", why: "" } as const;
const returns = (index: number): DraftCase => ({
  ...base,
  args: [index],
  kind: "returns",
  expected: 1,
});
const raises = (index: number): DraftCase => ({
  ...base,
  args: [index],
  kind: "raises",
  errorType: "ValueError",
});
const property = (index: number): DraftCase => ({
  ...base,
  args: [index],
  kind: "property",
  expression: "result",
});
const options = { sealedShare: 1 / 3, seed: 7, entry: "f" };

describe("splitSuite()", () => {
  it("splitSuite() puts examples first and always open, and numbers all cases", () => {
    const { suite } = splitSuite(
      [returns(1), returns(2), returns(3)],
      [readExample("8 => 1"), readExample("9 => 1")],
      options,
    );
    expect(suite.cases.map(({ id }) => id)).toEqual(["c1", "c2", "c3", "c4", "c5"]);
    expect(suite.cases.slice(0, 2)).toEqual([
      expect.objectContaining({ origin: "example", sealed: false, args: [8] }),
      expect.objectContaining({ origin: "example", sealed: false, args: [9] }),
    ]);
    expect(suite.cases.filter(({ sealed }) => sealed)).toHaveLength(1);
  });

  it("splitSuite() gives the same split for the same seed, and others for others", () => {
    const cases = Array.from({ length: 9 }, (_, index) => returns(index));
    const sealedBy = (seed: number) =>
      splitSuite(cases, [], { ...options, seed }).suite.cases.map(({ sealed }) => sealed);
    expect(sealedBy(1)).toEqual(sealedBy(1));
    const splits = Array.from({ length: 20 }, (_, seed) => sealedBy(seed).join());
    expect(new Set(splits).size).toBeGreaterThan(5);
  });

  it("splitSuite() drops a model's case that an example overrules or says already", () => {
    const { suite, dropped } = splitSuite(
      [returns(1), raises(2), property(2)],
      [readExample("1 => 1"), readExample("2 => 5")],
      options,
    );
    expect(dropped.map(({ reason }) => reason)).toEqual([
      "one of your examples says it already",
      "contradicts one of your examples",
    ]);
    expect(suite.cases.map(({ kind }) => kind)).toEqual(["returns", "returns", "property"]);
  });

  it("splitSuite() seals one and keeps others open for any cases, share and seed", () => {
    const kinds = fc.array(fc.constantFrom(returns, raises, property), { maxLength: 12 });
    fc.assert(
      fc.property(
        kinds,
        fc.double({ min: 0.05, max: 0.9, noNaN: true }),
        fc.nat(),
        (makers, share, seed) => {
          const cases = makers.map((make, index) => make(index));
          const split = splitSuite(cases, [], { sealedShare: share, seed, entry: "f" }).suite.cases;
          const sealed = split.filter((testCase) => testCase.sealed);
          expect(split).toHaveLength(cases.length);
          expect(sealed.length > 0).toBe(cases.length >= 3);
          expect(cases.length === 0 || sealed.length < cases.length).toBe(true);
          for (const kind of new Set(
            cases.length > 3 ? cases.map((testCase) => testCase.kind) : [],
          )) {
            expect(split.some((testCase) => testCase.kind === kind && !testCase.sealed)).toBe(true);
          }
        },
      ),
    );
  });

  it("splitSuite() never seals or drops an example, whatever the cases, share and seed", () => {
    const cases = Array.from({ length: 8 }, (_, index) => returns(index));
    const given = fc.uniqueArray(fc.nat({ max: 12 }), { maxLength: 6 });
    const share = fc.double({ min: 0, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(given, share, fc.nat(), (inputs, sealedShare, seed) => {
        const examples = inputs.map((input) => readExample(`${input} => "law"`));
        const { suite, dropped } = splitSuite(cases, examples, { sealedShare, seed, entry: "f" });
        const own = suite.cases.filter(({ origin }) => origin === "example");
        expect(own.map(({ args }) => args[0])).toEqual(inputs);
        expect(own.every(({ sealed }) => !sealed)).toBe(true);
        expect(dropped).toHaveLength(inputs.filter((input) => input < 8).length);
        expect(new Set(suite.cases.map(({ id }) => id)).size).toBe(suite.cases.length);
      }),
    );
  });

  it("splitSuite() seals nothing when the share is 0 or fewer than three cases are there", () => {
    const cases = Array.from({ length: 9 }, (_, index) => returns(index));
    const sealedOf = (count: number, sealedShare: number) =>
      splitSuite(cases.slice(0, count), [], { ...options, sealedShare }).suite.cases.filter(
        ({ sealed }) => sealed,
      );
    expect(sealedOf(9, 0)).toEqual([]);
    expect(sealedOf(2, 0.9)).toEqual([]);
  });
});
