import { describe, expect, it } from "vitest";
import { parseExactJson, printExactJson } from "./exact-json.ts";

describe("parseExactJson()", () => {
  it.each([
    ["9007199254740991", 9_007_199_254_740_991],
    ["9007199254740993", { $integer: "9007199254740993" }],
    ["[-12345678901234567891]", [{ $integer: "-12345678901234567891" }]],
    ['{"a": {"b": 99999999999999999999}}', { a: { b: { $integer: "99999999999999999999" } } }],
    ["1e20", 1e20],
    ["12345678901234567891.0", 12345678901234567000],
    ['"12345678901234567891"', "12345678901234567891"],
  ])("parseExactJson() reads %s without losing digits", (text, value) => {
    expect(parseExactJson(text)).toEqual(value);
  });

  it("parseExactJson() answers undefined when the text is no JSON or nests too deep", () => {
    expect(parseExactJson("{oops")).toBeUndefined();
    const deep = `${"[".repeat(100_000)}12345678901234567891${"]".repeat(100_000)}`;
    expect(parseExactJson(deep)).toBeUndefined();
  });
});

describe("printExactJson()", () => {
  it("printExactJson() prints the digits of large integers, wherever they stand", () => {
    const text = '{\n  "a": [\n    12345678901234567891,\n    1\n  ]\n}';
    expect(printExactJson(parseExactJson(text) ?? null)).toBe(text);
    expect(printExactJson({ $integer: "-9007199254740993" })).toBe("-9007199254740993");
  });

  it("printExactJson() leaves alone what only looks like a large integer", () => {
    for (const value of [{ $integer: "1+1" }, { $integer: 3 }, { $object: { $integer: "12" } }]) {
      expect(JSON.parse(printExactJson(value))).toEqual(value);
    }
  });
});
