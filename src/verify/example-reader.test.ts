import { describe, expect, it } from "vitest";
import type { Contract } from "./contract.ts";
import { describeCase } from "./describe-case.ts";
import { exampleProblem, readExample, settleExamples } from "./example-reader.ts";

const listContract: Contract = {
  name: "total",
  language: "python",
  description: "",
  entry: "f",
  parameters: [{ name: "numbers", schema: { type: "array" }, description: "" }],
  result: { type: "number" },
  errors: [{ type: "JSONDecodeError", when: "" }],
  capabilities: [],
  files: { reads: [], makes: [] },
};

const shown = (line: string, contract?: Contract) => describeCase(readExample(line, contract), "f");

describe("readExample()", () => {
  it.each([
    ['"{}" => true', 'f("{}") => true'],
    ["1, 2 => 3", "f(1, 2) => 3"],
    ["[1, 2] => 3", "f(1, 2) => 3"],
    ["[[1, 2]] => 3", "f([1, 2]) => 3"],
    ['"a,b" => ["a","b"]', 'f("a,b") => ["a", "b"]'],
    ['"a => b" => "=>"', 'f("a => b") => "=>"'],
    ['"\\"=>" => 1', 'f("\\"=>") => 1'],
    ["=> 3", "f() => 3"],
    ["[] => 3", "f() => 3"],
    ["() => 3", "f() => 3"],
    ['{"a": 1} => null', 'f({"a": 1}) => null'],
    ['"x" => raises ValueError', 'f("x") raises ValueError'],
    ['"x" => !json.JSONDecodeError', 'f("x") raises JSONDecodeError'],
    ['validate_json("{}", 2) => true', 'f("{}", 2) => true'],
    ["12345678901234567890 => 1", "f(12345678901234567890) => 1"],
    ['{"$set": 1} => {"$ref": 2}', 'f({"$set": 1}) => {"$ref": 2}'],
  ])("readExample() reads %s", (line, text) => {
    expect(shown(line)).toBe(text);
  });

  it.each([
    ["[1, 2] => 3", "f([1, 2]) => 3"],
    ["[[1, 2]] => 3", "f([1, 2]) => 3"],
    ["[] => 0", "f([]) => 0"],
    ["[7] => 7", "f([7]) => 7"],
    ["f([1, 2]) => 3", "f([1, 2]) => 3"],
  ])("readExample() reads %s as one list when the contract wants one", (line, text) => {
    expect(shown(line, listContract)).toBe(text);
  });

  it.each([
    "1, 2",
    "",
    "True => 1",
    "'a' => 1",
    '"a" => True',
    '"a" =>',
    '"a => 1',
    `"${"x".repeat(70_000)}" => 1`,
    `${"[".repeat(90)}${"]".repeat(90)} => 1`,
  ])("readExample() says what is wanted when given %s", (line) => {
    expect(() => readExample(line)).toThrow(
      expect.objectContaining({
        code: "USAGE",
        blame: "caller",
        message: expect.stringContaining("ARGS => RESULT is wanted"),
      }),
    );
  });
});

describe("exampleProblem()", () => {
  it("exampleProblem() is undefined when the contract can keep the examples", () => {
    const lines = ["[1, 2] => 3", "[] => raises ValueError"];
    const examples = lines.map((line) => readExample(line, listContract));
    expect(exampleProblem(examples, listContract)).toBeUndefined();
  });

  it.each([
    ["1, 2, 3 => 3", "3 arguments where 1 is wanted"],
    ['[[1]] => "1"', "does not fit the contract's result"],
    ['"x" => 1', "argument numbers does not fit"],
    ["[[1]] => raises KeyError", "does not declare KeyError"],
  ])("exampleProblem() names what forbids %s", (line, problem) => {
    expect(exampleProblem([readExample(line, listContract)], listContract)).toContain(problem);
  });
});

describe("readExample()", () => {
  it("readExample() reads how far apart numbers may lie, and no such thing out of a text", () => {
    expect(readExample("[1, 3] => 0.333 ± 0.001")).toMatchObject({
      expected: 0.333,
      tolerance: 0.001,
    });
    expect(readExample("1 => [0.5, 2] +- 1e-3")).toMatchObject({
      expected: [0.5, 2],
      tolerance: 0.001,
    });
    expect(readExample('1 => "a ± 3"')).toMatchObject({ expected: "a ± 3" });
    expect(readExample('1 => "a ± 3"')).not.toHaveProperty("tolerance");
  });
});

describe("exampleProblem() of several", () => {
  it("exampleProblem() names two lines that are one call under the contract", () => {
    const lines = ["[1, 2] => 3", "[[1, 2]] => 4"];
    const examples = lines.map((line) => readExample(line, listContract));
    expect(exampleProblem(examples, listContract)).toContain(
      "it is the same call as f([1, 2]) => 3",
    );
  });
});

describe("settleExamples()", () => {
  it("settleExamples() keeps one of two lines that say the same", () => {
    expect(settleExamples(["1 => 2", "[1] => 2", '{"args": [1], "returns": 2}', "2 => 3"])).toEqual(
      ["1 => 2", "2 => 3"],
    );
  });

  it("settleExamples() refuses two that want different things of one call, naming both", () => {
    expect(() => settleExamples(["1 => 2", "f(1) => 3"])).toThrow(
      /'1 => 2' and 'f\(1\) => 3' want different things of the same call/,
    );
  });

  it("settleExamples() refuses more than may be", () => {
    const lines = Array.from({ length: 1_001 }, (_, n) => `${n} => 0`);
    expect(() => settleExamples(lines)).toThrow(/there are 1001, at most 1000 are wanted/);
  });
});
