import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonValue } from "../shared/json.ts";
import { compareValues } from "./compare-values.ts";
import { tagJson } from "./tagged-value.ts";

describe("compareValues()", () => {
  it.each<[JsonValue, JsonValue]>([
    [
      { a: 1, b: [true, null] },
      { b: [true, null], a: 1 },
    ],
    [0.3, 0.1 + 0.2],
    [0, { $float: "-0" }],
    [{ $float: "nan" }, { $float: "nan" }],
    [{ $float: "-inf" }, { $float: "-inf" }],
    [1e20, { $integer: "100000000000000000000" }],
    [{ $integer: "9007199254740993" }, { $integer: "9007199254740993" }],
    [2.6881171418161356e43, 2.68811714181613e43],
    [{ $bytes: "aGk=" }, { $bytes: "aGk" }],
    [{ $set: [1, 2, "a"] }, { $set: ["a", 2, 1] }],
    [{ $set: [0.3] }, { $set: [0.1 + 0.2] }],
    [{ $object: { $set: 1 } }, { $object: { $set: 1 } }],
  ])("compareValues() finds %j and %j equal", (expected, got) => {
    expect(compareValues(expected, got)).toBeUndefined();
    expect(compareValues(got, expected)).toBeUndefined();
  });

  it.each<[JsonValue, JsonValue]>([
    [1, true],
    [0, false],
    [1, "1"],
    [null, false],
    [1, 2],
    [1, 1.00001],
    [0, 1e-6],
    [{ $float: "nan" }, 1],
    [{ $float: "inf" }, { $float: "-inf" }],
    [{ $integer: "9007199254740993" }, { $integer: "9007199254740992" }],
    [{ $integer: "15511210043330985984000000" }, { $integer: "15511210043330985984000001" }],
    [{ $integer: "100000000000000000001" }, 1e20],
    [9_007_199_254_740_991, 9_007_199_254_740_992],
    [9_007_199_254_740_992, { $integer: "9007199254740993" }],
    ["aGk=", { $bytes: "aGk=" }],
    [[1, 2], { $set: [1, 2] }],
    [{ $set: [1, 1.5] }, { $set: [1, 1] }],
    [{ $repr: "<object>" }, { $repr: "<object>" }],
    [{ $object: { $set: [1] } }, { $set: [1] }],
    [[], {}],
    [{}, null],
    [{ a: 1 }, { a: 1, b: 2 }],
  ])("compareValues() finds %j and %j different", (expected, got) => {
    expect(compareValues(expected, got)).toBeDefined();
    expect(compareValues(got, expected)).toBeDefined();
  });

  it("compareValues() forgives rounding where exactly zero is expected", () => {
    expect(compareValues(0, 1.2e-16)).toBeUndefined();
    expect(compareValues(1.2e-16, 0)).toBeDefined();
  });

  it("compareValues() takes floats for equal within the tolerance given, and no integers", () => {
    const tolerance = 0.01;
    expect(compareValues([0.333], [0.34], { tolerance })).toBeUndefined();
    expect(compareValues([0.333], [0.344], { tolerance })).toBeDefined();
    expect(compareValues(0, 0.009, { tolerance })).toBeUndefined();
    expect(
      compareValues({ a: { $set: [1.5] } }, { a: { $set: [1.505] } }, { tolerance }),
    ).toBeUndefined();
    expect(compareValues(3, 4, { tolerance: 2 })).toBeDefined();
    expect(compareValues("0.333", "0.334", { tolerance })).toBeDefined();
  });

  it("compareValues() holds a tolerance exactly, for floats alone, wherever they stand", () => {
    const number = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const tolerance = fc.double({ min: 1e-3, max: 0.01, noNaN: true });
    fc.assert(
      fc.property(number, tolerance, fc.boolean(), (base, allowed, isUp) => {
        const expected = Math.trunc(base) + 0.25;
        const moved = (share: number) => expected + (isUp ? allowed : -allowed) * share;
        const differ = (got: number) =>
          compareValues({ a: [expected] }, { a: [got] }, { tolerance: allowed }) !== undefined;
        expect([differ(moved(0.9)), differ(moved(1.1) + (isUp ? 2e-3 : -2e-3))]).toEqual([
          false,
          true,
        ]);
        const whole = Math.trunc(base);
        expect(compareValues(whole, whole + 1, { tolerance: allowed })).toBeDefined();
      }),
    );
  });

  it("compareValues() is symmetric, whatever the values, but for rounding at exactly zero", () => {
    const value = fc
      .jsonValue({ maxDepth: 3 })
      .filter((one) => !/e-\d\d/.test(JSON.stringify(one)));
    const pair = fc.oneof(
      fc.tuple(value, value),
      value.map((one) => [one, structuredClone(one)] as const),
    );
    fc.assert(
      fc.property(pair, ([one, other]) => {
        const [left, right] = [tagJson(one as JsonValue), tagJson(other as JsonValue)];
        expect(compareValues(left, right) === undefined).toBe(
          compareValues(right, left) === undefined,
        );
      }),
    );
  });

  it("compareValues() tells values apart in which one leaf is another", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
        const tagged = tagJson(value as JsonValue);
        expect(compareValues({ a: [tagged, 1] }, { a: [tagged, 2] })).toContain("result.a[1]");
      }),
    );
  });

  it("compareValues() names the path of the first difference", () => {
    expect(compareValues({ items: [1, 2, 3] }, { items: [1, 2, 4] })).toBe(
      "result.items[2]: expected 3, got 4",
    );
    expect(compareValues({ "a b": [{ c: 1 }] }, { "a b": [{}] })).toBe(
      'result["a b"][0].c: expected 1, got no such key (keys: [])',
    );
    expect(compareValues([1], [1, 2])).toBe("result: expected 1 item [1], got 2 items [1, 2]");
  });

  it("compareValues() shows where long strings part", () => {
    const same = "x".repeat(300);
    expect(compareValues(`${same}a`, `${same}b`)).toContain(
      'first difference at character 300: expected "xxxxxxxxxxa", got "xxxxxxxxxxb"',
    );
  });

  it("compareValues() escapes control and reordering characters", () => {
    const text = compareValues("a", "\u001b[2J\u202e\u009b") ?? "";
    expect(text).toBe('result: expected "a", got "\\u001b[2J\\u202e\\u009b"');
  });

  it("compareValues() stays bounded when values are huge or deep", () => {
    let deep: JsonValue = 1;
    for (let level = 0; level < 100_000; level += 1) {
      deep = [deep];
    }
    expect(compareValues(deep, deep)).toContain("nested deeper than 200 levels");
    expect(compareValues("a".repeat(1e6), { k: "b".repeat(1e6) })?.length).toBeLessThan(1_000);
  });

  it("compareValues() finds any JSON equal to itself and to its copy with the keys turned round", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const tagged = tagJson(value as JsonValue);
        expect(compareValues(tagged, turned(tagged))).toBeUndefined();
      }),
    );
  });
});

function turned(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return value.map(turned);
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, child]) => [key, turned(child)]),
  );
}
