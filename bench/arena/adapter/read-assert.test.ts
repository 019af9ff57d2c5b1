import { describe, expect, test } from "vitest";
import { readAssert } from "./read-assert.ts";
import { tagPython } from "./tag-python.ts";

function equality(source: string): unknown {
  const reading = readAssert(source, "f");
  return reading.kind === "equals"
    ? [reading.args.positional.map(tagPython), tagPython(reading.expected)]
    : reading;
}

describe("readAssert()", () => {
  test.each([
    ["assert f(1, [2]) == 3", [[1, [2]], 3]],
    ["assert 3 == f('a'), 'message'", [["a"], 3]],
    ["assert f(3.0) == -2.0", [[{ $float: "3.0" }], { $float: "-2.0" }]],
    ["assert (f({1: 'x'}) == (1, -2.5))", [[{ "1": "x" }], [1, -2.5]]],
    ["assert candidate() is None", [[], null]],
    ["assert f('''a\nb''', \"\\u00e4\") == {1, 2}", [["a\nb", "ä"], { $set: [1, 2] }]],
    ["assert f(10 ** 3, 'a' * 2) == True # why", [[1000, "aa"], true]],
    ["f(b'ab') == None", [[{ $bytes: "YWI=" }], null]],
    ["assert f([\n  1,\n]) == 12345678901234567890", [[[1]], { $integer: "12345678901234567890" }]],
  ])("readAssert() reads %s as a call and its value", (source, wanted) => {
    expect(equality(source)).toEqual(wanted);
  });

  test.each([
    ["assert not f(1)", "not result"],
    ["assert abs(f(2) - 1.5) < 1e-6", "abs(result - 1.5) < 1e-6"],
    ["assert round(f(2), 2) == 1.0, 'x'", "round(result, 2) == 1.0"],
    ["assert f(2)", "result"],
    ["assert sorted(f(2)) == [1]", "sorted(result) == [1]"],
  ])("readAssert() reads %s as a property", (source, expression) => {
    expect(readAssert(source, "f")).toMatchObject({ kind: "property", expression });
  });

  test.each([
    "assert g(1) == 2",
    "assert f(g(1)) == 2",
    "assert f(1) == f(2)",
    "assert f(x) == 2",
    "assert f(1",
    "assert all(f(1) == x for x in [1])",
    "assert result == 3",
  ])("readAssert() does not guess when it meets %s", (source) => {
    expect(readAssert(source, "f").kind).toBe("unreadable");
  });

  test("readAssert() keeps named arguments apart", () => {
    const reading = readAssert("assert f(1, n=2) == 3", "f");
    expect(reading.kind === "equals" && [...reading.args.named.keys()]).toEqual(["n"]);
  });
});
