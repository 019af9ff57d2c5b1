/**
 * The rows of a CSV text (RFC 4180: cells with commas in quotes, quotes doubled); empty lines are
 * left out. Undefined when a quoted cell does not end, or text follows its closing quote.
 */
export function csvRows(text: string): string[][] | undefined {
  const rows: string[][] = [];
  // A byte order mark is no part of the first cell.
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    const row = rowAt(text, at);
    if (row === undefined) {
      return undefined;
    }
    const { cells, end } = row;
    if (cells.length > 1 || cells[0] !== "") {
      rows.push(cells);
    }
    at = end + (text.startsWith("\r\n", end) ? 2 : 1);
  }
  return rows;
}

function rowAt(text: string, start: number): { cells: string[]; end: number } | undefined {
  const cells: string[] = [];
  for (let at = start; ; at += 1) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    if (cell === undefined) {
      return undefined;
    }
    cells.push(cell.value);
    at = cell.end;
    if (text[at] !== ",") {
      return { cells, end: at };
    }
  }
}

function plainCell(text: string, start: number): { value: string; end: number } {
  let end = start;
  while (end < text.length && text[end] !== "," && text[end] !== "\n" && text[end] !== "\r") {
    end += 1;
  }
  return { value: text.slice(start, end), end };
}

function quotedCell(text: string, start: number): { value: string; end: number } | undefined {
  let value = "";
  let at = start + 1;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) {
      return undefined;
    }
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      const end = quote + 1;
      return end >= text.length || ",\n\r".includes(text[end] ?? "") ? { value, end } : undefined;
    }
    value += '"';
    at = quote + 2;
  }
}
