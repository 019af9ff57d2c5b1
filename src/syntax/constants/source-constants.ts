/** Literals of a source on which its branches may hang. */
export interface SourceConstants {
  /** Decimal, without a sign: `4711`, `1.5`, `12345678901234567890`. */
  readonly numbers: readonly string[];
  /** Texts, parts of texts, keys, and texts that a regular expression of the source may match. */
  readonly texts: readonly string[];
}

const maxOfAKind = 100;
const maxTextLength = 200;

/** Collects literals, each once: those that something is compared with first. */
export class ConstantList {
  readonly #numbers = { compared: new Set<string>(), other: new Set<string>() };
  readonly #texts = { compared: new Set<string>(), other: new Set<string>() };

  addNumber(value: number | bigint, isCompared: boolean): void {
    const isPlain = typeof value === "bigint" || Number.isFinite(value);
    if (isPlain) {
      this.#numbers[isCompared ? "compared" : "other"].add(digitsOf(value));
    }
  }

  addText(value: string, isCompared: boolean): void {
    if (value !== "" && value.length <= maxTextLength) {
      this.#texts[isCompared ? "compared" : "other"].add(value);
    }
  }

  list(): SourceConstants {
    const numbers = [...this.#numbers.compared.union(this.#numbers.other)];
    const texts = [...this.#texts.compared.union(this.#texts.other)];
    return { numbers: numbers.slice(0, maxOfAKind), texts: texts.slice(0, maxOfAKind) };
  }
}

function digitsOf(value: number | bigint): string {
  return typeof value === "number" && Number.isInteger(value)
    ? BigInt(value).toString()
    : String(value);
}
