import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../shared/json.ts";
import { isStrictSchema } from "./strict-schema.ts";

const text: JsonObject = { type: "string" };
const closed: JsonObject = {
  type: "object",
  properties: { a: text },
  required: ["a"],
  additionalProperties: false,
};

describe("isStrictSchema", () => {
  it.each<[string, JsonObject, boolean]>([
    ["a closed object", closed, true],
    ["a list of them", { type: "array", items: closed }, true],
    ["a choice of them", { anyOf: [closed, text] }, true],
    ["an open object", { ...closed, additionalProperties: true }, false],
    ["an object that may lack a property", { ...closed, required: [] }, false],
    ["a free object", { type: "object" }, false],
    ["a free object inside", { ...closed, properties: { a: { type: "object" } } }, false],
    ["a list of anything", { type: "array", items: {} }, false],
    ["anything", {}, false],
  ])("isStrictSchema() judges %s", (_, schema, isStrict) => {
    expect(isStrictSchema(schema)).toBe(isStrict);
  });
});
