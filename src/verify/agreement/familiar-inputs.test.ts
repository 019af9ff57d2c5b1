import { describe, expect, test } from "vitest";
import { familiarInputs } from "./familiar-inputs.ts";

describe("familiarInputs()", () => {
  test.each([
    { trait: "a sign", calls: [[3], [0]], familiar: [9], strange: [-1] },
    { trait: "a fraction", calls: [[3], [5]], familiar: [4], strange: [2.5] },
    { trait: "emptiness", calls: [["ab"]], familiar: ["ba"], strange: [""] },
    { trait: "a character", calls: [["a1"]], familiar: ["z9"], strange: ["a b"] },
    { trait: "an order", calls: [[[1, 2, 3]]], familiar: [[4, 5]], strange: [[5, 4]] },
    { trait: "duplicates", calls: [[[1, 3, 2]]], familiar: [[7, 5]], strange: [[7, 7, 5]] },
    { trait: "a size", calls: [[[1, 3, 2]]], familiar: [[3, 1]], strange: [[90, 1]] },
    { trait: "null", calls: [[1]], familiar: [2], strange: [null] },
    { trait: "which is larger", calls: [[1, 5]], familiar: [2, 3], strange: [5, 1] },
  ])("familiarInputs() takes an input for strange when $trait shows in no call", (row) => {
    expect(familiarInputs([row.familiar, row.strange], row.calls)).toEqual([true, false]);
  });

  test("familiarInputs() finds every call familiar when it looks at the calls themselves", () => {
    const calls = [
      [[1, -2], "x y"],
      [[], "é"],
      [{ $set: [1] }, ""],
    ];
    expect(familiarInputs(calls, calls)).toEqual([true, true, true]);
    expect(familiarInputs([[1]], [])).toEqual([false]);
  });
});
