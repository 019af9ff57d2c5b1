import { parseExactJson } from "../shared/exact-json.ts";
import type { JsonValue } from "../shared/json.ts";

const maxDepth = 200;
/** Brackets in prose that turn out to be no JSON; more must not take quadratic time. */
const maxCandidates = 50;

/**
 * Returns the object or array that the text is, what models get wrong in JSON forgiven; undefined
 * for anything else, and for nesting so deep that whoever walks the value would run out of stack.
 * Integers beyond 2^53 keep their digits, as `{"$integer": digits}`.
 */
export function parseTolerantly(text: string): JsonValue | undefined {
  const end = endOfBrackets(text, 0);
  if (end === -1) return undefined;
  const strict = parseExactJson(text);
  if (strict !== undefined || text.slice(end).trim() !== "") return strict;
  return parseExactJson(repair(text));
}

interface Token {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const tokenStart = /["/{}[\],]|[A-Za-z_]+/g;

/**
 * Walks over strings (closed or not), comments, brackets, commas and words. By hand where a
 * regular expression would backtrack: a string may be megabytes long.
 */
class Tokens {
  readonly #text: string;
  #index: number;

  constructor(text: string, start = 0) {
    this.#text = text;
    this.#index = start;
  }

  next(): Token | undefined {
    tokenStart.lastIndex = this.#index;
    const match = tokenStart.exec(this.#text);
    if (match === null) return undefined;
    const start = match.index;
    const end = this.#endOf(start, match[0]);
    this.#index = end;
    return { text: this.#text.slice(start, end), start, end };
  }

  #endOf(start: number, found: string): number {
    if (found === '"') return endOfString(this.#text, start + 1);
    return found === "/" ? endOfComment(this.#text, start) : start + found.length;
  }
}

/** The end of a comment, or of the lone slash. */
function endOfComment(text: string, start: number): number {
  if (text[start + 1] === "/") return orEnd(text, text.indexOf("\n", start), 0);
  if (text[start + 1] !== "*") return start + 1;
  return orEnd(text, text.indexOf("*/", start + 2), 2);
}

function orEnd(text: string, index: number, length: number): number {
  return index === -1 ? text.length : index + length;
}

function endOfString(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 92) index += 1;
    else if (code === 34) return index + 1;
  }
  return text.length;
}

function depthChange(token: string): number {
  if (token === "{" || token === "[") return 1;
  return token === "}" || token === "]" ? -1 : 0;
}

const quote = 34;
const slash = 47;
const opening: ReadonlySet<number> = new Set([91, 123]);
const closing: ReadonlySet<number> = new Set([93, 125]);

/**
 * Follows the brackets from `start` on, strings and comments skipped, until they are balanced, too
 * deep, or the text ends. Returns the end of what they enclose, or -1. Makes no objects, since it
 * runs over megabytes.
 */
function endOfBrackets(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) index = endOfString(text, index + 1) - 1;
    else if (code === slash) index = endOfComment(text, index) - 1;
    else if (opening.has(code)) depth += 1;
    else if (closing.has(code)) depth -= 1;
    else continue;
    if (depth <= 0 && closing.has(code)) return index + 1;
    if (depth > maxDepth) return -1;
  }
  return -1;
}

const pythonWords: ReadonlyMap<string, string> = new Map([
  ["True", "true"],
  ["False", "false"],
  ["None", "null"],
]);

/** Drops comments and trailing commas, turns Python's words into JSON's, escapes raw controls in strings. */
function repair(text: string): string {
  const tokens = new Tokens(text);
  const parts: string[] = [];
  let end = 0;
  let comma = -1;
  for (let token = tokens.next(); token !== undefined; token = tokens.next()) {
    const between = text.slice(end, token.start);
    if (between.trim() !== "") comma = -1;
    parts.push(between);
    end = token.end;
    if (token.text.startsWith("/")) continue;
    if (depthChange(token.text) === -1 && comma !== -1) parts[comma] = "";
    comma = token.text === "," ? parts.length : -1;
    parts.push(repairToken(token.text));
  }
  parts.push(text.slice(end));
  return parts.join("");
}

function repairToken(token: string): string {
  return token.startsWith('"') ? escapeControls(token) : (pythonWords.get(token) ?? token);
}

function escapeControls(token: string): string {
  return token.replace(
    /\p{Cc}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

export interface FoundJson {
  readonly value: JsonValue;
  readonly length: number;
}

/**
 * Finds the objects and arrays that stand in a text, in order. Parts of a broken or unfinished
 * value are not taken for whole ones. Bounded work on any text.
 */
export function findJson(text: string): FoundJson[] {
  const found: FoundJson[] = [];
  let start = 0;
  for (let tries = 0; tries < maxCandidates; tries += 1) {
    const open = nextBracket(text, start);
    if (open === -1) break;
    const end = endOfBrackets(text, open);
    if (end === -1 && beginsLikeJson(text, open)) break;
    const value = end === -1 ? undefined : parseTolerantly(text.slice(open, end));
    if (value !== undefined) found.push({ value, length: end - open });
    start = end === -1 ? open + 1 : end;
  }
  return found;
}

function nextBracket(text: string, start: number): number {
  const bracket = /[{[]/g;
  bracket.lastIndex = start;
  return bracket.exec(text)?.index ?? -1;
}

function beginsLikeJson(text: string, open: number): boolean {
  return /^(?:\{\s*["}]|\[\s*[{["\d\]tfn-])/.test(text.slice(open, open + 200));
}
