import { describe, expect, test } from "vitest";
import { adaptProblem } from "./adapt-problem.ts";

const typed = 'def f(xs: List[int], n: int = 2) -> Tuple[int, str]:\n    """Text."""\n';

describe("adaptProblem()", () => {
  test("adaptProblem() takes the schemas from type hints when there are some", () => {
    const adapted = adaptProblem({
      name: "x",
      entry: "f",
      prompt: typed,
      asserts: [
        "assert f([1], n=3) == (1, 'a')",
        "assert f('x') == (1, 'a')",
        "assert f([1]) == 4",
      ],
      examples: [],
    });
    expect(adapted?.contract.parameters).toMatchObject([
      { name: "xs", schema: { type: "array", items: { type: "integer" } } },
      { name: "n", schema: { type: "integer", default: 2 } },
    ]);
    expect(adapted?.conversion).toEqual({ returns: 1, property: 0, unreadable: 0, unfit: 2 });
    expect(adapted?.cases).toMatchObject([{ args: [[1], 3], isExample: false, index: 0 }]);
  });

  test("adaptProblem() learns types and shapes from the calls when nothing is annotated", () => {
    const adapted = adaptProblem({
      name: "x",
      entry: "f",
      prompt: "def f(pairs, factor):\n",
      asserts: ["assert f([(1, 2)], 2.0) == 1", "assert f([], 0.5) == 2"],
      examples: [],
    });
    expect(adapted?.contract.parameters[1]?.schema).toEqual({ type: "number" });
    expect(adapted?.shapes).toEqual([
      { kind: "list", items: { kind: "tuple", items: null } },
      { kind: "float" },
    ]);
  });

  test("adaptProblem() lets no type hint exclude an example", () => {
    const adapted = adaptProblem({
      name: "x",
      entry: "f",
      prompt: "def f(n: int) -> int:\n",
      asserts: [],
      examples: ["assert f(2.5) == 'two'"],
    });
    expect(adapted?.cases).toMatchObject([{ isExample: true, args: [2.5] }]);
  });

  test("adaptProblem() gives nothing when the prompt defines no such function", () => {
    const text = { name: "x", entry: "g", prompt: typed, asserts: [], examples: [] };
    expect(adaptProblem(text)).toBeUndefined();
  });
});
