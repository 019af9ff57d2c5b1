import { describe, expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../shared/json.ts";
import type { Contract } from "./contract.ts";
import { describeCase } from "./describe-case.ts";
import { readSuite } from "./suite-reader.ts";

const contract: Contract = {
  name: "splitter",
  language: "python",
  description: "",
  entry: "split",
  parameters: [
    { name: "text", schema: { type: "string" }, description: "" },
    { name: "limit", schema: { type: "integer", default: -1 }, description: "" },
  ],
  result: { type: "array", items: { type: "string" } },
  errors: [{ type: "JSONDecodeError", when: "" }],
  capabilities: [],
  files: { reads: [], makes: [] },
};

function read(cases: JsonValue, given: Contract = contract) {
  const { cases: kept, dropped } = readSuite({ cases }, given);
  return {
    kept: kept.map((testCase) => describeCase(testCase, given.entry)),
    reasons: dropped.map(({ reason }) => reason),
    cases: kept,
  };
}

describe("readSuite()", () => {
  it("readSuite() reads the three kinds, with why and files", () => {
    const { kept, reasons, cases } = read([
      { why: "plain", args: ["a,b"], returns: ["a", "b"] },
      { args: [7], raises: "json.JSONDecodeError: bad" },
      {
        args: ["a,b", 1],
        property: "len(result) == 2",
        files: { "in.txt": "hi" },
        filesAfter: { "out/x.txt": "ho" },
      },
    ]);
    expect(reasons).toEqual([]);
    expect(kept).toEqual([
      'split("a,b") => ["a", "b"]',
      "split(7) raises JSONDecodeError",
      'split("a,b", 1) satisfies len(result) == 2, given in.txt, and makes out/x.txt',
    ]);
    expect(cases[0]).toMatchObject({ why: "plain", origin: "model" });
  });

  it("readSuite() reads arguments by name, alone, and with empty expectations beside", () => {
    const { kept, reasons } = read([
      { args: { limit: 2, text: "a" }, returns: ["a"], raises: null, property: "" },
      { input: { text: "b" }, expected: ["b"], error: "None" },
      { arguments: "c", output: ["c"] },
      { args: ["d"], returns: null, raises: "ValueError" },
    ]);
    expect(reasons).toEqual([]);
    expect(kept).toEqual([
      'split("a", 2) => ["a"]',
      'split("b") => ["b"]',
      'split("c") => ["c"]',
      'split("d") raises ValueError',
    ]);
  });

  it.each(["integer", "number"])("readSuite() keeps large integers where %s is wanted", (type) => {
    const parameters = [{ name: "n", schema: { type }, description: "" }];
    const next: Contract = { ...contract, entry: "next", parameters, result: { type } };
    const { kept, reasons, cases } = read(
      [
        { args: [{ $integer: "9007199254740993" }], returns: { $integer: "9007199254740994" } },
        { args: { $integer: "9007199254740995" }, returns: { $integer: "9007199254740996" } },
        { args: [{ $integer: "9007199254740993" }], returns: { $integer: "9007199254740994" } },
      ],
      next,
    );
    expect(reasons).toEqual(["said twice"]);
    expect(kept).toEqual([
      "next(9007199254740993) => 9007199254740994",
      "next(9007199254740995) => 9007199254740996",
    ]);
    expect(cases[0]?.args).toEqual([{ $integer: "9007199254740993" }]);
  });

  it("readSuite() takes an array for the only parameter when it fits only so", () => {
    const summing: Contract = {
      ...contract,
      entry: "total",
      parameters: [
        { name: "numbers", schema: { type: "array", items: { type: "number" } }, description: "" },
      ],
      result: { type: "number" },
    };
    const { kept } = read(
      [
        { args: [[1, 2]], returns: 3 },
        { args: [4, 5], returns: 9 },
        { args: [], returns: 0 },
        { args: [7], returns: 7 },
      ],
      summing,
    );
    expect(kept).toEqual([
      "total([1, 2]) => 3",
      "total([4, 5]) => 9",
      "total([]) => 0",
      "total([7]) => 7",
    ]);
  });

  it.each<[JsonValue, string]>([
    [{ args: [], returns: [] }, "0 arguments where 1 to 2 are wanted"],
    [{ args: ["a", 1, 2], raises: "ValueError" }, "3 arguments where 1 to 2 are wanted"],
    [{ args: [1], returns: [] }, "argument text does not fit"],
    [{ args: { txt: "a" }, returns: [] }, 'no parameter is named "txt"'],
    [{ args: ["a"], returns: "a" }, "does not fit the contract's result"],
    [{ args: ["a"], raises: "KeyError" }, "declares no error KeyError"],
    [{ args: ["a"], raises: "Exception" }, "declares no error Exception"],
    [{ args: ["a"], raises: "ValueError", returns: [] }, "both"],
    [{ args: ["a"] }, "says nothing that must come back"],
    [{ args: ["a"], property: "len(args) == 1" }, "does not look at the result"],
    [{ args: ["a"], property: `result ${"x".repeat(600)}` }, "longer than 500"],
    [{ args: ["a"], returns: [], files: { "../x": "" } }, "no text under a relative path"],
    [{ args: ["x".repeat(70_000)], returns: [] }, "larger than 64 KiB"],
    ["split('a')", "is no object"],
  ])("readSuite() drops %j", (written, reason) => {
    const { kept, reasons } = read([written]);
    expect(kept).toEqual([]);
    expect(reasons).toEqual([expect.stringContaining(reason)]);
  });

  it("readSuite() drops both of two cases that contradict each other, and one of two that agree", () => {
    const { kept, reasons } = read([
      { args: ["a"], returns: ["a"] },
      { args: ["a"], returns: [] },
      { args: ["b"], returns: ["b"] },
      { args: ["b"], returns: ["b"] },
      { args: ["b"], property: "len(result) == 1" },
    ]);
    expect(kept).toEqual(['split("b") => ["b"]', 'split("b") satisfies len(result) == 1']);
    expect(reasons).toEqual([
      "contradicts another case with the same call",
      "contradicts another case with the same call",
      "said twice",
    ]);
  });

  it.each<[Contract["language"], JsonObject, number]>([
    // An integer of Python has no sign at zero; a float has, and so has each number of TypeScript.
    ["python", { type: "integer" }, 1],
    ["python", { type: "number" }, 2],
    ["python", {}, 2],
    ["typescript", { type: "integer" }, 2],
  ])("readSuite() of %s with %j takes 0 and -0 for %i calls", (language, schema, calls) => {
    const inner = { type: "object", additionalProperties: { type: "array", items: schema } };
    const held = (wanted: JsonObject): Contract => ({
      ...{ ...contract, language, result: {} },
      parameters: [{ name: "value", schema: wanted, description: "" }],
    });
    const plain = JSON.parse('[{"args": [0], "returns": 1}, {"args": [-0], "returns": 1}]');
    expect(read(plain, held(schema)).kept).toHaveLength(calls);
    const deep = JSON.parse(
      '[{"args": [{"a": [0]}], "returns": 1}, {"args": [{"a": [-0]}], "returns": 1}]',
    );
    expect(read(deep, held(inner)).kept).toHaveLength(calls);
  });

  it("readSuite() takes results that the judge finds equal for one and the same", () => {
    const given = { ...contract, result: {} };
    const cases = JSON.parse(
      '[{"args": ["a"], "returns": [0, 3]}, {"args": ["a"], "returns": [-0, {"$float": "3.0"}]}]',
    );
    expect(read(cases, given).reasons).toEqual(["said twice"]);
  });

  it("readSuite() keeps at most 60 cases and lists a bounded number of dropped ones", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({ args: [`${index}`], returns: [] }));
    const { kept, reasons } = read(many);
    expect(kept).toHaveLength(60);
    expect(reasons).toHaveLength(60);
  });

  it.each<[string, JsonValue, number]>([
    ["a bare array", [{ args: ["a"], returns: [] }], 1],
    ["other names", { test_cases: [{ args: ["a"], returns: [] }] }, 1],
    [
      "cases by name",
      { first: { args: ["a"], returns: [] }, second: { args: ["b"], returns: [] } },
      2,
    ],
    ["one case alone", { args: ["a"], returns: [] }, 1],
    ["nothing", {}, 0],
    ["a text", "no", 0],
  ])("readSuite() finds the cases in %s", (_name, answer, count) => {
    expect(readSuite(answer, contract).cases).toHaveLength(count);
  });

  it("readSuite() survives a case nested 100,000 deep", () => {
    let deep: JsonValue = [];
    for (let level = 0; level < 100_000; level += 1) {
      deep = [deep];
    }
    expect(read([{ args: deep, returns: [] }]).reasons).toEqual(["nested deeper than 60 levels"]);
  });
});
