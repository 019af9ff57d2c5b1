import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonicalJson } from "../../shared/digest.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { Contract } from "../contract.ts";
import { validateValue } from "../json-schema.ts";
import { generateInputs } from "./generate-inputs.ts";

function contractOf(...schemas: JsonObject[]): Contract {
  return {
    name: "sample",
    language: "python",
    description: "A sample.",
    entry: "sample",
    parameters: schemas.map((schema, index) => ({ name: `p${index}`, schema, description: "" })),
    result: {},
    errors: [],
    capabilities: [],
    files: { reads: [], makes: [] },
  };
}

const schemas: JsonObject[] = [
  { type: "integer", minimum: 3, maximum: 9 },
  { type: "integer" },
  { type: "number", exclusiveMinimum: 0 },
  { type: "string", minLength: 2, maxLength: 5 },
  { type: "string" },
  { type: "boolean" },
  { enum: ["red", "green", 3] },
  { type: "array", items: { type: "integer" }, minItems: 1 },
  { type: "array", items: { type: "array", items: { type: "string" } } },
  { type: "array", prefixItems: [{ type: "integer" }, { type: "string" }] },
  { type: "object", properties: { a: { type: "integer" } }, required: ["a"] },
  { type: "object", additionalProperties: { type: "number" } },
  { type: ["string", "null"] },
  {
    anyOf: [
      { type: "integer", minimum: 0 },
      { type: "array", items: { type: "integer" } },
    ],
  },
];

describe("generateInputs()", () => {
  test("generateInputs() gives only distinct inputs that fit when schemas and seeds are any", () => {
    const anySchemas = fc.array(fc.constantFrom(...schemas), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        anySchemas,
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        (parts, seed, count) => {
          const contract = contractOf(...parts);
          const inputs = generateInputs(contract, [], { count, seed });
          expect(inputs.length).toBeLessThanOrEqual(count);
          expect(new Set(inputs.map((args) => canonicalJson([...args]))).size).toBe(inputs.length);
          for (const args of inputs) {
            expect(args).toHaveLength(parts.length);
            for (const [index, value] of args.entries()) {
              expect(validateValue(value, parts[index] ?? {})).toBeUndefined();
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("generateInputs() gives the same inputs again when seed and calls are the same", () => {
    const contract = contractOf({ type: "array", items: { type: "integer" } }, { type: "string" });
    const calls = [[[3, 1, 2], "hello"]];
    const inputs = generateInputs(contract, calls, { count: 30, seed: 7 });
    expect(inputs).toHaveLength(30);
    expect(generateInputs(contract, calls, { count: 30, seed: 7 })).toEqual(inputs);
    expect(generateInputs(contract, calls, { count: 12, seed: 7 })).toEqual(inputs.slice(0, 12));
    expect(generateInputs(contract, calls, { count: 30, seed: 8 })).not.toEqual(inputs);
  });

  test("generateInputs() leaves out the given calls when it varies them", () => {
    const contract = contractOf({ type: "boolean" });
    expect(generateInputs(contract, [[true]], { count: 10, seed: 1 })).toEqual([[false]]);
    expect(generateInputs(contract, [[true], [false]], { count: 10, seed: 1 })).toEqual([]);
  });

  test("generateInputs() stays with what the calls show when a schema says nothing", () => {
    const inputs = generateInputs(contractOf({}), [["12:30"]], { count: 20, seed: 3 });
    expect(inputs.length).toBeGreaterThan(10);
    expect(inputs.every(([value]) => typeof value === "string")).toBe(true);
  });

  test("generateInputs() keeps tagged values tagged when it varies them", () => {
    const calls = [[{ $set: [1, 2, 3] }], [{ $set: [{ $integer: "9007199254740993" }] }]];
    const inputs = generateInputs(contractOf({ type: "array" }), calls, { count: 20, seed: 5 });
    const sets = inputs.filter(([value]) => JSON.stringify(value).startsWith('{"$set"'));
    expect(sets.length).toBeGreaterThan(5);
  });

  test("generateInputs() keeps a whole float a float when it varies it", () => {
    const contract = contractOf({ type: "number", minimum: 0 });
    const inputs = generateInputs(contract, [[{ $float: "3.0" }]], { count: 20, seed: 4 });
    const floats = inputs.filter(([value]) =>
      /^\{"\$float":"\d+\.0"\}$/.test(JSON.stringify(value)),
    );
    expect(floats.length).toBeGreaterThan(3);
  });

  test("generateInputs() holds an optional parameter out when the calls do", () => {
    const contract = contractOf({ type: "integer" }, { type: "integer", default: 2 });
    const inputs = generateInputs(contract, [[5]], { count: 10, seed: 2 });
    expect(inputs).toHaveLength(10);
    expect(inputs.some((args) => args.length === 1)).toBe(true);
  });

  test("generateInputs() bounds every input when a call is large", () => {
    const long = "x".repeat(15_000);
    const inputs = generateInputs(contractOf({ type: "string" }), [[long]], { count: 20, seed: 9 });
    for (const args of inputs) {
      expect(canonicalJson([...args]).length).toBeLessThanOrEqual(16_000);
    }
  });
});
