import { describe, expect, it } from "vitest";
import type { JsonValue } from "../shared/json.ts";
import { validateValue } from "./json-schema.ts";
import { reduceSchema } from "./reduce-schema.ts";

describe("reduceSchema()", () => {
  it.each<[JsonValue, JsonValue]>([
    ["str", { type: "string" }],
    [{ type: "dict" }, { type: "object" }],
    [{ type: "any" }, {}],
    [{ type: ["str", "None"] }, { type: ["string", "null"] }],
    ["Optional[int]", { type: ["integer", "null"] }],
    [
      "list[dict[str, Any]]",
      { type: "array", items: { type: "object", additionalProperties: {} } },
    ],
    [
      "string[] | null",
      { anyOf: [{ type: "array", items: { type: "string" } }, { type: "null" }] },
    ],
    ["Tuple[int, ...]", { type: "array", items: { type: "integer" } }],
    [
      "tuple[int, str]",
      {
        type: "array",
        prefixItems: [{ type: "integer" }, { type: "string" }],
        minItems: 2,
        maxItems: 2,
      },
    ],
    ["Literal['a', 'b']", { anyOf: [{ const: "a" }, { const: "b" }] }],
    [{ type: "string", nullable: true }, { type: ["string", "null"] }],
    [
      { type: "string", pattern: "(a+)+$", format: "email", minLength: 1 },
      { type: "string", minLength: 1 },
    ],
    [{ $ref: "#/definitions/x" }, {}],
    [{ oneOf: [{ type: "integer" }, { type: "number" }] }, { type: ["integer", "number"] }],
    [{ anyOf: [{ type: "integer" }, {}] }, {}],
    [
      { valid: "bool", errors: "list" },
      { type: "object", properties: { valid: { type: "boolean" }, errors: { type: "array" } } },
    ],
    [{ enum: [1, "a"] }, { enum: [1, "a"] }],
    [
      { type: "array", items: "int", minItems: -1, uniqueItems: true },
      { type: "array", items: { type: "integer" } },
    ],
    ["SomeClass", {}],
    [42, {}],
    [null, {}],
  ])("reduceSchema() makes of %j %j", (schema, reduced) => {
    expect(reduceSchema(schema)).toEqual(reduced);
    expect(reduceSchema(reduced)).toEqual(reduced);
  });

  it("reduceSchema() allows anything below eight levels and 400 nodes", () => {
    let schema: JsonValue = { type: "string" };
    for (let level = 0; level < 50_000; level += 1) {
      schema = { type: "array", items: schema };
    }
    expect(JSON.stringify(reduceSchema(schema)).length).toBeLessThan(400);
    const wide = {
      properties: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`k${i}`, "str"])),
    };
    expect(JSON.stringify(reduceSchema(wide)).length).toBeLessThan(20_000);
  });
});

describe("validateValue()", () => {
  it.each<[JsonValue, JsonValue]>([
    [1, { type: "integer" }],
    [1.5, { type: "number" }],
    [null, { type: ["string", "null"] }],
    [{ $bytes: "aGk=" }, { type: "string" }],
    [{ $set: [1] }, { type: "array", items: { type: "integer" } }],
    [{ $float: "nan" }, { type: "number" }],
    [{ $integer: "123456789012345678901234567890" }, { type: "integer" }],
    [{ $integer: "9".repeat(400) }, { type: "integer", minimum: 0 }],
    [{ $integer: "9223372036854775807" }, { enum: [{ $integer: "9223372036854775807" }] }],
    [{ $object: { $ref: 1 } }, { properties: { $ref: { type: "integer" } }, required: ["$ref"] }],
    [{ anything: [] }, {}],
  ])("validateValue() accepts %j under %j", (value, schema) => {
    expect(validateValue(value, schema as never)).toBeUndefined();
  });

  it.each<[JsonValue, JsonValue, string]>([
    ["1", { type: "integer" }, "integer"],
    [true, { type: "integer" }, "integer"],
    [{ $integer: "9007199254740993" }, { type: "string" }, "string"],
    [{ valid: "yes" }, { type: "object", properties: { valid: { type: "boolean" } } }, "#/valid"],
    [{}, { type: "object", required: ["valid"] }, "valid"],
    [[1, "a"], { type: "array", items: { type: "integer" } }, "#/1"],
    [{ $repr: "<x>" }, {}, "no JSON form"],
  ])("validateValue() refuses %j under %j", (value, schema, text) => {
    expect(validateValue(value, schema as never)).toContain(text);
  });
});
