import type { Language } from "../shared/json.ts";
import { isFirstLine, isLeadingLine } from "./code-text.ts";
import { OpenState } from "./source-parts.ts";

export interface CodeSegment {
  readonly code: string;
  /** The prose between the code before and this. */
  readonly before: string;
}

const goesOn: Readonly<Record<Language, RegExp>> = {
  python:
    /^(?:[ \t]|(?:async )?def \w|class \w|import \w|from [\w.]+ import|@\w|#|"""|'''|[\])}]|(?:if|while) (?:not )?[\w.]+ *(?:$|[=!<>(:]| in | is )|for \w(?:(?! in ).)* in .*:|(?:try|else|finally) *:|except\b.*:|with [^(]*\(.*:|assert |del \w|global \w|raise \w|pass\b|print\(|[\w.]+(?:\[[^\]]*\])? *(?::[^=]*)?[-+*/|&%@]?=[^=]|[\w.]+\(.*\) *(?:#.*)?$|[\w.]+\($)/,
  typescript:
    /^(?:[ \t]|export |import |(?:async )?function\b|(?:const|let|var) |(?:abstract )?class \w|type \w.*=|interface \w|(?:const )?enum \w|declare |namespace |\/\/|\/\*|[\])};]|@\w|["']use strict|[\w$.]+(?:\[[^\]]*\])? *=[^=]|[\w$.]+\(.*\);? *(?:\/\/.*)?$|[\w$.]+\($|if \(|for \(|while \(|try \{|return )/,
};

/**
 * Finds code that stands without a fence, prose before, between and after it cut off. A Markdown block
 * indented by four counts, and what the prompt `>>> ` stands before.
 */
export function findUnfencedCode(text: string, language: Language): CodeSegment[] {
  const found = segmentsOf(text, language);
  if (found.length > 0) return found;
  const unindented = withoutIndentation(text, language);
  return unindented === undefined ? [] : segmentsOf(unindented, language);
}

function segmentsOf(text: string, language: Language): CodeSegment[] {
  const lines = text.split("\n");
  const segments: CodeSegment[] = [];
  let proseStart = 0;
  for (let index = 0; index < lines.length; index += 1) {
    if (!isFirstLine(lines[index] ?? "", language)) continue;
    const start = includeLeading(lines, index, proseStart, language);
    const end = endOfSegment(lines, index, language);
    const before = lines.slice(proseStart, start).join("\n");
    segments.push({ code: lines.slice(start, end).join("\n"), before });
    proseStart = end;
    index = end - 1;
  }
  return segments;
}

/** Walks back over comments, constants and blank lines that belong to the code. */
function includeLeading(
  lines: readonly string[],
  first: number,
  lowest: number,
  language: Language,
): number {
  let start = first;
  for (let index = first - 1; index >= lowest; index -= 1) {
    const line = lines[index] ?? "";
    // A heading of Markdown looks like a comment.
    if (line.trim() === "" || /^##+ /.test(line)) continue;
    if (!isLeadingLine(line, language)) break;
    start = index;
  }
  return start;
}

/** The first line behind the code; blank lines at its end do not belong to it. */
function endOfSegment(lines: readonly string[], first: number, language: Language): number {
  const state = new OpenState(language);
  let end = first;
  for (let index = first; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const isCode = state.isOpen || line.trim() === "" || continues(line, language);
    if (!isCode) break;
    // A heading of Markdown looks like a comment, but no code follows it.
    const mayBeHeading = !state.isOpen && line.startsWith("#") && end < index;
    state.read(line);
    if (line.trim() !== "" && !mayBeHeading) end = index + 1;
  }
  return end;
}

function continues(line: string, language: Language): boolean {
  return goesOn[language].test(line.slice(0, 2_000));
}

/** The lines indented by four or more, or a tab, from the first that begins code. */
function withoutIndentation(text: string, language: Language): string | undefined {
  const lines = text.split("\n");
  const isIndented = (line: string) => /^(?: {4}|\t)/.test(line);
  const strip = (line: string) => line.replace(/^(?: {4}|\t)/, "");
  const first = lines.findIndex((line) => isIndented(line) && isFirstLine(strip(line), language));
  if (first === -1) return undefined;
  let end = first;
  while (end < lines.length && (isIndented(lines[end] ?? "") || lines[end]?.trim() === ""))
    end += 1;
  return lines.slice(first, end).map(strip).join("\n");
}
