import { describe, expect, test } from "vitest";
import { readDocstring } from "./read-docstring.ts";

describe("readDocstring()", () => {
  test("readDocstring() reads sessions and arrows when their answers are literals", () => {
    const prompt = `def f(x):
    """Text f(3) = x + 1.
    >>> f([1, 2])
    [2, 3]
    >>> f(4) == 5
    f(7) ➞ "a"
    f(8) => None # nothing
    >>> f(9)
    Traceback
    """`;
    expect(readDocstring(prompt, "f")).toEqual([
      "assert f([1, 2]) == [2, 3]",
      'assert f(7) == "a"',
      "assert f(8) == None",
    ]);
  });
});
