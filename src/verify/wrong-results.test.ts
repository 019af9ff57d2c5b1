import { describe, expect, it } from "vitest";
import type { JsonObject } from "../shared/json.ts";
import { validateValue } from "./json-schema.ts";
import { wrongResults } from "./wrong-results.ts";

describe("wrongResults()", () => {
  it.each<[string, JsonObject, number]>([
    ["any", {}, 20],
    ["a boolean", { type: "boolean" }, 2],
    ["a text", { type: "string" }, 4],
    ["a long text", { type: "string", minLength: 30 }, 4],
    ["a whole number", { type: "integer" }, 4],
    ["a bounded number", { type: "number", minimum: 0, maximum: 1 }, 3],
    ["one of three", { enum: ["a", "b", "c"] }, 3],
    ["a list of texts", { type: "array", items: { type: "string" } }, 4],
    ["a list of at least two", { type: "array", items: { type: "integer" }, minItems: 2 }, 3],
    [
      "an object",
      {
        type: "object",
        properties: { valid: { type: "boolean" }, line: { type: ["integer", "null"] } },
        required: ["valid", "line"],
      },
      3,
    ],
    ["a map", { type: "object", additionalProperties: { type: "integer" } }, 2],
    [
      "a list of objects",
      {
        type: "array",
        items: { type: "object", properties: { a: { type: "string" } }, required: ["a"] },
      },
      4,
    ],
    ["a text or nothing", { anyOf: [{ type: "string" }, { type: "null" }] }, 5],
    [
      "a pair",
      { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], minItems: 2 },
      3,
    ],
  ])("wrongResults() gives several that fit when the result is %s", (_name, schema, least) => {
    const { fitting } = wrongResults(["abc", 3], schema);
    expect(fitting.length).toBeGreaterThanOrEqual(least);
    expect(fitting.map((value) => validateValue(value, schema))).toEqual(
      fitting.map(() => undefined),
    );
  });

  it("wrongResults() holds the arguments, each value once, and the same again when asked again", () => {
    const { fitting, others } = wrongResults(["abc", [1]], { type: "string" });
    expect(fitting).toContain("abc");
    expect(others).toContainEqual([1]);
    const all = [...fitting, ...others].map((value) => JSON.stringify(value));
    expect(new Set(all).size).toBe(all.length);
    expect(wrongResults(["abc", [1]], { type: "string" })).toEqual({ fitting, others });
  });

  it("wrongResults() gives values of other types only when one value alone fits", () => {
    const { fitting, others } = wrongResults([], { type: "null" });
    expect(fitting).toEqual([null]);
    expect(others.length).toBeGreaterThan(10);
  });
});
