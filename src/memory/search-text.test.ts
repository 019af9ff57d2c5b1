import { DatabaseSync } from "node:sqlite";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toSearchExpression, toSearchText } from "./search-text.ts";

describe("toSearchExpression()", () => {
  it.each([
    ["Create a JSON validator skill", '"json" OR "validator"'],
    ["JSON json JSON!", '"json"'],
    ['say "hi" AND (x)', '"say" OR "hi" OR "x"'],
    ["解析", '"解" OR "析"'],
  ])("toSearchExpression() makes quoted words of %j", (goal, expected) => {
    expect(toSearchExpression(goal)).toBe(expected);
  });

  it("toSearchExpression() gives undefined when no word tells anything", () => {
    for (const goal of ["", "?!", "the skill of a", "*"]) {
      expect(toSearchExpression(goal)).toBeUndefined();
    }
  });

  it("toSearchExpression() gives what FTS5 accepts for any text", () => {
    const database = new DatabaseSync(":memory:");
    database.exec("CREATE VIRTUAL TABLE t USING fts5 (goal)");
    const search = database.prepare("SELECT rowid FROM t WHERE t MATCH ?");
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (goal) => {
        const expression = toSearchExpression(goal);
        if (expression !== undefined) search.all(expression);
      }),
      { numRuns: 1_000 },
    );
    database.close();
  });
});

describe("toSearchText()", () => {
  it("toSearchText() sets characters of scripts without spaces apart and leaves others", () => {
    expect(toSearchText("JSON 解析 ok").split(/\s+/)).toEqual(["JSON", "解", "析", "ok"]);
  });
});
