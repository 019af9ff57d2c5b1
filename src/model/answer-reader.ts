import { isDeepStrictEqual } from "node:util";
import { isJsonObject, type JsonValue, type Language } from "../shared/json.ts";
import { chooseCode } from "./choose-code.ts";
import { type AnswerText, cleanAnswer, maxReadLength } from "./clean-answer.ts";
import { definedNames } from "./code-names.ts";
import { type CodePiece, fencedPieces, otherPieces } from "./code-piece.ts";
import { isOtherLanguage, looksLikeCode } from "./code-text.ts";
import { languageOfTag } from "./fence-tag.ts";
import { findFencedBlocks } from "./fenced-blocks.ts";
import { type FoundJson, findJson, readWholeJson } from "./json-text.ts";
import { findOmission, hasTypographicQuotes } from "./mend-code.ts";
import { parseTolerantJson } from "./tolerant-json.ts";
import { unwrapToolCall } from "./tool-call.ts";

interface Unreadable {
  readonly kind: "unreadable";
  readonly problem: string;
}

export type CodeReading = { readonly kind: "read"; readonly code: string } | Unreadable;

export type JsonReading = { readonly kind: "read"; readonly value: JsonValue } | Unreadable;

/** An answer that repeats itself for ever has more. */
const maxPieces = 100;

/**
 * Takes the code out of a model's answer, in whatever it is wrapped. Where two readings are plausible,
 * or what is there is not all of it, it is unreadable: a repair costs less than a wrong guess. Without
 * `entry` the longest code of the language counts. `problem` is worded for the model that has to mend it.
 */
export function readCode(text: string, language: Language, entry?: string): CodeReading {
  const answer = cleanAnswer(text);
  const problem = sizeProblem(answer);
  if (problem !== undefined) return unreadable(problem);
  const inner = textInQuotes(answer.text);
  return readPieces(inner ?? answer.text, language, entry);
}

function readPieces(text: string, language: Language, entry: string | undefined): CodeReading {
  const fenced = withoutRepetition(fencedPieces(text, language, entry));
  const readable = fenced.filter(({ obstacle }) => obstacle === undefined);
  const first = choose(readable, language, entry);
  if (first !== undefined) return first;
  const all = withoutRepetition([...readable, ...otherPieces(text, language)]);
  const second = choose(all, language, entry);
  if (second !== undefined) return second;
  return unreadable(problemOf(text, { fenced, all, language, entry }));
}

function withoutRepetition(pieces: readonly CodePiece[]): CodePiece[] {
  const last = new Map<string, CodePiece>();
  for (const piece of pieces) {
    if (piece.code.trim() === "") continue;
    last.delete(piece.code);
    last.set(piece.code, piece);
  }
  return [...last.values()];
}

function choose(
  pieces: readonly CodePiece[],
  language: Language,
  entry: string | undefined,
): CodeReading | undefined {
  if (pieces.length > maxPieces) {
    return unreadable(`the answer holds ${pieces.length} pieces of code; one is wanted`);
  }
  if (entry === undefined) {
    const longest = longestOf(pieces, ({ code }) => code.length);
    return longest === undefined ? undefined : checked(longest, language);
  }
  const choice = chooseCode(pieces, language, entry);
  switch (choice.kind) {
    case "none":
      return undefined;
    case "several":
      return unreadable(
        `the answer holds several different programs that define ${entry}; one fenced block with the one that counts is wanted`,
      );
    case "chosen":
      return checked(choice, language);
  }
}

function checked(
  { code, isWhole }: Pick<CodePiece, "code" | "isWhole">,
  language: Language,
): CodeReading {
  if (!isWhole) {
    return unreadable(
      "the code is cut off: brackets or a text are still open at its end; write it complete, and shorter",
    );
  }
  const omission = findOmission(code);
  if (omission !== undefined) {
    return unreadable(
      `the code leaves parts out (${JSON.stringify(omission.slice(0, 100))}); the complete source file is wanted`,
    );
  }
  if (hasTypographicQuotes(code, language)) {
    return unreadable("the code has typographic quotes (“ ”) where straight ones are wanted");
  }
  return { kind: "read", code: `${code.replace(/^(?:[ \t]*\n)+/, "").trimEnd()}\n` };
}

interface Found {
  readonly fenced: readonly CodePiece[];
  readonly all: readonly CodePiece[];
  readonly language: Language;
  readonly entry: string | undefined;
}

function problemOf(text: string, { fenced, all, language, entry }: Found): string {
  const wanted = `one fenced block that begins with \`\`\`${language} is wanted`;
  if (fenced.some(({ obstacle }) => obstacle === "diff")) {
    return `the answer is a diff; the complete source file is wanted, and ${wanted}`;
  }
  if (entry !== undefined && all.length > 0) return missingEntry(all, language, entry);
  const foreign = fenced.filter(({ obstacle }) => obstacle === "other-language");
  const other = language === "python" ? "TypeScript" : "Python";
  const isOther =
    foreign.some(({ code }) => isOtherLanguage(code, language)) ||
    looksLikeCode(text, language === "python" ? "typescript" : "python");
  const tags = [...new Set(fenced.map(({ tag }) => tag || "none"))].join(", ");
  if (isOther) return `the code is ${other} (languages named: ${tags || "none"}); ${wanted}`;
  if (fenced.length > 0) {
    return `the answer's fenced blocks hold no ${language} code (languages named: ${tags}); ${wanted}`;
  }
  return findFencedBlocks(text).some(({ tag }) => languageOfTag(tag) === language)
    ? `the fenced block is empty; ${wanted}`
    : `the answer holds no code; ${wanted}`;
}

function missingEntry(pieces: readonly CodePiece[], language: Language, entry: string): string {
  const names = pieces.flatMap(({ code }) => definedNames(code, language));
  const defined = [...new Set(names.filter(({ isValue }) => !isValue).map(({ name }) => name))];
  const found = defined.length === 0 ? "nothing" : defined.slice(0, 5).join(", ");
  return `the code does not define ${entry} at its top level, but ${found}; the complete source file is wanted, with exactly that name`;
}

/** A whole answer that is a text of JSON, escapes and all. */
function textInQuotes(text: string): string | undefined {
  const trimmed = text.trim();
  if (!trimmed.startsWith('"') || trimmed.startsWith('"""')) return undefined;
  const parsed = parseTolerantJson(trimmed);
  const isWhole = parsed.kind === "parsed" && trimmed.slice(parsed.end).trim() === "";
  return isWhole && typeof parsed.value === "string" ? parsed.value : undefined;
}

function unreadable(problem: string): Unreadable {
  return { kind: "unreadable", problem };
}

function sizeProblem({ text, thinking }: AnswerText): string | undefined {
  if (text.length > maxReadLength) {
    return `the answer has ${text.length} characters without its thinking, at most ${maxReadLength} are read; a much shorter one is wanted`;
  }
  if (text.trim() !== "") return undefined;
  return thinking === ""
    ? "the answer is empty"
    : "the answer holds thinking only and ends before what was asked for; think less and answer";
}

/**
 * Takes JSON out of a model's answer: bare, fenced, or with prose around it; what models get wrong in
 * JSON is forgiven where it can mean one thing only, a tool call is unwrapped. Of several values the
 * longest counts, unless another is of its kind: then nobody can know which was meant. `problem` is
 * worded for the model that has to mend it.
 */
export function readJson(text: string): JsonReading {
  const answer = cleanAnswer(text);
  const size = sizeProblem(answer);
  if (size !== undefined) return unreadable(size);
  const trimmed = answer.text.trim();
  const whole = readWholeJson(trimmed);
  if (whole.kind === "parsed") return { kind: "read", value: unwrapToolCall(whole.value) };
  const blocks = new Set(findFencedBlocks(trimmed).map(({ content }) => content));
  const fenced = [...blocks].map((content) => ({ content, reading: readWholeJson(content) }));
  const inFences = fenced.flatMap(({ content, reading }) =>
    reading.kind === "parsed" ? [{ value: reading.value, length: content.length }] : [],
  );
  if (inFences.length > maxPieces) {
    return unreadable(`the answer holds ${inFences.length} blocks of JSON; one is wanted`);
  }
  if (inFences.length > 0) return readValues(inFences);
  const search = findJson(trimmed);
  if (search.found.length > 0) return readValues(search.found);
  const broken = fenced.find(({ content }) => /^\s*[{[]/.test(content))?.reading;
  const problem = /^[{[]/.test(trimmed) ? whole : broken;
  return unreadable(jsonProblem(problem?.kind === "failed" ? problem.problem : search.problem));
}

function jsonProblem(problem: string | undefined): string {
  return problem === undefined
    ? "the answer holds no JSON; one JSON object and nothing else is wanted"
    : `the answer's JSON does not parse: ${problem}; one complete JSON object and nothing else is wanted`;
}

function readValues(found: readonly FoundJson[]): JsonReading {
  const unwrapped = found.map(({ value, length }) => ({ value: unwrapToolCall(value), length }));
  const answers = unwrapped.filter(({ value }) => !isSchema(value));
  const values = answers.length > 0 ? answers : unwrapped;
  const best = longestOf(values, ({ length }) => length)?.value;
  if (best === undefined) return unreadable(jsonProblem(undefined));
  const isOfKind = kindOf(best);
  const isRival = ({ value }: FoundJson) => isOfKind(value) && !isDeepStrictEqual(value, best);
  return values.some(isRival)
    ? unreadable(
        "the answer holds several different JSON values of one kind; one JSON object and nothing else is wanted",
      )
    : { kind: "read", value: best };
}

/** The form that was asked for, said again before the answer. */
function isSchema(value: JsonValue): boolean {
  return isJsonObject(value) && value["type"] === "object" && isJsonObject(value["properties"]);
}

/** The one object in a list of one, or under a key of one (`{"answer": {…}}`); undefined for all else. */
export function withinWrapper(value: JsonValue): JsonValue | undefined {
  const items = Array.isArray(value) ? value : isJsonObject(value) ? Object.values(value) : [];
  const [only] = items;
  return items.length === 1 && isJsonObject(only) ? only : undefined;
}

/** Whether another is of its kind: two objects that share half of their keys, or two lists of objects. */
function kindOf(best: JsonValue): (value: JsonValue) => boolean {
  if (Array.isArray(best)) {
    const isList = best.some(isJsonObject);
    return (value) => isList && Array.isArray(value) && value.some(isJsonObject);
  }
  const keys = isJsonObject(best) ? Object.keys(best) : [];
  return (value) => {
    if (!isJsonObject(value) || keys.length === 0) return false;
    // Fewer keys than that are not looked through one by one: there may be many such objects.
    const hasEnough = Object.keys(value).length * 2 >= keys.length;
    return hasEnough && keys.filter((key) => Object.hasOwn(value, key)).length * 2 >= keys.length;
  };
}

function longestOf<T>(items: readonly T[], length: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (best, item) => (best === undefined || length(item) > length(best) ? item : best),
    undefined,
  );
}
