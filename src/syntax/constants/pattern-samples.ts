const maxVariants = 3;
const maxDepth = 20;
const maxLength = 200;
/** Of a class that is negated, and of what a dot stands for. */
const plainCharacters = "a1 _-é!";
const classes: Readonly<Record<string, string>> = {
  d: "7",
  w: "a",
  s: " ",
  D: "a",
  W: "-",
  S: "a",
  n: "\n",
  t: "\t",
  r: "\r",
};

/**
 * Some texts that a plain regular expression of Python or JavaScript is likely to match, the shortest
 * forms of it; none for one with parts that are not understood here. Nothing is matched, so that no
 * pattern can take long.
 */
export function patternSamples(pattern: string): readonly string[] {
  const reader = new PatternReader(pattern.slice(0, maxLength * 10));
  try {
    const samples = reader.alternatives(0);
    const isWhole = reader.isAtEnd;
    return isWhole ? [...new Set(samples)].filter((text) => text.length <= maxLength) : [];
  } catch (error) {
    if (error instanceof NotUnderstood) {
      return [];
    }
    throw error;
  }
}

class NotUnderstood extends Error {}

class PatternReader {
  readonly #pattern: string;
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#pattern.length;
  }

  alternatives(depth: number): string[] {
    if (depth > maxDepth) {
      throw new NotUnderstood();
    }
    const samples = [...this.#sequence(depth)];
    while (this.#take("|")) {
      samples.push(...this.#sequence(depth).slice(0, 1));
    }
    return samples;
  }

  #sequence(depth: number): string[] {
    let samples = [""];
    while (!this.isAtEnd && !/[|)]/.test(this.#next)) {
      samples = joined(samples, this.#repeated(this.#atom(depth)));
    }
    return samples;
  }

  get #next(): string {
    return this.#pattern[this.#at] ?? "";
  }

  #take(text: string): boolean {
    const isThere = this.#pattern.startsWith(text, this.#at);
    this.#at += isThere ? text.length : 0;
    return isThere;
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    const sticky = new RegExp(pattern, "y");
    sticky.lastIndex = this.#at;
    const found = sticky.exec(this.#pattern) ?? undefined;
    this.#at += found?.[0].length ?? 0;
    return found;
  }

  #atom(depth: number): string[] {
    if (this.#match(/[$^]|\\[bBAZz]/)) {
      return [""];
    }
    if (this.#take("(")) {
      return this.#group(depth);
    }
    if (this.#take("[")) {
      return this.#class();
    }
    if (this.#take("\\")) {
      return [this.#escaped()];
    }
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0);
    if (/[*+?]/.test(character)) {
      throw new NotUnderstood();
    }
    this.#at += character.length;
    return [character === "." ? "a" : character];
  }

  #group(depth: number): string[] {
    const isEmpty = this.#match(/\?(?:[=!]|<[=!])/) !== undefined;
    if (this.#match(/\?[aiLmsux]+\)/)) {
      return [""];
    }
    if (!isEmpty) {
      this.#match(/\?(?:[imsx-]*:|P?<\w+>)/);
    }
    const samples = this.alternatives(depth + 1);
    if (!this.#take(")")) {
      throw new NotUnderstood();
    }
    return isEmpty ? [""] : samples;
  }

  #escaped(): string {
    const code = this.#match(/x([\da-f]{2})|u([\da-f]{4})/i);
    if (code !== undefined) {
      return String.fromCharCode(Number.parseInt(code[1] ?? code[2] ?? "", 16));
    }
    const character = this.#match(/[\s\S]/)?.[0];
    if (character === undefined || /[1-9kpP]/.test(character)) {
      throw new NotUnderstood();
    }
    return classes[character] ?? character;
  }

  /** The first character that a class names, and the last; one beside them where it is negated. */
  #class(): string[] {
    const isNegated = this.#take("^");
    const members: string[] = [];
    for (let isFirst = true; isFirst || this.#next !== "]"; isFirst = false) {
      if (this.isAtEnd) {
        throw new NotUnderstood();
      }
      members.push(this.#take("\\") ? this.#escaped() : (this.#match(/[\s\S]/)?.[0] ?? ""));
    }
    this.#at += 1;
    const beside = [...plainCharacters].find((character) => !members.includes(character));
    const [first = "", last = first] = [members[0], members.at(-1)];
    return isNegated ? [beside ?? "a"] : [...new Set([first, last])];
  }

  /** Once, and twice or never, where the pattern leaves the choice. */
  #repeated(samples: string[]): string[] {
    const found = this.#match(/([*+?])[?+]?|\{(\d+)(,?)(\d*)\}[?+]?/);
    if (found === undefined) {
      return samples;
    }
    const [, sign, least = "1", , most] = found;
    const times = (count: number) =>
      samples.map((text) => text.repeat(Math.min(count, maxLength)).slice(0, maxLength));
    if (sign === "*" || sign === "?") {
      return [...samples, ""];
    }
    return sign === "+"
      ? [...samples, ...times(2)]
      : [...times(Number(least)), ...(most === "" ? [] : times(Number(most)))];
  }
}

/** Not every one with every other: the first with the first, and so on, as often as one has more. */
function joined(left: readonly string[], right: readonly string[]): string[] {
  const count = Math.min(maxVariants, Math.max(left.length, right.length));
  return Array.from({ length: count }, (_, index) =>
    `${left[index % left.length] ?? ""}${right[index % right.length] ?? ""}`.slice(
      0,
      maxLength + 1,
    ),
  );
}
