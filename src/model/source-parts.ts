import type { Language } from "../shared/json.ts";

export interface SourcePart {
  readonly kind: "code" | "string" | "comment";
  readonly text: string;
  /** False for a string over several lines, or a comment, that the text ends inside of. */
  readonly isClosed: boolean;
}

/**
 * Takes a source apart into code, strings and comments, roughly: enough to tell whether a character
 * stands in code. A string of one line ends with its line at the latest. Linear on any text.
 */
export function sourceParts(text: string, language: Language): SourcePart[] {
  const parts: SourcePart[] = [];
  let codeStart = 0;
  let index = 0;
  while (index < text.length) {
    const end = language === "python" ? endOfPython(text, index) : endOfTypeScript(text, index);
    if (end === undefined) {
      index += 1;
      continue;
    }
    if (index > codeStart) parts.push(codePart(text.slice(codeStart, index)));
    const { kind, isClosed } = end;
    parts.push({ kind, isClosed, text: text.slice(index, end.at) });
    index = end.at;
    codeStart = index;
  }
  if (text.length > codeStart) parts.push(codePart(text.slice(codeStart)));
  return parts;
}

/** Returns the text with `change` applied to its code alone. */
export function mapCode(
  text: string,
  language: Language,
  change: (code: string) => string,
): string {
  const parts = sourceParts(text, language);
  return parts.map((part) => (part.kind === "code" ? change(part.text) : part.text)).join("");
}

/** True when brackets or a string over several lines are open where the text ends. */
export function isCutOff(text: string, language: Language): boolean {
  const parts = sourceParts(text, language);
  if (parts.at(-1)?.isClosed === false) return true;
  return depthOf(parts) > 0;
}

/** Brackets that are open at the end; closing ones too many count nothing. */
function depthOf(parts: readonly SourcePart[], before = 0): number {
  let depth = before;
  for (const part of parts) {
    if (part.kind !== "code") continue;
    for (const character of part.text) {
      if ("([{".includes(character)) depth += 1;
      else if (")]}".includes(character)) depth = Math.max(0, depth - 1);
    }
  }
  return depth;
}

/** Whether brackets or a string are open behind the lines read so far. */
export class OpenState {
  readonly #language: Language;
  #depth = 0;
  #quotes: string | undefined;

  constructor(language: Language) {
    this.#language = language;
  }

  get isOpen(): boolean {
    return this.#depth > 0 || this.#quotes !== undefined;
  }

  read(line: string): void {
    let start = 0;
    if (this.#quotes !== undefined) {
      const end = endOfLongString(line, 0, this.#quotes);
      if (!end.isClosed) return;
      start = end.at;
      this.#quotes = undefined;
    }
    const parts = sourceParts(`${line.slice(start)}\n`, this.#language);
    const last = parts.at(-1);
    this.#depth = depthOf(parts, this.#depth);
    if (last?.isClosed === false) this.#quotes = closingOf(last);
  }
}

function closingOf({ kind, text }: SourcePart): string {
  if (kind === "comment") return "*/";
  return text.startsWith("`") ? "`" : text.slice(0, 3);
}

interface End {
  readonly kind: "string" | "comment";
  readonly at: number;
  readonly isClosed: boolean;
}

function codePart(text: string): SourcePart {
  return { kind: "code", text, isClosed: true };
}

function endOfPython(text: string, index: number): End | undefined {
  const character = text[index];
  if (character === "#") return endOfLineComment(text, index);
  if (character !== '"' && character !== "'") return undefined;
  const triple = character.repeat(3);
  return text.startsWith(triple, index)
    ? endOfLongString(text, index + 3, triple)
    : endOfString(text, index + 1, character);
}

function endOfTypeScript(text: string, index: number): End | undefined {
  const character = text[index];
  if (character === '"' || character === "'") return endOfString(text, index + 1, character);
  if (character === "`") return endOfLongString(text, index + 1, "`");
  if (character !== "/") return undefined;
  if (text[index + 1] === "/") return endOfLineComment(text, index);
  if (text[index + 1] === "*") {
    const end = text.indexOf("*/", index + 2);
    return { kind: "comment", at: end === -1 ? text.length : end + 2, isClosed: end !== -1 };
  }
  return mayBeginPattern(text, index) ? endOfPattern(text, index + 1) : undefined;
}

function endOfLineComment(text: string, index: number): End {
  const end = text.indexOf("\n", index);
  return { kind: "comment", at: end === -1 ? text.length : end, isClosed: true };
}

function endOfString(text: string, start: number, quote: string): End {
  let index = start;
  for (; index < text.length && text[index] !== "\n"; index += 1) {
    if (text[index] === "\\") index += 1;
    else if (text[index] === quote) return { kind: "string", at: index + 1, isClosed: true };
  }
  return { kind: "string", at: Math.min(index, text.length), isClosed: true };
}

function endOfLongString(text: string, start: number, quotes: string): End {
  for (let index = start; index < text.length; index += 1) {
    if (text[index] === "\\") index += 1;
    else if (text.startsWith(quotes, index)) {
      return { kind: "string", at: index + quotes.length, isClosed: true };
    }
  }
  return { kind: "string", at: text.length, isClosed: false };
}

/** A slash divides behind a value, and begins a regular expression elsewhere. */
function mayBeginPattern(text: string, index: number): boolean {
  let before = index - 1;
  while (before >= 0 && (text[before] === " " || text[before] === "\t")) before -= 1;
  if (before < 0) return true;
  return (
    "(,=:[!&|?{};\n>".includes(text[before] ?? "") ||
    /\breturn$/.test(text.slice(Math.max(0, before - 6), before + 1))
  );
}

/** Longer ones are none: each slash of a line must not look through all of it. */
const maxPatternLength = 200;

function endOfPattern(text: string, start: number): End | undefined {
  let isInClass = false;
  const end = Math.min(text.length, start + maxPatternLength);
  for (let index = start; index < end && text[index] !== "\n"; index += 1) {
    const character = text[index];
    if (character === "\\") index += 1;
    else if (character === "[") isInClass = true;
    else if (character === "]") isInClass = false;
    else if (character === "/" && !isInClass) {
      return { kind: "string", at: index + 1, isClosed: true };
    }
  }
  return undefined;
}
