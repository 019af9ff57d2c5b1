import { describe, expect, it } from "vitest";
import type { JsonValue } from "../shared/json.ts";
import type { Contract } from "./contract.ts";
import { deriveContract, withInferredTypes } from "./derive-contract.ts";
import { errorsOfGiven, type GivenCases, readGivenCases } from "./given-cases.ts";
import { strictSchemaProblem } from "./strict-schema.ts";

const limits = { maxCaseBytes: 1_000_000 };

function contractOf(parameters: readonly string[], given: GivenCases, result?: string): Contract {
  const reading = deriveContract({
    name: "skill",
    language: "python",
    entry: "f",
    description: "d",
    signature: {
      parameters: parameters.map((text) => {
        const [name = "", type] = text.split(":");
        return type === undefined ? { name } : { name, type };
      }),
      namedOnly: [],
      ...(result === undefined ? {} : { result }),
    },
    errors: errorsOfGiven(given),
  });
  if (reading.kind === "unreadable") {
    throw new Error(reading.problem);
  }
  return reading.contract;
}

function read(parameters: readonly string[], given: GivenCases, result?: string) {
  const contract = contractOf(parameters, given, result);
  const reading = readGivenCases(given, contract, limits);
  return reading.kind === "read"
    ? { cases: reading.cases, contract: withInferredTypes(contract, reading.cases) }
    : reading.problem;
}

describe("readGivenCases()", () => {
  it("readGivenCases() takes every kind of case as an example, and each once", () => {
    const given: JsonValue[] = [
      { args: [1], returns: 2 },
      { args: { n: 2 }, returns: 3, files: { "a.txt": "x" }, filesAfter: { "b.txt": "y" } },
      { args: ["x"], raises: "builtins.TypeError" },
      { args: [1], property: "result > 1" },
      { args: [1], returns: 2, why: "again" },
    ];
    const found = read(["n"], given);
    expect(found).toMatchObject({
      cases: [
        { kind: "returns", origin: "example", args: [1], expected: 2 },
        { kind: "returns", args: [2] },
        { kind: "raises", errorType: "TypeError" },
        { kind: "property" },
      ],
      contract: {
        parameters: [{ name: "n", schema: { type: "integer" } }],
        errors: [{ type: "TypeError" }],
        files: { reads: ["a.txt"], makes: ["b.txt"] },
      },
    });
  });

  it.each<[string, readonly string[], GivenCases, string]>([
    ["none", ["n"], [], "there is no case"],
    ["no object", ["n"], [1], "case 1: is no object"],
    ["nothing that must come back", ["n"], [{ args: [1] }], "says nothing that must come back"],
    [
      "too many arguments",
      ["n: int"],
      [{ args: [1, 2], returns: 1 }],
      "case 1: 2 arguments where 1",
    ],
    [
      "an argument of another type than the code says",
      ["n: int"],
      [
        { args: [1], returns: 1 },
        { args: ["x"], returns: 1 },
      ],
      "case 2: argument n does not fit",
    ],
    [
      "contradictions",
      ["n"],
      [
        { args: [1], returns: 1 },
        { args: [2], returns: 1 },
        { args: [1], raises: "ValueError" },
      ],
      "case 3 contradicts case 1",
    ],
    ["deep nesting", ["n"], [JSON.parse(`{"args":${"[".repeat(70)}${"]".repeat(70)}}`)], "nested"],
    ["an unknown column", ["n"], { columns: ["n", "m"], rows: [["1", "2"]] }, 'the column "m"'],
    ["a column twice", ["n"], { columns: ["n", "n"], rows: [["1", "2"]] }, "two columns"],
    [
      "10 MB in one case",
      ["n"],
      [{ args: ["x".repeat(10_000_000)], returns: 1 }],
      "case 1: it has 10000",
    ],
    [
      "more cases than are taken",
      ["n"],
      Array.from({ length: 10_001 }, (_, n) => ({ args: [n], returns: n })),
      "there are 10001, at most 10000",
    ],
  ])(
    "readGivenCases() refuses all of them for %s, and says where",
    (_name, names, given, problem) => {
      expect(read(names, given)).toContain(problem);
    },
  );

  it("readGivenCases() reads 10,000 cases", () => {
    const given = Array.from({ length: 10_000 }, (_, n) => ({ args: [n], returns: n }));
    expect(read(["n"], given)).toMatchObject({ cases: { length: 10_000 } });
  });

  it("readGivenCases() keeps -0, NaN, lone surrogates and odd keys as they are", () => {
    const odd = JSON.parse(
      '[{"args":[-0],"returns":{"$float":"nan"}},{"args":["\\ud800"],"returns":{"__proto__":1,"constructor":2}},{"args":["\\ufffd"],"returns":{}}]',
    );
    expect(read(["n"], odd)).toMatchObject({
      cases: [
        { args: [{ $float: "-0" }], expected: { $float: "nan" } },
        { args: ["\ud800"] },
        { args: ["\ufffd"], expected: {} },
      ],
    });
    const found = read(["n"], odd);
    const second = typeof found === "string" ? undefined : found.cases[1];
    expect(second?.kind === "returns" && JSON.stringify(second.expected)).toBe(
      '{"__proto__":1,"constructor":2}',
    );
  });

  it("readGivenCases() reads cells as the parameter's type, else as JSON or text", () => {
    const table = {
      columns: ["text", "value", "returns", "raises"],
      rows: [
        ["007", "7", "x", ""],
        ["", "[1, 2]", "", ""],
        ["null", "word", "", "ValueError"],
        ["t", "NaN", "1e400", ""],
      ],
    };
    expect(read(["text: str", "value"], table, "str")).toMatchObject({
      cases: [
        { args: ["007", 7], expected: "x" },
        { args: ["", [1, 2]], expected: "" },
        { args: ["null", "word"], errorType: "ValueError" },
        { args: ["t", { $float: "nan" }], expected: "1e400" },
      ],
    });
    const without = { columns: ["value", "returns"], rows: [["1", ""]] };
    expect(read(["value"], without)).toContain("case 1: says nothing that must come back");
  });
});

describe("withInferredTypes()", () => {
  it("withInferredTypes() takes the narrowest types of the cases where the code says none", () => {
    const given: JsonValue[] = [
      { args: [1, [1, "a"], { a: 1 }, 5], returns: [1.5, null] },
      { args: [2.5, [], { b: 2 }, { $integer: "12345678901234567890" }], returns: [] },
      { args: ["not counted", 1, 1, 1], raises: "TypeError" },
    ];
    const found = read(["number", "list", "mapping: dict[str, int]", "whole"], given);
    expect(typeof found === "string" ? found : found.contract).toMatchObject({
      parameters: [
        { schema: { type: "number" } },
        { schema: { type: "array", items: { type: ["integer", "string"] } } },
        { schema: { type: "object", additionalProperties: { type: "integer" } } },
        { schema: { type: "integer" } },
      ],
      result: { type: "array", items: { type: ["null", "number"] } },
    });
  });

  it("withInferredTypes() takes a default that is written out for a value", () => {
    const given: JsonValue[] = [{ args: [], returns: 1 }];
    const contract = contractOf(["n"], given);
    const [parameter] = contract.parameters;
    const reading = readGivenCases([{ args: [1], returns: 1 }], contract, limits);
    const cases = reading.kind === "read" ? reading.cases.map((one) => ({ ...one, args: [] })) : [];
    const schemaWith = (preset: JsonValue) =>
      withInferredTypes(
        {
          ...contract,
          parameters: parameter ? [{ ...parameter, schema: { default: preset } }] : [],
        },
        cases,
      ).parameters[0]?.schema;
    expect(schemaWith(0)).toEqual({ type: "integer", default: 0 });
    expect(schemaWith(null)).toEqual({ default: null });
  });

  it("withInferredTypes() says nothing of a result that only properties speak of", () => {
    const found = read(["n"], [{ args: [1], property: "result > 0" }]);
    expect(typeof found === "string" ? found : found.contract.result).toEqual({});
  });
});

describe("strictSchemaProblem()", () => {
  it.each<[JsonValue, string | undefined]>([
    [
      { type: "object", properties: { a: { type: ["string", "null"] } }, required: ["a"] },
      undefined,
    ],
    [{ anyOf: [{ const: 1 }, { enum: [2] }], default: 1, description: "x" }, undefined],
    [{ type: "array", items: { type: "int" } }, 'p.items.type is "int"'],
    [{ type: [] }, "p.type is []"],
    [{ type: "string", pattern: "a+" }, "p.pattern is a keyword that contracts do not hold"],
    [{ properties: { a: "string" } }, 'p.properties.a is "string", a JSON Schema is wanted'],
    [{ anyOf: [] }, "p.anyOf is no list of schemas"],
    [{ anyOf: [{}, { minLength: -1 }] }, "p.anyOf.1.minLength is no count"],
    [{ minimum: "1" }, "p.minimum is no number"],
    [{ enum: [] }, "p.enum is no list of values"],
    [{ required: "a" }, "p.required is no list of names"],
    [{ $ref: "#/x" }, "p.$ref is a keyword"],
    ["string", 'p is "string", a JSON Schema is wanted'],
    [[], "p is []"],
  ])("strictSchemaProblem() of %j", (schema, problem) => {
    const found = strictSchemaProblem(schema, "p");
    expect(found).toEqual(problem === undefined ? undefined : expect.stringContaining(problem));
  });

  it("strictSchemaProblem() looks no deeper than contracts go", () => {
    let deep: JsonValue = {};
    for (let level = 0; level < 5_000; level += 1) {
      deep = { items: deep };
    }
    expect(strictSchemaProblem(deep, "p")).toContain("nested deeper");
    expect(strictSchemaProblem(undefined, "p")).toContain("missing");
  });
});
