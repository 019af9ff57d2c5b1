import type { Language } from "../shared/json.ts";

const firstLine: Readonly<Record<Language, RegExp>> = {
  python:
    /^(?:(?:async )?def \w|class \w+\s*[:(]|import [\w.]+(?:\s*,\s*[\w.]+)*(?: as \w+)?\s*(?:#.*)?$|from [\w.]+ import |@\w|if __name__|\w+\s*(?::[\w[\]., |\t]+)?=\s*lambda\b)/,
  typescript:
    /^(?:export (?:default |async |declare |abstract )*(?:function|const|let|class|type|interface|enum|\{|\*)|import (?:type )?(?:[\w{*].* from\b|["'])|(?:async )?function\b\*?\s*(?:[\w$]+\s*)?[<(]|(?:const|let|var) [\w$[{]|(?:abstract )?class \w[^.]*\{|type \w+(?:<[^>]*>)? =|interface \w[^.]*\{|(?:const )?enum \w+ *\{)/,
};
/** Comments, docstrings and constants may precede the code, but prove nothing alone. */
const leadingLine: Readonly<Record<Language, RegExp>> = {
  python: /^(?:#|"""|'''|\w+\s*(?::[\w[\]., \t]+)?=(?!=))/,
  typescript: /^(?:\/\/|\/\*|["']use strict["'])/,
};
const definition: Readonly<Record<Language, RegExp>> = {
  python: /^(?:async\s+)?(?:def|class)\s+\w+|=\s*lambda\b/m,
  typescript: /\bfunction\b|=>|^(?:export\s+)?class\s+\w+/m,
};
const plainlyOther: Readonly<Record<Language, RegExp>> = {
  python:
    /^(?:export (?:default |async )*(?:function|const|class)|(?:async )?function\*?\s*(?:[\w$]+\s*)?[<(]|(?:const|let) [\w$][^=\n]*=|import .* from ["'])/m,
  typescript:
    /^[ \t]*(?:(?:async )?def \w+\s*\([^)\n]*\).*:|class \w+(?:\([\w., ]*\))?:|from [\w.]+ import )[ \t]*/m,
};

/** True when a text of unknown language is plainly code of this one. */
export function looksLikeCode(text: string, language: Language): boolean {
  if (isOtherLanguage(text, language)) return false;
  return (
    text.split("\n").some((line) => isFirstLine(line, language)) && definition[language].test(text)
  );
}

/** True when the text is plainly code of the other of our languages. */
export function isOtherLanguage(text: string, language: Language): boolean {
  if (!plainlyOther[language].test(text)) return false;
  return language === "typescript"
    ? !/^[ \t]*(?:export |const |let |function )/m.test(text)
    : !/^[ \t]*(?:async )?def \w+\s*\(/m.test(text);
}

export function isFirstLine(line: string, language: Language): boolean {
  return firstLine[language].test(line);
}

export function isLeadingLine(line: string, language: Language): boolean {
  return leadingLine[language].test(line);
}

/** True when the text defines a function, class or value of this name at its top level. */
export function definesEntry(text: string, language: Language, entry: string): boolean {
  const name = escaped(entry);
  if (language === "python") {
    return new RegExp(
      `^(?:(?:async[ \\t]+)?def[ \\t]+${name}[ \\t]*(?:\\[[^\\n]*\\])?\\(|class[ \\t]+${name}\\b[^\\n]*:|${name}[ \\t]*(?::[^=\\n]*)?=[^=])`,
      "m",
    ).test(text);
  }
  const definition = new RegExp(
    `^[ \\t]*(?:export[ \\t]+)?(?:default[ \\t]+)?(?:async[ \\t]+)?(?:function(?:[ \\t]*\\*)?|const|let|var|class)[ \\t]+${name}(?![\\w$])`,
    "m",
  );
  return definition.test(text) || exportsName(text, name);
}

/** `export { f }` or `export { g as f }`. */
function exportsName(text: string, name: string): boolean {
  const inList = new RegExp(`\\b${name}(?![\\w$])`);
  return text
    .matchAll(/^[ \t]*export[ \t]*\{([^{}]*)\}/gm)
    .some(([, list = ""]) => inList.test(list));
}

/** Python's functions are told from other languages' `def` by their colon. */
export function definesInPython(text: string, entry: string): boolean {
  const start = new RegExp(`^(?:async[ \\t]+)?def[ \\t]+${escaped(entry)}[ \\t]*\\(`, "m").exec(
    text,
  );
  if (start === null) return false;
  const [signature = ""] = text.slice(start.index).split("{", 1);
  return /\)[^\n)]*:/.test(signature);
}

function escaped(entry: string): string {
  return entry.replace(/[^\w$]/g, "\\$&").replaceAll("$", "\\$");
}
