import { type Grapheme, splitGraphemes } from "./display-width.ts";

/** Narrower terminals break lines themselves: words of ours would stand alone there. */
const leastColumns = 24;
const styling = "\\u001b\\[[\\d;]*m";
const wordsAndSpaces = new RegExp(`(?:${styling})|[ ]+|(?:(?!${styling})[^ ])+`, "g");
const isStyling = new RegExp(`^${styling}$`);
const allStyling = new RegExp(styling, "g");
/** What stands before a line's text: its indent, `[2]`, time and step, a part that was checked, a sign such as ✅ or →, and spaces. */
const lead =
  /^ *(?:\[\d+\] +|-?\d+:\d\d\.\d {2}\w+ {2,}|[✓✗–] \S+(?: \S+)? {2,})?(?:(?:[^\p{L}\p{N}\p{P} ]|[\u2022\u2026])\p{M}* +)?/u;
/** Never the first on a line, in scripts that put no spaces between words. */
const closing = /^[\p{Pe}\p{Pf}\p{Po}\u30fc]/u;

/**
 * Returns the line broken between words into lines of at most `columns - 1` columns, those that
 * follow indented as the text of the first; a space at a break goes away. A word that is longer, a
 * path say, stays whole so that it can be copied. Colours may be in it, other control characters
 * not.
 */
export function wrapLine(line: string, columns: number): string[] {
  if (columns < leastColumns) {
    return [line];
  }
  // One column less: some terminals wrap when the last is used, some show ⚠️ wider than others.
  const width = columns - 1;
  const wrapper = new LineWrapper(width, hangingIndent(line, width));
  for (const [piece] of line.matchAll(wordsAndSpaces)) {
    wrapper.take(piece);
  }
  return wrapper.end();
}

function hangingIndent(line: string, width: number): number {
  const [before = ""] = lead.exec(line.replace(allStyling, "")) ?? [];
  return Math.min(widthOf(splitGraphemes(before)), Math.floor(width / 3));
}

class LineWrapper {
  readonly #width: number;
  readonly #indent: number;
  readonly #lines: string[] = [];
  #line = "";
  #column = 0;
  /** Spaces that are written only when a word follows on the same line. */
  #spaces = "";
  /** What has no break in it; colours inside a word do not end it. */
  #word = "";
  #wordColumns = 0;
  #hasText = false;

  constructor(width: number, indent: number) {
    this.#width = width;
    this.#indent = indent;
  }

  take(piece: string): void {
    if (isStyling.test(piece)) {
      this.#word += piece;
    } else if (piece.startsWith(" ")) {
      this.#endWord();
      this.#spaces += piece;
    } else {
      this.#takeWord(splitGraphemes(piece));
    }
  }

  end(): string[] {
    this.#endWord();
    return [...this.#lines, this.#line];
  }

  #takeWord(graphemes: readonly Grapheme[]): void {
    let isAfterWide = false;
    for (const { text, width } of graphemes) {
      const isBreak = (isAfterWide || width === 2) && !closing.test(text);
      if (isBreak) {
        this.#endWord();
      }
      this.#word += text;
      this.#wordColumns += width;
      isAfterWide = width === 2;
    }
  }

  #endWord(): void {
    if (this.#word === "") {
      return;
    }
    if (this.#needsNewLine()) {
      this.#lines.push(this.#line);
      this.#line = " ".repeat(this.#indent);
      this.#column = this.#indent;
    } else {
      this.#line += this.#spaces;
      this.#column += this.#spaces.length;
    }
    this.#line += this.#word;
    // Behind a word longer than a line, which the terminal breaks, a new line begins.
    this.#column += this.#wordColumns;
    this.#hasText ||= this.#wordColumns > 0;
    this.#spaces = "";
    this.#word = "";
    this.#wordColumns = 0;
  }

  #needsNewLine(): boolean {
    const end = this.#column + this.#spaces.length + this.#wordColumns;
    // One that fits on no line gains nothing by a new one.
    const fitsOnNext = this.#indent + this.#wordColumns <= this.#width;
    return this.#hasText && end > this.#width && fitsOnNext;
  }
}

function widthOf(graphemes: readonly Grapheme[]): number {
  return graphemes.reduce((sum, { width }) => sum + width, 0);
}
