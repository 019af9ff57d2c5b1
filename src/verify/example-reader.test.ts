import { describe, expect, it } from "vitest";
import type { Contract } from "./contract.ts";
import { describeCase } from "./describe-case.ts";
import { exampleProblem, readExample } from "./example-reader.ts";

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
