import { describe, expect, it } from "vitest";
import { readEntryFile } from "./entry-file.ts";

describe("readEntryFile()", () => {
  it.each<[string, string, unknown[]]>([
    ["a list", "a.json", ['[1, {"args": []}]', [1, { args: [] }]]],
    ["a list under a name", "a.json", ['{"cases": [1]}', [1]]],
    ["a list under the other name, behind a mark", "a.JSON", ['\ufeff{"examples": [1]}', [1]]],
    ["one entry", "a.json", ['{"args": []}', [{ args: [] }]]],
    ["one a line", "a.ndjson", ["1\n\n[2]\r\n", [1, [2]]]],
    ["one a line in spite of its name", "a.json", ['{"a": 1}\n{"a": 2}', [{ a: 1 }, { a: 2 }]]],
    ["what begins as JSON", "a", [" [1]", [1]]],
  ])("readEntryFile() reads %s", (_title, fileName, [text, entries]) => {
    expect(readEntryFile(String(text), fileName)).toEqual({ kind: "entries", entries });
  });

  it("readEntryFile() reads a table from CSV, and from what is no JSON", () => {
    const table = { columns: ["n", "returns"], rows: [["[1]", "2"]] };
    for (const name of ["a.csv", "a.txt", "a"]) {
      expect(readEntryFile("n, returns\n[1],2\n", name)).toEqual({ kind: "table", table });
    }
  });

  it.each<[string, string, string]>([
    ["7", "a.json", "holds no list"],
    ["[1,\n2,,]", "a.json", "is no JSON at line 2, column 3: wanted a value"],
    ['{"a": 1}\n{"a"\n', "a.jsonl", "is no JSON at line 2, column 5: wanted"],
    ["[NaN]", "a.json", '{"$float": "nan"}'],
    ["\n", "a.jsonl", "is empty"],
    ["", "a.csv", "is empty"],
    ["a,b\n1\n", "a.csv", "is no CSV: row 2 has 1 cells"],
  ])("readEntryFile() says why %j in %s is none", (text, fileName, problem) => {
    expect(readEntryFile(text, fileName)).toEqual({
      kind: "unreadable",
      problem: expect.stringContaining(problem),
    });
  });
});
