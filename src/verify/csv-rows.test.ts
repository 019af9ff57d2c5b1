import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { csvRows } from "./csv-rows.ts";

describe("csvRows()", () => {
  it.each<[string, string[][]]>([
    [
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    [
      "a,b\r\n1,\r\n",
      [
        ["a", "b"],
        ["1", ""],
      ],
    ],
    ["\ufeffa\n\n\nb", [["a"], ["b"]]],
    ['"x,""y""\n",z', [['x,"y"\n', "z"]]],
    ["a,", [["a", ""]]],
    [",", [["", ""]]],
    ["", []],
  ])("csvRows() reads %j", (text, rows) => {
    expect(csvRows(text)).toEqual(rows);
  });

  it.each(['"a', '"a"b,c', 'x\n"'])("csvRows() refuses %j", (text) => {
    expect(csvRows(text)).toBeUndefined();
  });

  it("csvRows() gives back any cells that were written as CSV", () => {
    const cell = fc.string();
    const row = fc.array(cell, { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((cells) => cells.map(quoted).join(",")).join("\n");
        expect(csvRows(text)).toEqual(rows);
      }),
    );
  });
});
