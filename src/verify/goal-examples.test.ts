import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readExample } from "./example-reader.ts";
import { examplesInGoal, jsonText } from "./goal-examples.ts";

const linesOf = (goal: string) => examplesInGoal(goal).map(({ line }) => line);

describe("examplesInGoal()", () => {
  it.each<[string, readonly string[]]>([
    ['Write f. f("a") => 1 and f("b") -> 2.', ['("a") => 1', '("b") => 2']],
    ["Sum: f(1, 2) = 3; f() == 0", ["(1, 2) => 3", "() => 0"]],
    ['f(True, None) returns {"a": (1, 2)}', ['(true, null) => {"a":[1,2]}']],
    ["f(2) should return 4 but f(3) should not return 5", ["(2) => 4"]],
    [
      'f("") raises ValueError, f(0) => raises TypeError',
      ['("") => raises ValueError', "(0) => raises TypeError"],
    ],
    ["third(1) == 0.333 ± 0.001", ["(1) => 0.333 ± 0.001"]],
    ["Double:\n>>> f(2)\n4\n>>> f('x')\n'xx'\n", ["(2) => 4", '("x") => "xx"']],
    [
      'Strict:\n>>> f("x")\nTraceback (most recent call last):\n  File "f.py", line 1\nValueError: no\n',
      ['("x") => raises ValueError'],
    ],
    ['Reverse text, "abc" -> "cba"', ['"abc" => "cba"']],
    ["Reverse text: `'it\\'s'` → `\"s'ti\"`", ['"it\'s" => "s\'ti"']],
    ["Sort: [3, 1, 2] -> [1, 2, 3]", ["[3,1,2] => [1,2,3]"]],
    ['Upper case: input "x" gives "X", input "é" gives "É".', ['"x" => "X"', '"é" => "É"']],
    ["Input: [1, 2]\nOutput: 3", ["[1,2] => 3"]],
    ["2 -> 4\n3 -> 9", ["2 => 4", "3 => 9"]],
    [
      "f(12345678901234567890) => -0.0",
      ['({"$integer":"12345678901234567890"}) => {"$float":"-0"}'],
    ],
    ["f(1) => 2, as said: f(1) => 2", ["(1) => 2"]],
  ])("examplesInGoal() reads those of %j", (goal, lines) => {
    expect(linesOf(goal)).toEqual(lines);
    for (const line of lines) {
      expect(readExample(line).origin).toBe("example");
    }
  });

  it.each([
    "Create a JSON validator skill",
    'Rename keys "a" -> "b" in an object',
    'Replace "&" -> "&amp;" in a text',
    "convert 1 -> 2 columns",
    "f(2) => 4 or 5",
    "f(2) => 4 * 2",
    "f(2) => about 4",
    "f(x) => 1",
    "f(2) => g(3)",
    "it is not f(2) => 4",
    'encode("a") => "b", decode("b") => "a"',
    'it\'s "x" -> "y" isn\'t it',
    "see obj.f(2) => 4",
    "grow by 50% => 1.5",
    "f([1, 2, ...]) => 3",
    'f("a" + "b") => "ab"',
    "{1, 2} -> 3",
    "versions 1.2.3 -> 1.2.4",
  ])("examplesInGoal() guesses none from %j", (goal) => {
    expect(linesOf(goal)).toEqual([]);
  });

  it("examplesInGoal() says how the goal writes each", () => {
    expect(examplesInGoal("Twice: f(2)  =>  4; more")).toEqual([
      { line: "(2) => 4", written: "f(2)  =>  4" },
    ]);
  });

  it("examplesInGoal() ends on text that is all beginnings", () => {
    for (const part of ["[", "(", "[[],", '"a":', "f(1)=", "f(", "'", '{"a":', ">>> f(1)\n"]) {
      expect(linesOf(part.repeat(8_000 / part.length)).length).toBeLessThan(50);
    }
  });

  it("examplesInGoal() gives back any JSON value written as an example", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (given, wanted) => {
        const [left, right] = [given, wanted].map((value) => JSON.stringify(value));
        if (`${left}${right}`.length > 2_000) {
          return;
        }
        const read = examplesInGoal(`Make it so: f(${left}) => ${right}`);
        const [example] = read.map(({ line }) => readExample(line));
        expect(example).toMatchObject(readExample(`(${left}) => ${right}`));
      }),
    );
  });

  it("examplesInGoal() never throws, and gives lines that can be read, for any text", () => {
    const piece = fc.constantFrom(
      'f("a")',
      " => ",
      "->",
      "1",
      "[1]",
      "\n",
      ">>> ",
      "'x'",
      " ",
      ":",
      "{",
      "é",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        for (const line of linesOf(pieces.join(""))) {
          readExample(line);
        }
      }),
    );
  });
});

describe("jsonText()", () => {
  it("jsonText() keeps the sign of -0", () => {
    expect(jsonText([-0, 0, "é"])).toBe('[{"$float":"-0"},0,"é"]');
  });
});
