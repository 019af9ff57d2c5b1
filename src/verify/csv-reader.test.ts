import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readCsv } from "./csv-reader.ts";

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

describe("readCsv()", () => {
  it("readCsv() reads quotes, commas and line ends within cells, and any line end between", () => {
    expect(readCsv('\ufeffa,b\r\n"1,""x""","two\nlines"\n\n,\r"",x')).toEqual({
      kind: "read",
      rows: [
        ["a", "b"],
        ['1,"x"', "two\nlines"],
        ["", ""],
        ["", "x"],
      ],
    });
    expect(readCsv("")).toEqual({ kind: "read", rows: [] });
    expect(readCsv('a\n""')).toEqual({ kind: "read", rows: [["a"], [""]] });
  });

  it("readCsv() reads what was written, whatever the cells hold", () => {
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(fc.string({ unit: "binary" }), { minLength: width, maxLength: width })),
      );
    fc.assert(
      fc.property(table, (rows) => {
        const text = rows.map((row) => row.map(quoted).join(",")).join("\r\n");
        expect(readCsv(text)).toEqual({ kind: "read", rows });
      }),
    );
  });

  it.each([
    ["a,b\n1", "row 2 has 1 cells, the first has 2"],
    ["a,b\n1,2,3", "row 2 has 3 cells"],
    ['a\n"x', "row 2: a quote is opened and never closed"],
    ['a\nx"y', "row 2: a quote stands within cell 1"],
    ['a\n"x"y', "row 2: a quote stands within cell 1"],
  ])("readCsv() says where %j is none", (text, problem) => {
    expect(readCsv(text)).toEqual({
      kind: "unreadable",
      problem: expect.stringContaining(problem),
    });
  });

  it("readCsv() reads a long unclosed quote and a million cells in linear time", () => {
    expect(readCsv(`a\n"${'""'.repeat(1_000_000)}`).kind).toBe("unreadable");
    const reading = readCsv("a,b\n".repeat(500_000));
    expect(reading.kind === "read" && reading.rows.length).toBe(500_000);
  });
});
