import type { JsonObject, JsonValue, Language } from "../shared/json.ts";
import { definesEntry, findUnfencedCode, looksLikeCode } from "./code-text.ts";
import { type FencedBlock, findFencedBlocks } from "./fenced-blocks.ts";
import { findJson, parseTolerantly } from "./json-text.ts";
import { splitThinking } from "./thinking.ts";

export type CodeReading =
  | { readonly kind: "read"; readonly code: string }
  | { readonly kind: "unreadable"; readonly problem: string };

export type JsonReading =
  | {
      readonly kind: "read";
      readonly value: JsonValue;
      /** Every object and array found, in order; `value` is the longest of them. */
      readonly all: readonly JsonValue[];
    }
  | { readonly kind: "unreadable"; readonly problem: string };

const tagsOf: Readonly<Record<Language, ReadonlySet<string>>> = {
  python: new Set(["python", "py", "python3", "python3.11", "python3.14", "py3", "ipython"]),
  typescript: new Set(["typescript", "ts", "tsx", "mts", "javascript", "js", "mjs", "jsx", "deno"]),
};

/**
 * Takes the code out of a model's answer. Of several blocks the last that defines `entry` counts,
 * else the longest of the language. `problem` is worded for the model that has to mend it.
 */
export function readCode(text: string, language: Language, entry?: string): CodeReading {
  const answer = clean(text);
  if (answer.text.trim() === "") return unreadable(emptyProblem(answer.thinking));
  const blocks = findFencedBlocks(answer.text);
  const chosen = chooseBlock(blocks, language, entry);
  if (chosen !== undefined) return codeOf(chosen.content);
  if (blocks.length > 0) return unreadable(foreignProblem(blocks, language));
  const code = codeInToolCall(answer.text) ?? findUnfencedCode(answer.text, language, entry);
  if (code !== undefined) return codeOf(code);
  return unreadable(
    `the answer holds no code; one fenced block that begins with \`\`\`${language} is wanted`,
  );
}

function unreadable(problem: string): { kind: "unreadable"; problem: string } {
  return { kind: "unreadable", problem };
}

function clean(text: string): { text: string; thinking: string } {
  const { text: rest, thinking } = splitThinking(text);
  return { text: rest.replaceAll("\r\n", "\n"), thinking };
}

function emptyProblem(thinking: string): string {
  return thinking === ""
    ? "the answer is empty"
    : "the answer holds thinking only and ends before what was asked for; think less and answer";
}

function foreignProblem(blocks: readonly FencedBlock[], language: Language): string {
  const tags = [...new Set(blocks.map((block) => block.tag || "none"))].join(", ");
  return `the answer's fenced blocks hold no ${language} code (languages named: ${tags}); one block that begins with \`\`\`${language} is wanted`;
}

function codeOf(content: string): CodeReading {
  const code = content.replace(/^(?:[ \t]*\n)+/, "").trimEnd();
  return code === ""
    ? unreadable("the fenced block is empty")
    : { kind: "read", code: `${code}\n` };
}

function chooseBlock(
  blocks: readonly FencedBlock[],
  language: Language,
  entry: string | undefined,
): FencedBlock | undefined {
  const tagged = blocks.filter((block) => tagsOf[language].has(block.tag));
  const other = blocks.filter(
    (block) =>
      !tagsOf[language].has(block.tag) &&
      isNoOtherLanguage(block.tag) &&
      looksLikeCode(block.content, language),
  );
  const full = [...tagged, ...other].filter((block) => block.content.trim() !== "");
  if (entry !== undefined) {
    const defining = blocks.filter(
      (block) => full.includes(block) && definesEntry(block.content, language, entry),
    );
    if (defining.length > 0) return defining.at(-1);
  }
  const candidates = full.some((block) => tagged.includes(block))
    ? full.filter((block) => tagged.includes(block))
    : full;
  return longest(candidates) ?? tagged[0];
}

const unknownTags = new Set(["", "text", "txt", "plaintext", "code", "plain"]);

function isNoOtherLanguage(tag: string): boolean {
  return unknownTags.has(tag);
}

function longest(blocks: readonly FencedBlock[]): FencedBlock | undefined {
  return blocks.reduce<FencedBlock | undefined>(
    (best, block) =>
      best === undefined || block.content.length > best.content.length ? block : best,
    undefined,
  );
}

/** Models trained on tools wrap code as an argument: `{"name": "write_file", "arguments": {"code": …}}`. */
function codeInToolCall(text: string): string | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const value = parseTolerantly(text);
  if (!isObject(value)) return undefined;
  const inner = unwrapToolCall(value);
  if (!isObject(inner)) return undefined;
  for (const key of ["code", "source", "content", "file_content"]) {
    const code = inner[key];
    if (typeof code === "string") return findFencedBlocks(code)[0]?.content ?? code;
  }
  return undefined;
}

/**
 * Takes JSON out of a model's answer: bare, fenced, or with prose around it; trailing commas,
 * comments, Python's words and raw line feeds are forgiven, a tool call is unwrapped. Of several
 * values the longest counts. `problem` is worded for the model that has to mend it.
 */
export function readJson(text: string): JsonReading {
  const answer = clean(text);
  const trimmed = answer.text.trim();
  if (trimmed === "") return unreadable(emptyProblem(answer.thinking));
  const whole = parseTolerantly(trimmed);
  if (isContainer(whole)) return readValues([{ value: whole, length: trimmed.length }]);
  const fenced = findFencedBlocks(trimmed).flatMap((block) => {
    const value = parseTolerantly(block.content.trim());
    return isContainer(value) ? [{ value, length: block.content.length }] : [];
  });
  const found = fenced.length > 0 ? fenced : findJson(trimmed);
  if (found.length > 0) return readValues(found);
  return unreadable(
    /[{[]/.test(trimmed)
      ? "the answer's JSON does not parse: a bracket, a quote or a comma is wrong, or it ends too early; one complete JSON object and nothing else is wanted"
      : "the answer holds no JSON; one JSON object and nothing else is wanted",
  );
}

function readValues(found: readonly { value: JsonValue; length: number }[]): JsonReading {
  const [first, ...rest] = found;
  if (first === undefined) return unreadable("the answer holds no JSON");
  const best = rest.reduce((a, b) => (b.length > a.length ? b : a), first);
  return {
    kind: "read",
    value: unwrapToolCall(best.value),
    all: found.map(({ value }) => unwrapToolCall(value)),
  };
}

function isContainer(value: JsonValue | undefined): value is JsonValue[] | JsonObject {
  return typeof value === "object" && value !== null;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return isContainer(value) && !Array.isArray(value);
}

const callKeys = new Set(["name", "arguments", "type", "id", "function", "parameters"]);

/** The arguments of a value that is nothing but a tool call; any other value as it is. */
function unwrapToolCall(value: JsonValue): JsonValue {
  if (!isObject(value) || !Object.keys(value).every((key) => callKeys.has(key))) return value;
  if (isObject(value["function"])) return unwrapToolCall(value["function"]);
  if (typeof value["name"] !== "string") return value;
  const args = value["arguments"] ?? value["parameters"];
  if (isObject(args)) return args;
  const parsed = typeof args === "string" ? parseTolerantly(args) : undefined;
  return isObject(parsed) ? parsed : value;
}
