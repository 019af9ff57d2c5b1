import type { Language } from "../shared/json.ts";
import { withoutEntities } from "./json-text.ts";
import { mapCode, sourceParts } from "./source-parts.ts";

/**
 * Takes out of a piece of code what was put in by whoever showed it: prompts of interpreters, numbers
 * of lines, indentation of the whole, entities of HTML, characters that no code has. What stands in its
 * strings stays.
 */
export function mendCode(content: string, language: Language): string {
  let code = content.replace(/^[\uFEFF\u200B]+/, "").replace(/^(?:[ \t]*\n)+/, "");
  code = withoutPrompts(code);
  code = withLineFeeds(code);
  code = withoutLineNumbers(code);
  if (language === "python") code = withoutMagic(code);
  code = withoutSharedIndentation(code);
  code = withPlainEntities(code, language);
  return withPlainCharacters(code, language);
}

const prompt = /^(?:>>> ?|In \[\d*\]: ?)/;
const furtherPrompt = /^(?:\.\.\.(?: |$)| {3,}\.\.\.: ?| *\.\.\.:$)/;

/** Keeps what was typed at an interpreter's prompt, and drops what it answered. */
export function withoutPrompts(code: string): string {
  if (!/^(?:>>> ?|In \[\d*\]: ?)(?:def |class |import |from |@)/m.test(code)) return code;
  const typed: string[] = [];
  let isTyping = false;
  for (const line of code.split("\n")) {
    if (prompt.test(line)) {
      const rest = line.replace(prompt, "");
      isTyping =
        /^(?:def |class |import |from |@|async |if |for |while |with |try|\w+\s*=[^=])/.test(rest);
      if (isTyping) typed.push(rest);
    } else if (furtherPrompt.test(line)) {
      if (isTyping) typed.push(line.replace(furtherPrompt, ""));
    }
  }
  return typed.join("\n").trimEnd();
}

/** One line whose line feeds are written as `\n`: no program of either language is that. */
function withLineFeeds(code: string): string {
  const line = code.trim();
  if (
    line.includes("\n") ||
    !/^(?:def |class |import |from |async |@|#|export |function |const |let |\/\/|"""|\/\*).*?\\n/.test(
      line,
    )
  ) {
    return code;
  }
  return line.replace(/\\(?:n|t|"|'|\\)/g, (found) => escapes[found] ?? found);
}

const escapes: Readonly<Record<string, string>> = {
  "\\n": "\n",
  "\\t": "\t",
  '\\"': '"',
  "\\'": "'",
  "\\\\": "\\",
};

/** Numbers before every line, one after the other. */
function withoutLineNumbers(code: string): string {
  const lines = code.trimEnd().split("\n");
  const numbered = lines.map((line) => /^ *(\d+)(?:[:.)]| ?\|)?(?:[ \t]|$)/.exec(line));
  const first = Number(numbered[0]?.[1]);
  const isNumbered =
    lines.length > 1 && numbered.every((match, index) => Number(match?.[1]) === first + index);
  if (!isNumbered) return code;
  const rest = lines.map((line, index) => line.slice(numbered[index]?.[0].length));
  return withoutSharedIndentation(rest.join("\n"));
}

/** Lines of a notebook that speak to the shell, before the code begins. */
function withoutMagic(code: string): string {
  return code.replace(/^(?:[ \t]*[!%][^\n]*\n|[ \t]*\n)+/, "");
}

function withoutSharedIndentation(code: string): string {
  const lines = code.split("\n");
  const indent = /^[ \t]+/.exec(lines.find((line) => line.trim() !== "") ?? "")?.[0];
  if (indent === undefined) return code;
  const isShared = lines.every((line) => line.trim() === "" || line.startsWith(indent));
  return isShared ? lines.map((line) => line.slice(indent.length)).join("\n") : code;
}

/** `a &lt; b`: an entity in code, and not one of the characters that entities stand for. */
function withPlainEntities(code: string, language: Language): string {
  if (!/&(?:lt|gt|quot|amp|apos|#34|#39);/.test(code)) return code;
  const bare = code.replace(/&(?:lt|gt|quot|amp|apos|#34|#39);/g, "");
  if (/[<>&]/.test(bare)) return code;
  const isInCode = sourceParts(code, language).some(
    ({ kind, text }) => kind === "code" && /&(?:lt|gt|quot|amp|apos|#34|#39);/.test(text),
  );
  return isInCode ? withoutEntities(code) : code;
}

const plain: Readonly<Record<string, string>> = {
  "\u200B": "",
  "\u200C": "",
  "\u200D": "",
  "\u2060": "",
  "\uFEFF": "",
  "\u00A0": " ",
  "\u2007": " ",
  "\u202F": " ",
  "\u3000": "  ",
  "（": "(",
  "）": ")",
  "，": ",",
  "：": ":",
  "；": ";",
};

const strange = new RegExp(["“", "”", "‘", "’", ...Object.keys(plain)].join("|"));
const strangeOnes = new RegExp(Object.keys(plain).join("|"), "g");

function withPlainCharacters(code: string, language: Language): string {
  if (!strange.test(code)) return code;
  const quoted = /["'`]/.test(code) ? code : code.replace(/[“”]/g, '"').replace(/[‘’]/g, "'");
  return mapCode(quoted, language, (part) =>
    part.replace(strangeOnes, (character) => plain[character] ?? character),
  );
}

/** True when typographic quotes stand where only straight ones can. */
export function hasTypographicQuotes(code: string, language: Language): boolean {
  if (!/[“”‘’]/.test(code)) return false;
  return sourceParts(code, language).some(
    ({ kind, text }) => kind === "code" && /[“”‘’]/.test(text),
  );
}

const omission =
  /^[ \t]*(?:#|\/\/|\/\*).*\b(?:rest of|remaining|existing|previous|unchanged|same as (?:before|above)|remains? the same|other (?:code|functions|methods))\b/im;

/** The comment that stands for code which was left out; undefined when there is none. */
export function findOmission(code: string): string | undefined {
  const line = omission.exec(code)?.[0];
  return line !== undefined && /\.{3}|…/.test(line) ? line.trim() : undefined;
}
