/**
 * The rows of a CSV text (RFC 4180: cells with commas in quotes, quotes doubled); empty lines are
 * left out. Undefined when a quoted cell does not end, or text follows its closing quote.
 */
export function csvRows(text: string): string[][] | undefined {
  const rows: string[][] = [];
  let row: string[] = [];
  // A byte order mark is no part of the first cell.
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : plainCell(text, at);
    if (cell === undefined) {
      return undefined;
    }
    row.push(cell.value);
    at = cell.end;
    if (text[at] === ",") {
      at += 1;
      if (at < text.length && text[at] !== "\n" && text[at] !== "\r") {
        continue;
      }
      row.push("");
    }
    if (row.length > 1 || row[0] !== "") {
      rows.push(row);
    }
    row = [];
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
  return rows;
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
