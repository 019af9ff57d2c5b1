import { count, type SyntaxNode } from "../tree.ts";
import { plainForParser } from "./parse-python.ts";

interface Line {
  /** Of the line's first character in the source. */
  readonly start: number;
  readonly text: string;
  /** Characters at the line's start that the parser did not get: a BOM, form feeds. */
  readonly hidden: number;
  /** False where the parser got another text than stands there. */
  readonly isTrue: boolean;
  /** UTF-16 index of each UTF-8 byte; undefined for a line of ASCII, where both are one. */
  readonly unitOfByte: Int32Array | undefined;
}

const lineEnds = /\r\n|\r|\n/g;

/** Turns the parser's positions (lines, and columns in UTF-8 bytes) into indexes of the source. */
export class PythonText {
  readonly source: string;
  readonly #lines: readonly Line[];

  constructor(source: string) {
    this.source = source;
    this.#lines = linesOf(source);
  }

  start(node: SyntaxNode): number {
    return this.#index(count(node, "lineno"), count(node, "col_offset"));
  }

  end(node: SyntaxNode): number {
    return this.#index(count(node, "end_lineno"), count(node, "end_col_offset"));
  }

  textOf(node: SyntaxNode): string {
    return this.source.slice(this.start(node), this.end(node));
  }

  /** From 1. */
  lineAt(index: number): number {
    let low = 0;
    let high = this.#lines.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#lines[middle]?.start ?? 0) <= index) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  /** The blanks before the first character of a line's code, or undefined when `index` is not there. */
  indentBefore(index: number): string | undefined {
    const line = this.#lines[this.lineAt(index) - 1];
    const lead = line === undefined ? "x" : this.source.slice(line.start, index);
    return /^[ \t\f]*$/.test(lead) ? lead : undefined;
  }

  /** True when positions on every line from one index to the other can be relied on. */
  isTrueBetween(start: number, end: number): boolean {
    const first = this.lineAt(start);
    const last = this.lineAt(end);
    return this.#lines.slice(first - 1, last).every(({ isTrue }) => isTrue);
  }

  #index(lineNumber: number, byteColumn: number): number {
    const line = this.#lines[lineNumber - 1];
    if (line === undefined) return this.source.length;
    const column = line.unitOfByte?.[byteColumn] ?? byteColumn;
    return line.start + Math.min(line.text.length, line.hidden + column);
  }
}

function linesOf(source: string): Line[] {
  const given = plainForParser(source).split(lineEnds);
  const lines: Line[] = [];
  let start = 0;
  for (const [index, text] of source.split(lineEnds).entries()) {
    const plain = given[index] ?? "";
    lines.push({
      start,
      text,
      hidden: text.length - plain.length,
      isTrue: text.endsWith(plain),
      unitOfByte: unitsOfBytes(plain),
    });
    start += text.length;
    start += source.startsWith("\r\n", start) ? 2 : 1;
  }
  return lines;
}

function unitsOfBytes(line: string): Int32Array | undefined {
  const bytes = Buffer.byteLength(line);
  if (bytes === line.length) return undefined;
  const units = new Int32Array(bytes + 1);
  let byte = 0;
  let unit = 0;
  for (const character of line) {
    units[byte] = unit;
    byte += Buffer.byteLength(character);
    unit += character.length;
  }
  units[byte] = unit;
  return units;
}
