import { parseExactJson } from "../shared/exact-json.ts";
import type { JsonValue } from "../shared/json.ts";
import { nestsDeeperThan } from "../shared/nesting.ts";

/** A value written in running text, and where it ends. */
export interface Literal {
  readonly value: JsonValue;
  readonly end: number;
}

const maxLiteralLength = 4_000;
const maxLiteralDepth = 20;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.%]*\w)/y;
const word = /(?:true|false|null|True|False|None)(?!\w)/y;
const words: Readonly<Record<string, string>> = { True: "true", False: "false", None: "null" };
const closing: Readonly<Record<string, string>> = { "[": "]", "{": "}", "(": ")" };

/**
 * Reads the value that begins at this place of a text: JSON, or Python's way of writing the same
 * (`'text'`, `True`, `None`, a tuple). Undefined when none begins there, when it does not end, or
 * when it means something that JSON cannot say: a set, a name, an expression.
 */
export function literalAt(text: string, start: number): Literal | undefined {
  const source = text.slice(start, start + maxLiteralLength);
  const scanner = new Scanner(source);
  if (!scanner.value(0)) {
    return undefined;
  }
  const value = parseExactJson(scanner.json);
  return value === undefined || nestsDeeperThan(value, maxLiteralDepth)
    ? undefined
    : { value, end: start + scanner.at };
}

/** The values between the brackets that open at this place, with commas between them. */
export function argumentsAt(
  text: string,
  start: number,
): { readonly args: readonly JsonValue[]; readonly end: number } | undefined {
  if (text[start] !== "(") {
    return undefined;
  }
  const scanner = new Scanner(text.slice(start, start + maxLiteralLength));
  const value = scanner.items("(", 0) ? parseExactJson(scanner.json) : undefined;
  return Array.isArray(value) && !nestsDeeperThan(value, maxLiteralDepth)
    ? { args: value, end: start + scanner.at }
    : undefined;
}

/** Goes over one literal and writes it down as JSON. */
class Scanner {
  at = 0;
  json = "";
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): boolean {
    const character = this.#text[this.at] ?? "";
    if (depth > maxLiteralDepth) {
      return false;
    }
    if (character === '"' || character === "'") {
      return this.#string(character);
    }
    if (character === "{") {
      return this.#object(depth);
    }
    if (character === "[") {
      return this.items(character, depth);
    }
    if (character === "(") {
      return this.#tuple(depth);
    }
    return this.#take(number) || this.#take(word);
  }

  /** Values with commas between them; brackets of any kind become a list. */
  items(open: "[" | "(", depth: number): boolean {
    const close = closing[open] ?? "]";
    this.at += 1;
    this.json += "[";
    for (;;) {
      this.#space();
      if (this.#skip(close)) {
        this.#close("]");
        return true;
      }
      if (!this.value(depth + 1)) {
        return false;
      }
      this.#space();
      if (this.#skip(",")) {
        this.json += ",";
      } else if (this.#text[this.at] !== close) {
        return false;
      }
    }
  }

  /** `()`, `(1,)` and `(1, 2)` are tuples; `(1)` is 1 in brackets, or somebody's aside. */
  #tuple(depth: number): boolean {
    const before = this.json;
    const begin = this.at;
    if (!this.items("(", depth)) {
      return false;
    }
    const written = this.#text.slice(begin, this.at);
    const items = parseExactJson(this.json.slice(before.length));
    return !Array.isArray(items) || items.length !== 1 || /,\s*\)$/.test(written);
  }

  #object(depth: number): boolean {
    this.at += 1;
    this.json += "{";
    for (;;) {
      this.#space();
      if (this.#skip("}")) {
        this.#close("}");
        return true;
      }
      if (!this.#member(depth)) {
        return false;
      }
      this.#space();
      if (this.#skip(",")) {
        this.json += ",";
      } else if (this.#text[this.at] !== "}") {
        return false;
      }
    }
  }

  #member(depth: number): boolean {
    const quote = this.#text[this.at] ?? "";
    if ((quote !== '"' && quote !== "'") || !this.#string(quote)) {
      return false;
    }
    this.#space();
    if (!this.#skip(":")) {
      return false;
    }
    this.json += ":";
    this.#space();
    return this.value(depth + 1);
  }

  /** `[1, 2, ]` has a comma too many for JSON alone. */
  #close(bracket: string): void {
    const body = this.json.endsWith(",") ? this.json.slice(0, -1) : this.json;
    this.json = body + bracket;
  }

  #string(quote: string): boolean {
    let end = this.at + 1;
    while (end < this.#text.length && this.#text[end] !== quote) {
      if (this.#text[end] === "\n") {
        return false;
      }
      end += this.#text[end] === "\\" ? 2 : 1;
    }
    if (end >= this.#text.length) {
      return false;
    }
    const inner = this.#text.slice(this.at + 1, end);
    const body =
      quote === '"' ? inner : inner.replaceAll(/\\'/g, "'").replaceAll(/(?<!\\)"/g, '\\"');
    const json = `"${body.replaceAll("\t", "\\t")}"`;
    // `\x41` is Python's; what JSON cannot read is not guessed.
    if (typeof parseExactJson(json) !== "string") {
      return false;
    }
    this.at = end + 1;
    this.json += json;
    return true;
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found === undefined) {
      return false;
    }
    this.at += found.length;
    this.json += words[found] ?? found;
    return true;
  }

  #skip(character: string): boolean {
    const isThere = this.#text[this.at] === character;
    this.at += isThere ? 1 : 0;
    return isThere;
  }

  #space(): void {
    while (/\s/.test(this.#text[this.at] ?? "")) {
      this.at += 1;
    }
  }
}
