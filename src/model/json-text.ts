import type { JsonValue } from "../shared/json.ts";
import { parseTolerantJson } from "./tolerant-json.ts";

export type JsonText =
  | { readonly kind: "parsed"; readonly value: JsonValue }
  | { readonly kind: "failed"; readonly problem: string };

/** Brackets in prose that turn out to be no JSON. They may take as many readings as the text is long. */
const maxCandidates = 50;

/**
 * Reads a text that is one object or array and nothing else, what models get wrong in JSON forgiven.
 * Integers beyond 2^53 keep their digits, as `{"$integer": digits}`.
 */
export function readWholeJson(text: string): JsonText {
  const trimmed = text.trim();
  const first = readDirectly(trimmed);
  if (first.kind === "parsed") return first;
  for (const other of otherSpellings(trimmed)) {
    const reading = readDirectly(other);
    if (reading.kind === "parsed") return reading;
  }
  return first;
}

function readDirectly(text: string): JsonText {
  if (!/^[\s\u200B\u2060\uFEFF]*[{[]/.test(text))
    return { kind: "failed", problem: "it is no object" };
  const parsed = parseTolerantJson(text);
  if (parsed.kind === "failed") return { kind: "failed", problem: describe(parsed) };
  const rest = text.slice(parsed.end).replace(/[\s;\u200B\u2060\uFEFF]+/g, "");
  return rest === ""
    ? { kind: "parsed", value: parsed.value }
    : { kind: "failed", problem: "something else follows it" };
}

function describe({ problem, atEnd }: { problem: string; atEnd: boolean }): string {
  return atEnd && !problem.startsWith("it ends") ? `it ends too early: ${problem}` : problem;
}

/** Ways in which a whole object is written by those who think of the text around it. */
function otherSpellings(text: string): string[] {
  const spellings: string[] = [];
  const hasQuotes = /(?<!\\)"/.test(text);
  if (!hasQuotes && text.includes('\\"')) {
    const inner = parseTolerantJson(`"${text}"`);
    if (inner.kind === "parsed" && typeof inner.value === "string") spellings.push(inner.value);
  }
  if (!hasQuotes && text.includes("&quot;")) spellings.push(withoutEntities(text));
  if (/^\{\s*\{/.test(text) && text.endsWith("}")) spellings.push(text.slice(1, -1).trim());
  if (text.startsWith('"')) {
    const inner = parseTolerantJson(text);
    const isWhole = inner.kind === "parsed" && text.slice(inner.end).trim() === "";
    if (isWhole && typeof inner.value === "string") spellings.push(inner.value);
  }
  return spellings;
}

const entities: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#34;": '"',
  "&#39;": "'",
  "&apos;": "'",
  "&amp;": "&",
};

export function withoutEntities(text: string): string {
  return text.replace(/&(?:lt|gt|quot|amp|apos|#34|#39);/g, (found) => entities[found] ?? found);
}

export interface FoundJson {
  readonly value: JsonValue;
  readonly length: number;
}

export interface JsonSearch {
  readonly found: readonly FoundJson[];
  /** Of the first that begins like JSON and is none. */
  readonly problem?: string;
}

/**
 * Finds the objects and arrays that stand in a text, in order. Parts of a broken or unfinished
 * value are not taken for whole ones. Bounded work on any text.
 */
export function findJson(text: string): JsonSearch {
  const found: FoundJson[] = [];
  let problem: string | undefined;
  let inVain = 0;
  let open = nextBracket(text, 0);
  for (let tries = 0; tries < maxCandidates && open !== -1; tries += 1) {
    const parsed = parseTolerantJson(text, open);
    if (parsed.kind === "parsed") {
      if (!isIndex(text, open)) found.push({ value: parsed.value, length: parsed.end - open });
      open = nextBracket(text, parsed.end);
      continue;
    }
    const isLikeJson = beginsLikeJson(text, open);
    if (isLikeJson) problem ??= describe(parsed);
    inVain += parsed.at - open;
    if (inVain > text.length) break;
    open = nextBracket(text, isLikeJson ? endOfBrackets(text, open) : open + 1);
  }
  return problem === undefined ? { found } : { found, problem };
}

/** `items[0]`, `f[1, 2]`: brackets of code, not a list. */
function isIndex(text: string, open: number): boolean {
  return (
    text[open] === "[" &&
    /[\w)\]]/.test(text[open - 1] ?? "") &&
    !/^\[\s*\{/.test(text.slice(open, open + 50))
  );
}

function nextBracket(text: string, start: number): number {
  const bracket = /[{[]/g;
  bracket.lastIndex = start;
  return bracket.exec(text)?.index ?? -1;
}

function beginsLikeJson(text: string, open: number): boolean {
  return /^(?:\{\s*["'“}{]|\{\s*\w+\s*:|\[\s*[{["'\d\]tfn-])/.test(text.slice(open, open + 200));
}

const quote = 34;
const backslash = 92;

/** Where as many brackets are closed as are opened, strings skipped; the text's end when it ends before. */
function endOfBrackets(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === quote) index = endOfString(text, index + 1);
    else if (code === 91 || code === 123) depth += 1;
    else if (code === 93 || code === 125) {
      depth -= 1;
      if (depth <= 0) return index + 1;
    }
  }
  return text.length;
}

function endOfString(text: string, start: number): number {
  for (let index = start; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === backslash) index += 1;
    else if (code === quote) return index;
  }
  return text.length;
}
