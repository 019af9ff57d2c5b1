/** The first place at which a text stops being JSON; line and column count from 1. */
export interface JsonSyntaxProblem {
  readonly line: number;
  readonly column: number;
  readonly wanted: string;
}

/**
 * Returns where and why a text is not JSON, or undefined when it is. `JSON.parse` names a place for
 * some faults only, in text that changes between engines.
 */
export function findJsonSyntaxProblem(text: string): JsonSyntaxProblem | undefined {
  const reader = new JsonReader(text);
  const wanted = reader.readDocument();
  if (wanted === undefined) {
    return undefined;
  }
  const before = text.slice(0, reader.offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, wanted };
}

const numberPattern = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them raw in strings.
const stringPattern = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const wordPattern = /true|false|null/y;
const maxDepth = 200;

/** Each `read…` returns undefined when it went well, else what was wanted at `offset`. */
class JsonReader {
  readonly #text: string;
  offset = 0;

  constructor(text: string) {
    this.#text = text;
  }

  readDocument(): string | undefined {
    const problem = this.#readValue(0);
    if (problem !== undefined) {
      return problem;
    }
    this.#skipSpace();
    return this.offset === this.#text.length ? undefined : "the end of the file";
  }

  #readValue(depth: number): string | undefined {
    this.#skipSpace();
    if (depth > maxDepth) {
      return `at most ${maxDepth} levels of nesting`;
    }
    const first = this.#text[this.offset];
    if (first === "{") {
      return this.#readList("}", "'\"' and a key", () => this.#readMember(depth));
    }
    if (first === "[") {
      return this.#readList("]", "a value", () => this.#readValue(depth + 1));
    }
    if (first === '"') {
      return this.#match(stringPattern) ? undefined : "a closed string with valid escapes";
    }
    return this.#match(numberPattern) || this.#match(wordPattern) ? undefined : "a value";
  }

  #readList(end: string, item: string, readItem: () => string | undefined): string | undefined {
    this.offset += 1;
    this.#skipSpace();
    if (this.#take(end)) {
      return undefined;
    }
    for (;;) {
      const problem = readItem();
      if (problem !== undefined) {
        return problem;
      }
      this.#skipSpace();
      if (this.#take(end)) {
        return undefined;
      }
      if (!this.#take(",")) {
        return `',' or '${end}'`;
      }
      this.#skipSpace();
      if (this.#text[this.offset] === end) {
        return `${item} (JSON allows no comma before '${end}')`;
      }
    }
  }

  #readMember(depth: number): string | undefined {
    this.#skipSpace();
    if (!this.#match(stringPattern)) {
      return "a key in double quotes";
    }
    this.#skipSpace();
    return this.#take(":") ? this.#readValue(depth + 1) : "':'";
  }

  #take(character: string): boolean {
    if (this.#text[this.offset] !== character) {
      return false;
    }
    this.offset += 1;
    return true;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.offset;
    if (!pattern.test(this.#text)) {
      return false;
    }
    this.offset = pattern.lastIndex;
    return true;
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.#text[this.offset] ?? "")) {
      this.offset += 1;
    }
  }
}
