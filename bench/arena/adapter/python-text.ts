import type { PythonValue } from "./python-value.ts";
import { endOfString } from "./source-scanner.ts";

const plainEscapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "0": "\0",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
};

/** The string or bytes literal that begins at `at`, and where it ends; undefined when none does. */
export function readPythonText(
  source: string,
  at: number,
): { value: PythonValue; end: number } | undefined {
  const opening = /([rRbBuU]{0,2})(["'])/y;
  opening.lastIndex = at;
  const [prefix, letters = "", quote = ""] = opening.exec(source) ?? [];
  if (prefix === undefined) {
    return undefined;
  }
  const start = at + letters.length;
  const end = endOfString(source, start);
  if (end === -1) {
    return undefined;
  }
  const width = source.startsWith(quote.repeat(3), start) ? 3 : 1;
  const raw = source.slice(start + width, end - width);
  const text = /r/i.test(letters) ? raw : withoutEscapes(raw);
  if (text === undefined) {
    return undefined;
  }
  const value: PythonValue = /b/i.test(letters)
    ? { kind: "bytes", value: Buffer.from(text, "latin1") }
    : { kind: "text", value: text };
  return { value, end };
}

/** Undefined where a name of a character is used, which only Python's own tables know. */
function withoutEscapes(raw: string): string | undefined {
  if (/\\N\{/.test(raw)) {
    return undefined;
  }
  const sequences = /\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3}|[\s\S])/g;
  return raw.replace(sequences, (whole, code: string) => {
    if (/^[xuU]./.test(code)) {
      const point = Number.parseInt(code.slice(1), 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    }
    if (/^[0-7]+$/.test(code)) {
      return String.fromCodePoint(Number.parseInt(code, 8));
    }
    return plainEscapes[code] ?? whole;
  });
}
