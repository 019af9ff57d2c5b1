import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { patternSamples } from "./pattern-samples.ts";

describe("patternSamples()", () => {
  it.each([
    ["^\\d{4}-\\d{2}$", ["7777-77"]],
    ["ab?c+", ["abc", "acc"]],
    ["(?:GET|POST) /\\w*", ["GET /a", "POST /"]],
    ["(?P<name>[A-F]+)=(?i:x)", ["A=x", "F=x", "AA=x"]],
    ["[^a]\\.\\x41", ["1.A"]],
    ["(?=x)a{2,3}", ["aa", "aaa"]],
    ["\\$\\(\\u00e9", ["$(é"]],
  ])("patternSamples() of %s are %j", (pattern, samples) => {
    expect(patternSamples(pattern)).toEqual(samples);
  });

  it.each(["(", "a**", "[a", "(a)\\1", "\\p{L}", "a)", "(?<x", "(".repeat(1_000)])(
    "patternSamples() gives none of what it does not understand: %s",
    (pattern) => {
      expect(patternSamples(pattern)).toEqual([]);
    },
  );

  it("patternSamples() stays short, whatever is repeated", () => {
    const samples = patternSamples("(((a{9999}){9999}){9999})+|b");
    expect(samples).toContain("b");
    expect(samples.every((text) => text.length <= 200)).toBe(true);
  });

  it("patternSamples() ends on any text, and matches plain patterns with most of its samples", () => {
    fc.assert(fc.property(fc.string(), (pattern) => void patternSamples(pattern)));
    const part = fc.constantFrom("a", "\\d", "[x-z]", "(?:q|r)", "b+", "c*", "\\s", ".", "d{2}");
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const pattern = parts.join("");
        const samples = patternSamples(pattern);
        expect(samples.length).toBeGreaterThan(0);
        for (const sample of samples) {
          expect(new RegExp(`^(?:${pattern})$`).test(sample)).toBe(true);
        }
      }),
    );
  });
});
