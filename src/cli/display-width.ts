const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const zeroWidth = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;
const emoji = /\p{Emoji_Presentation}|\ufe0f/u;
/** East Asian wide and fullwidth blocks, as Unicode's EastAsianWidth.txt has them. */
const wide =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{17000}-\u{18cff}\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;

/** What a terminal shows in one go, a base character with its marks say, and the columns it takes. */
export interface Grapheme {
  readonly text: string;
  readonly width: 0 | 1 | 2;
}

/** Returns the graphemes of a text without escape sequences. */
export function splitGraphemes(text: string): Grapheme[] {
  return Array.from(segmenter.segment(text), ({ segment }) => ({
    text: segment,
    width: widthOf(segment),
  }));
}

/** Returns the columns that a text without escape sequences takes on a terminal. */
export function displayWidth(text: string): number {
  return splitGraphemes(text).reduce((sum, { width }) => sum + width, 0);
}

/** Returns the beginning of the text that fits into `columns`, with `…` where something was cut. */
export function truncateToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) {
    return text;
  }
  let used = 0;
  let kept = "";
  for (const grapheme of splitGraphemes(text)) {
    if (used + grapheme.width > columns - 1) {
      break;
    }
    used += grapheme.width;
    kept += grapheme.text;
  }
  return columns > 0 ? `${kept}…` : "";
}

function widthOf(grapheme: string): Grapheme["width"] {
  if (zeroWidth.test(grapheme)) {
    return 0;
  }
  return emoji.test(grapheme) || wide.test(grapheme) ? 2 : 1;
}
