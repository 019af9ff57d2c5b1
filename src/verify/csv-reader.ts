export type CsvReading =
  | { readonly kind: "read"; readonly rows: readonly (readonly string[])[] }
  /** One line; rows count from 1, the first being the names. */
  | { readonly kind: "unreadable"; readonly problem: string };

/** Up to the next comma, line end or quote. */
const plainCell = /[^,"\r\n]*/y;
/** With its quotes; a quote within is written twice. */
const quotedCell = /"(?:[^"]|"")*"/y;
const lineEnd = /\r\n|\n|\r/y;

/**
 * Comma-separated values as RFC 4180 has them, strictly: every row has as many cells as the first, a
 * quote stands only around a whole cell or twice within one. Any line end, a byte order mark and empty
 * lines are allowed.
 */
export function readCsv(text: string): CsvReading {
  const rows: string[][] = [];
  let offset = text.startsWith("\ufeff") ? 1 : 0;
  while (offset < text.length) {
    const row = readRow(text, offset);
    if (typeof row === "string") {
      return { kind: "unreadable", problem: `row ${rows.length + 1}: ${row}` };
    }
    offset = row.end;
    const [only] = row.cells;
    const isEmpty = row.cells.length === 1 && only === "" && !row.isQuoted;
    if (isEmpty) {
      continue;
    }
    const wanted = rows[0]?.length ?? row.cells.length;
    if (row.cells.length !== wanted) {
      const problem = `row ${rows.length + 1} has ${row.cells.length} cells, the first has ${wanted}`;
      return { kind: "unreadable", problem };
    }
    rows.push(row.cells);
  }
  return { kind: "read", rows };
}

interface Row {
  readonly cells: string[];
  readonly isQuoted: boolean;
  /** Behind the line's end. */
  readonly end: number;
}

function readRow(text: string, start: number): Row | string {
  const cells: string[] = [];
  let offset = start;
  let isQuoted = false;
  for (;;) {
    const isQuote = text[offset] === '"';
    const cell = matchAt(isQuote ? quotedCell : plainCell, text, offset);
    if (cell === undefined) {
      return "a quote is opened and never closed";
    }
    isQuoted ||= isQuote;
    cells.push(isQuote ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    offset += cell.length;
    if (text[offset] === ",") {
      offset += 1;
      continue;
    }
    const end = offset >= text.length ? "" : matchAt(lineEnd, text, offset);
    return end === undefined
      ? `a quote stands within cell ${cells.length}; put the whole cell in quotes, and write quotes in it twice`
      : { cells, isQuoted, end: offset + end.length };
  }
}

function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}
