import { describe, expect, it } from "vitest";
import { createSiteCover, withoutColumns } from "./hidden-columns.ts";

describe("withoutColumns()", () => {
  it.each([
    ["f (s.ts:3:9)", "f (s.ts:3:1)"],
    ["s.ts:12:345", "s.ts:12:1"],
    [
      "eval (eval at f (s.ts:3:9), <anonymous>:1:17)",
      "eval (eval at f (s.ts:3:1), <anonymous>:1:1)",
    ],
    ["f (a:1:3:9)", "f (a:1:1:1)"],
    ["f1 [as g2] (s3.ts)", "f1 [as g2] (s3.ts)"],
  ])("withoutColumns() of %s keeps the line alone", (text, expected) => {
    expect(withoutColumns(text)).toBe(expected);
  });
});

describe("createSiteCover()", () => {
  it("gives every site the same columns, and nothing that tells what is run", () => {
    const site = {
      getColumnNumber: () => 9,
      getEnclosingColumnNumber: () => 5,
      getPosition: () => 77,
      getLineNumber: () => 3,
      getEvalOrigin: () => "eval at f (s.ts:3:9)",
      getScriptHash: () => "5f",
      toString: () => "f (s.ts:3:9)",
    };
    const covered = createSiteCover(site).cover(site) as typeof site;
    expect([covered.getColumnNumber(), covered.getEnclosingColumnNumber()]).toEqual([1, 1]);
    expect([covered.getPosition(), covered.getLineNumber()]).toEqual([0, 3]);
    expect([covered.getEvalOrigin(), String(covered)]).toEqual([
      "eval at f (s.ts:3:1)",
      "f (s.ts:3:1)",
    ]);
    expect(covered.getScriptHash).toBeUndefined();
    expect(Object.keys(covered)).toEqual([]);
  });
});
