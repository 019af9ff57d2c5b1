import type { Language } from "../shared/json.ts";

const firstLine: Readonly<Record<Language, RegExp>> = {
  python: /^(?:def |class |import \w|from \w[\w.]* import |async def |@\w|if __name__)/,
  typescript:
    /^(?:export |import |function |async function |const |let |class |type |interface |enum )/,
};
/** Comments and docstrings may precede the code, but prove nothing alone. */
const leadingLine: Readonly<Record<Language, RegExp>> = {
  python: /^(?:#|"""|'''|\w+\s*(?::\s*[\w[\]., ]+)?=(?!=))/,
  typescript: /^(?:\/\/|\/\*|"use strict")/,
};
const definition: Readonly<Record<Language, RegExp>> = {
  python: /^(?:async\s+)?(?:def|class)\s+\w+/m,
  typescript: /\bfunction\b|=>|^(?:export\s+)?class\s+\w+/m,
};

/** True when a text of unknown language is plainly code of this one. */
export function looksLikeCode(text: string, language: Language): boolean {
  return findUnfencedCode(text, language, undefined) !== undefined;
}

/** True when the text defines a function, class or value of this name at its top level. */
export function definesEntry(text: string, language: Language, entry: string): boolean {
  const name = entry.replace(/[^\w$]/g, "\\$&").replaceAll("$", "\\$");
  const pattern =
    language === "python"
      ? `^(?:async[ \\t]+def|def|class)[ \\t]+${name}\\b|^${name}[ \\t]*(?::[^=\\n]*)?=[^=]`
      : `^[ \\t]*(?:export[ \\t]+)?(?:default[ \\t]+)?(?:async[ \\t]+)?(?:function\\*?|const|let|var|class)[ \\t]+${name}\\b`;
  return new RegExp(pattern, "m").test(text);
}

/**
 * Finds code that stands without a fence, prose before and after it cut off; undefined when what is
 * there is not plainly code.
 */
export function findUnfencedCode(
  text: string,
  language: Language,
  entry: string | undefined,
): string | undefined {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => firstLine[language].test(line));
  if (first === -1) return undefined;
  const start = includeLeading(lines, first, language);
  const code = lines.slice(start, endOfCode(lines, start)).join("\n");
  const isCode =
    definition[language].test(code) || (entry !== undefined && definesEntry(code, language, entry));
  return isCode && !isSentence(lines[first] ?? "") ? code : undefined;
}

/** Walks back over comments, constants and blank lines that belong to the code. */
function includeLeading(lines: readonly string[], first: number, language: Language): number {
  let start = first;
  for (let index = first - 1; index >= 0; index -= 1) {
    const line = lines[index] ?? "";
    if (line.trim() === "") continue;
    if (!leadingLine[language].test(line) || isSentence(line)) break;
    start = index;
  }
  return start;
}

function endOfCode(lines: readonly string[], start: number): number {
  for (let index = lines.length - 1; index > start; index -= 1) {
    const line = lines[index] ?? "";
    if (line.trim() !== "" && !isSentence(line)) return index + 1;
  }
  return lines.length;
}

/** "This function validates the text.": words at column 0 that end like a sentence. */
function isSentence(line: string): boolean {
  return (
    /^(?:[-*] )?[A-Z"'`*]/.test(line) &&
    /[.:!?]["'`*)]*\s*$/.test(line.slice(-20)) &&
    line.includes(" ") &&
    !/[={};]|\w\(/.test(line)
  );
}
