import type { Language } from "../shared/json.ts";

const firstLine: Readonly<Record<Language, RegExp>> = {
  python:
    /^(?:(?:async )?def \w|class \w+\s*[:(]|import [\w.]+(?:\s*,\s*[\w.]+)*(?: as \w+)?\s*(?:#.*)?$|from [\w.]+ import |@\w|if __name__|\w+\s*(?::\s*[\w[\]., |]+)?=\s*lambda\b)/,
  typescript:
    /^(?:export (?:default |async |declare |abstract )*(?:function|const|let|class|type|interface|enum|\{|\*)|import (?:type )?(?:[\w{*].* from\b|["'])|(?:async )?function\b\*?\s*[\w$]*\s*[<(]|(?:const|let|var) [\w$[{]|(?:abstract )?class \w[^.]*\{|type \w+(?:<[^>]*>)? =|interface \w+[^.]*\{|(?:const )?enum \w+ *\{)/,
};
/** Comments, docstrings and constants may precede the code, but prove nothing alone. */
const leadingLine: Readonly<Record<Language, RegExp>> = {
  python: /^(?:#|"""|'''|\w+\s*(?::\s*[\w[\]., ]+)?=(?!=))/,
  typescript: /^(?:\/\/|\/\*|["']use strict["'])/,
};
const definition: Readonly<Record<Language, RegExp>> = {
  python: /^(?:async\s+)?(?:def|class)\s+\w+|=\s*lambda\b/m,
  typescript: /\bfunction\b|=>|^(?:export\s+)?class\s+\w+/m,
};
const plainlyOther: Readonly<Record<Language, RegExp>> = {
  python:
    /^(?:export (?:default |async )*(?:function|const|class)|(?:async )?function\*? *[\w$]*\s*[<(]|(?:const|let) [\w$]+[^=\n]*=|import .* from ["'])/m,
  typescript:
    /^[ \t]*(?:(?:async )?def \w+\s*\(.*\).*:|class \w+(?:\([\w., ]*\))?:|from [\w.]+ import )[ \t]*/m,
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
  return new RegExp(
    `^[ \\t]*(?:export[ \\t]+)?(?:default[ \\t]+)?(?:async[ \\t]+)?(?:function[ \\t]*\\*?|const|let|var|class)[ \\t]+${name}(?![\\w$])|^[ \\t]*export[ \\t]*\\{[^}]*\\b${name}(?![\\w$])[^}]*\\}`,
    "m",
  ).test(text);
}

/** Python's functions are told from other languages' `def` by their colon. */
export function definesInPython(text: string, entry: string): boolean {
  const pattern = new RegExp(
    `^(?:async[ \\t]+)?def[ \\t]+${escaped(entry)}[ \\t]*\\([^{]*?\\)[^\\n{]*:[ \\t]*(?:#.*)?(?:$|\\n|\\S)`,
    "m",
  );
  return pattern.test(text);
}

function escaped(entry: string): string {
  return entry.replace(/[^\w$]/g, "\\$&").replaceAll("$", "\\$");
}

const topLevelNames: Readonly<Record<Language, RegExp>> = {
  python:
    /^(?:(?:async )?def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)|^(?:from[ \t]+\S+[ \t]+)?import[ \t]+([^\n#]+)/gm,
  typescript:
    /^(?:export )?(?:default )?(?:async )?(?:function\*?|class|type|interface|enum)[ \t]+([\w$]+)|^(?:export )?(?:const|let|var)[ \t]+([\w$]+)|^import[ \t]+(.+?)[ \t]+from\b/gm,
};

export interface DefinedName {
  readonly name: string;
  /** An assignment may stand in any example; a function, class or import is meant to be used. */
  readonly isValue: boolean;
}

/** Names that a text defines at its top level, imported ones included. */
export function definedNames(text: string, language: Language): DefinedName[] {
  const found: DefinedName[] = [];
  for (const [, definitionName, value, imported] of text.matchAll(topLevelNames[language])) {
    if (definitionName !== undefined) found.push({ name: definitionName, isValue: false });
    if (value !== undefined) found.push({ name: value, isValue: true });
    for (const one of (imported ?? "").split(/[,{}()]/)) {
      const name = /([\w$]+)[\w.$]*\s*$/.exec(one.replace(/\.[\w.]*\s*$/, ""))?.[1];
      if (name !== undefined) found.push({ name, isValue: false });
    }
  }
  return found;
}

/** True when the text uses a name of another piece, and neither defines it nor takes it as a parameter. */
export function usesName(text: string, { name, isValue }: DefinedName): boolean {
  const pattern = escaped(name);
  if (!new RegExp(`(?<![\\w$.])${pattern}(?![\\w$])`).test(text)) return false;
  const isOwn = new RegExp(
    `^[ \\t]*(?:export )?(?:const|let|var|def|class|function|import)[ \\t]+${pattern}(?![\\w$])|^[ \\t]*${pattern}[ \\t]*(?::[^=\\n]*)?=(?!=)`,
    "m",
  ).test(text);
  const isParameter = new RegExp(`[(,][ \\t\\n]*${pattern}[ \\t]*[:,)=?]`).test(text);
  return (
    !isOwn &&
    !(
      isValue &&
      isParameter &&
      name !== name.toUpperCase() &&
      isDefinitionsParameter(text, pattern)
    )
  );
}

function isDefinitionsParameter(text: string, pattern: string): boolean {
  return new RegExp(`(?:def \\w+|function\\*? *[\\w$]*|=) *\\([^)]*\\b${pattern}\\b[^)]*\\)`).test(
    text,
  );
}
