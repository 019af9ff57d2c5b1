import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findJsonSyntaxProblem } from "./json-syntax.ts";

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("findJsonSyntaxProblem", () => {
  it("findJsonSyntaxProblem() names line and column when a comma is missing", () => {
    const text = '{\n  "model": "a"\n  "language": "python"\n}';
    expect(findJsonSyntaxProblem(text)).toEqual({ line: 3, column: 3, wanted: "',' or '}'" });
  });

  it("findJsonSyntaxProblem() names the place when the text ends early, is empty or trails", () => {
    expect(findJsonSyntaxProblem("")).toMatchObject({ line: 1, column: 1 });
    expect(findJsonSyntaxProblem('{"a": ')).toMatchObject({ line: 1, column: 7 });
    expect(findJsonSyntaxProblem('{"a": 1,\n}')).toMatchObject({ line: 2, column: 1 });
    expect(findJsonSyntaxProblem("{} x")).toMatchObject({ line: 1, column: 4 });
    expect(findJsonSyntaxProblem("{a: 1}")).toMatchObject({ wanted: "a key in double quotes" });
  });

  it("findJsonSyntaxProblem() agrees with JSON.parse when texts are JSON with one letter changed", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 1 }), (json, at, letter) => {
        const place = at % (json.length + 1);
        const text = json.slice(0, place) + letter + json.slice(place + 1);
        expect(findJsonSyntaxProblem(json)).toBeUndefined();
        expect(findJsonSyntaxProblem(text) === undefined).toBe(parses(text));
      }),
    );
  });
});
