import { isDeepStrictEqual } from "node:util";
import type { JsonObject, JsonValue } from "../shared/json.ts";

export type ParsedJson =
  | { readonly kind: "parsed"; readonly value: JsonValue; readonly end: number }
  /** `atEnd`: the text ends before the value does. */
  | {
      readonly kind: "failed";
      readonly problem: string;
      readonly at: number;
      readonly atEnd: boolean;
    };

const maxDepth = 200;

/**
 * Parses the value that begins at `start`. What small models get wrong is forgiven where it can mean
 * one thing only: comments, trailing commas, single quotes and backticks, Python's words and tuples, keys without
 * quotes, raw line feeds, NaN. Integers beyond 2^53 keep their digits, as `{"$integer": digits}`.
 * Linear in the length of the text.
 */
export function parseTolerantJson(text: string, start = 0): ParsedJson {
  const parser = new Parser(text, start);
  try {
    const value = parser.value(0);
    return { kind: "parsed", value, end: parser.index };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const atEnd = parser.isAtEnd();
    return { kind: "failed", problem: error.message, at: parser.index, atEnd };
  }
}

/** Never leaves this file: outside it is a value. */
class Failure extends Error {}

const space = /[\s\u200B\u2060\uFEFF]*/y;
const number = /[+-]?(?:0[xX][\dA-Fa-f]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)/y;
const word = /[A-Za-z_$][\w$]*/y;
const float = /float\(\s*(["'])([+-]?)(nan|inf|infinity)\1\s*\)/iy;

const words: ReadonlyMap<string, JsonValue> = new Map<string, JsonValue>([
  ["true", true],
  ["false", false],
  ["null", null],
  ["True", true],
  ["False", false],
  ["None", null],
  ["NaN", { $float: "nan" }],
  ["Infinity", { $float: "inf" }],
]);

class Parser {
  index: number;
  readonly #text: string;

  constructor(text: string, start: number) {
    this.#text = text;
    this.index = start;
  }

  isAtEnd(): boolean {
    return this.index >= this.#text.length;
  }

  value(depth: number): JsonValue {
    if (depth > maxDepth) throw new Failure(`brackets are nested more than ${maxDepth} deep`);
    this.#skip();
    const character = this.#text[this.index];
    if (character === "{") return this.#object(depth);
    if (character === "[") return this.#list(depth, "]").items;
    return character === "(" ? this.#tuple(depth) : this.#scalar();
  }

  #scalar(): JsonValue {
    const string = this.#string();
    if (string !== undefined) return string;
    return this.#number() ?? this.#float() ?? this.#word();
  }

  #object(depth: number): JsonObject {
    this.index += 1;
    const entries = new Map<string, JsonValue>();
    for (;;) {
      this.#skip();
      if (this.#take("}")) break;
      const key = this.#key();
      this.#skip();
      if (!this.#take(":")) throw this.#wanted("a colon");
      const value = this.value(depth + 1);
      if (entries.has(key) && !isDeepStrictEqual(entries.get(key), value)) {
        throw new Failure(`the key ${JSON.stringify(key)} stands twice, with two values`);
      }
      entries.set(key, value);
      this.#skip();
      if (this.#take("}")) break;
      if (!this.#take(",")) throw this.#wanted("a comma or }");
    }
    return Object.fromEntries(entries);
  }

  #list(depth: number, closing: "]" | ")"): { items: JsonValue[]; commas: number } {
    this.index += 1;
    const items: JsonValue[] = [];
    let commas = 0;
    for (;;) {
      this.#skip();
      if (this.#take(closing)) break;
      items.push(this.value(depth + 1));
      this.#skip();
      if (this.#take(closing)) break;
      if (!this.#take(",")) throw this.#wanted(`a comma or ${closing}`);
      commas += 1;
    }
    return { items, commas };
  }

  /** As in Python: brackets around one value alone are no tuple. */
  #tuple(depth: number): JsonValue {
    const { items, commas } = this.#list(depth, ")");
    const [only] = items;
    return commas === 0 && only !== undefined ? only : items;
  }

  #key(): string {
    const string = this.#string();
    if (string !== undefined) return string;
    const name = this.#match(word);
    if (name === undefined) throw this.#wanted("a key in double quotes");
    return name;
  }

  #string(): string | undefined {
    const quote = this.#text[this.index] ?? "";
    if (quote === '"' || quote === "'") {
      const triple = quote.repeat(3);
      return this.#text.startsWith(triple, this.index)
        ? this.#quoted(triple, triple)
        : this.#quoted(quote, quote);
    }
    if (quote === "`") return this.#template();
    if (quote !== "“" && quote !== "”") return undefined;
    const text = this.#quoted(quote, "”");
    if (text.includes('"')) throw new Failure("typographic quotes around straight ones");
    return text;
  }

  /** A text in backticks; three of them are a fence. */
  #template(): string | undefined {
    if (this.#text.startsWith("```", this.index)) return undefined;
    const text = this.#quoted("`", "`");
    if (text.includes("${")) throw new Failure("a template of JavaScript with a value in it");
    return text;
  }

  #quoted(opening: string, closing: string): string {
    const start = this.index + opening.length;
    const end = this.#endOfQuoted(start, closing);
    if (end === -1) {
      this.index = this.#text.length;
      throw new Failure("a text in quotes does not end");
    }
    const raw = this.#text.slice(start, end);
    const decoded = decode(raw);
    if (decoded === undefined) throw new Failure(`a text holds an escape that JSON does not have`);
    this.index = end + closing.length;
    return decoded;
  }

  /** Where the closing quotes stand that no backslash stands before. */
  #endOfQuoted(start: number, closing: string): number {
    const mark = closing.charCodeAt(0);
    for (let index = start; index < this.#text.length; index += 1) {
      const code = this.#text.charCodeAt(index);
      if (code === backslash) index += 1;
      else if (code === mark && this.#text.startsWith(closing, index)) return index;
    }
    return -1;
  }

  #float(): JsonValue | undefined {
    const text = this.#match(float);
    if (text === undefined) return undefined;
    if (/nan/i.test(text)) return { $float: "nan" };
    return { $float: text.includes("-") ? "-inf" : "inf" };
  }

  #number(): JsonValue | undefined {
    if (
      /[+-]/.test(this.#text[this.index] ?? "") &&
      this.#text.startsWith("Infinity", this.index + 1)
    ) {
      const sign = this.#text[this.index] === "-" ? "-" : "";
      this.index += "+Infinity".length;
      return { $float: `${sign}inf` };
    }
    const text = this.#match(number);
    if (text === undefined) return undefined;
    const plain = text.replaceAll("_", "").replace(/^\+/, "");
    if (/^-?0\d/.test(plain) || /^[\w.]/.test(this.#text[this.index] ?? "")) {
      this.index -= text.length;
      throw this.#wanted("a number as JSON writes it");
    }
    const value = /^-0x/i.test(plain) ? -Number(plain.slice(1)) : Number(plain);
    const isInexact = /^-?\d+$/.test(plain) && !Number.isSafeInteger(value);
    return isInexact ? { $integer: plain } : value;
  }

  #word(): JsonValue {
    const start = this.index;
    const value = words.get(this.#match(word) ?? "");
    if (value !== undefined) return value;
    this.index = start;
    throw this.#wanted("a value");
  }

  #take(character: string): boolean {
    if (this.#text[this.index] !== character) return false;
    this.index += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.index;
    if (!pattern.test(this.#text) || pattern.lastIndex === this.index) return undefined;
    const found = this.#text.slice(this.index, pattern.lastIndex);
    this.index = pattern.lastIndex;
    return found;
  }

  #skip(): void {
    for (;;) {
      if (isPlain(this.#text.charCodeAt(this.index))) return;
      this.#match(space);
      const end = endOfComment(this.#text, this.index);
      if (end === undefined) return;
      this.index = end;
    }
  }

  #wanted(what: string): Failure {
    if (this.isAtEnd()) return new Failure(`it ends too early, ${what} is wanted`);
    const line = lineOf(this.#text, this.index);
    const found = JSON.stringify(this.#text.slice(this.index, this.index + 20).split("\n")[0]);
    return new Failure(`line ${line}: ${what} is wanted, ${found} stands there`);
  }
}

const backslash = 92;

/** Letters, digits and what JSON writes most: no space, and no comment's beginning. */
function isPlain(code: number): boolean {
  return (code > 47 && code < 128) || code === 34 || code === 44 || code === 45;
}

function lineOf(text: string, index: number): number {
  let line = 1;
  for (let at = text.indexOf("\n"); at !== -1 && at < index; at = text.indexOf("\n", at + 1))
    line += 1;
  return line;
}

/** The end of a comment that begins here, of C's kinds or Python's. */
function endOfComment(text: string, index: number): number | undefined {
  const isLine = text[index] === "#" || text.startsWith("//", index);
  if (!isLine && !text.startsWith("/*", index)) return undefined;
  const end = text.indexOf(isLine ? "\n" : "*/", index);
  if (end === -1) return text.length;
  return isLine ? end : end + 2;
}

/** How JSON writes what stands raw in a text. */
const spellings = new Map([
  ["\\'", "'"],
  ["\\`", "`"],
  ['"', '\\"'],
]);
for (let code = 0; code < 160; code += 1) {
  const character = String.fromCharCode(code);
  if (!/\p{Cc}/u.test(character)) continue;
  spellings.set(character, JSON.stringify(character).slice(1, -1));
  // A line that goes on behind a backslash is no escape of JSON's either.
  spellings.set(`\\${character}`, "\\x");
}

/** What a text in quotes stands for; undefined when it holds an escape of another language. */
function decode(raw: string): string | undefined {
  if (!raw.includes("\\")) return raw;
  const strict = raw.replace(/\\[\s\S]|"|\p{Cc}/gu, (found) => spellings.get(found) ?? found);
  try {
    return JSON.parse(`"${strict}"`);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
