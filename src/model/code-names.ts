import type { Language } from "../shared/json.ts";

const topLevelNames: Readonly<Record<Language, RegExp>> = {
  python:
    /^(?:(?:async )?def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)|^(?:from[ \t]+\S+[ \t]+)?import[ \t]+([^\n#]+)/gm,
  typescript:
    /^(?:export )?(?:default )?(?:async )?(?:function\*?|class|type|interface|enum)[ \t]+([\w$]+)|^(?:export )?(?:const|let|var)[ \t]+([\w$]+)|^import[ \t]+(\S(?:.*?\S)?)[ \t]+from\b/gm,
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
      // `a as b` brings b, `a.b` brings a.
      const last = one.trim().split(/\s+/).at(-1) ?? "";
      const name = /^[\w$]+/.exec(last)?.[0];
      if (name !== undefined) found.push({ name, isValue: false });
    }
  }
  return found;
}

/** The names of a text, each kind found in one pass however many names are asked about. */
export class CodeNames {
  readonly #defined: readonly DefinedName[];
  readonly #mentioned: ReadonlySet<string>;
  readonly #own: ReadonlySet<string>;
  readonly #arguments: ReadonlySet<string>;
  readonly #parameters: ReadonlySet<string>;

  constructor(text: string, language: Language) {
    this.#defined = definedNames(text, language);
    this.#mentioned = namesBy(/(?<![\w$.])([\w$]+)/g, text);
    this.#own = namesBy(
      /^[ \t]*(?:(?:export )?(?:const|let|var|def|class|function|import)[ \t]+([\w$]+)|([\w$]+)[ \t]*(?::[^=\n]*)?=(?!=))/gm,
      text,
    );
    this.#arguments = namesBy(/[(,][ \t\n]*([\w$]+)(?=[ \t]*[:,)=?])/g, text);
    this.#parameters = parametersIn(text);
  }

  /** What this text uses of another one, and neither defines nor takes as a parameter. */
  usedOf(other: CodeNames): DefinedName[] {
    return other.#defined.filter((defined) => this.#uses(defined));
  }

  #uses({ name, isValue }: DefinedName): boolean {
    if (!this.#mentioned.has(name) || this.#own.has(name)) return false;
    const isParameter = this.#arguments.has(name) && this.#parameters.has(name);
    return !(isValue && isParameter && name !== name.toUpperCase());
  }
}

function namesBy(pattern: RegExp, text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [, one, other] of text.matchAll(pattern)) names.add(one ?? other ?? "");
  return names;
}

/** What stands in the brackets of a function's head. */
function parametersIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  const opening = /(?:def \w+ *|function\*? *(?:[\w$]+ *)?|= *)\(/g;
  for (let open = opening.exec(text); open !== null; open = opening.exec(text)) {
    const end = text.indexOf(")", opening.lastIndex);
    if (end === -1) break;
    for (const [name] of text.slice(opening.lastIndex, end).matchAll(/[\w$]+/g)) names.add(name);
    opening.lastIndex = end;
  }
  return names;
}
