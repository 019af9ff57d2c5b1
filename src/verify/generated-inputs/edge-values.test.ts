import { describe, expect, test } from "vitest";
import { edgeValues } from "./edge-values.ts";

describe("edgeValues()", () => {
  test("edgeValues() holds both ends of a range when a number is bounded", () => {
    const values = edgeValues({ type: "integer", minimum: 3, maximum: 9 });
    expect(values).toEqual(expect.arrayContaining([3, 4, 8, 9]));
    expect(values.every((value) => Number(value) >= 3 && Number(value) <= 9)).toBe(true);
  });

  test("edgeValues() holds 0 once, and never with a sign, beside bounds that are fractions", () => {
    for (const schema of [
      { type: "integer", minimum: -0.5 },
      { type: "number", minimum: -0, maximum: 0.5 },
    ]) {
      const text = JSON.stringify(edgeValues(schema));
      expect(text).not.toContain('-0"');
      expect(text.match(/\b0\b(?!\.)/g)).toHaveLength(1);
    }
  });

  test("edgeValues() holds texts of the shortest and longest length when they are bounded", () => {
    const lengths = edgeValues({ type: "string", minLength: 2, maxLength: 5 }).map(
      (value) => String(value).length,
    );
    expect(Math.min(...lengths)).toBe(2);
    expect(Math.max(...lengths)).toBe(5);
  });

  test("edgeValues() holds every value when the schema enumerates them", () => {
    expect(edgeValues({ enum: ["a", 1, null] })).toEqual(["a", 1, null]);
    expect(edgeValues({ const: 4 })).toEqual([4]);
  });

  test("edgeValues() holds empty, nested and equal items when the schema is an array", () => {
    const values = edgeValues({
      type: "array",
      items: { type: "array", items: { type: "integer" } },
    });
    expect(values).toEqual(expect.arrayContaining([[], [[]], [[], []]]));
  });

  test("edgeValues() gives every alternative a place when there are several", () => {
    const values = edgeValues({ anyOf: [{ type: "string" }, { type: "integer" }] });
    expect(values.some((value) => typeof value === "string")).toBe(true);
    expect(values.some((value) => typeof value === "number")).toBe(true);
  });

  test("edgeValues() gives nothing when nothing is known", () => {
    expect(edgeValues({})).toEqual([]);
  });
});
