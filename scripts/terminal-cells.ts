import { splitGraphemes } from "../src/cli/display-width.ts";

/** How a cell looks; colours are CSS. */
export interface CellStyle {
  readonly color?: string;
  readonly background?: string;
  readonly bold?: boolean;
  readonly dim?: boolean;
  readonly italic?: boolean;
  readonly underline?: boolean;
  readonly inverse?: boolean;
}

export interface Cell {
  readonly text: string;
  readonly width: 1 | 2;
  readonly style: CellStyle;
}

const palette = [
  "#484f58",
  "#ff7b72",
  "#3fb950",
  "#d29922",
  "#58a6ff",
  "#bc8cff",
  "#39c5cf",
  "#b1bac4",
  "#6e7681",
  "#ffa198",
  "#56d364",
  "#e3b341",
  "#79c0ff",
  "#d2a8ff",
  "#56d4dd",
  "#f0f6fc",
];
const token =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are terminal escape sequences.
  /\u001b\[([0-9;:?]*)([@-~])|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)|\u001b[@-Z\\^_]|[\r\n]|[^\u001b\r\n]+|\u001b/g;

/**
 * Returns what a terminal shows after `output`, line by line: colours are understood, so are
 * going back to the first column and the clearing of a line; other movements of the cursor are not.
 */
export function readTerminalOutput(output: string): Cell[][] {
  const screen = new TerminalScreen();
  for (const [text, parameters = "", final] of output.matchAll(token)) {
    screen.take(text, parameters, final);
  }
  return screen.lines();
}

class TerminalScreen {
  readonly #lines: Cell[][] = [[]];
  #style: CellStyle = {};
  #column = 0;

  take(text: string, parameters: string, final: string | undefined): void {
    const line = this.#lines.at(-1) ?? [];
    if (text === "\n") {
      this.#lines.push([]);
      this.#column = 0;
    } else if (text === "\r" || (final === "G" && (parameters === "" || parameters === "1"))) {
      this.#column = 0;
    } else if (final === "m") {
      this.#style = applyStyle(this.#style, parameters);
    } else if (final === "K") {
      line.length = parameters === "2" ? 0 : Math.min(line.length, this.#column);
    } else if (!text.startsWith("\u001b")) {
      this.#column = writeText(line, this.#column, text, this.#style);
    }
  }

  lines(): Cell[][] {
    while (this.#lines.length > 1 && this.#lines.at(-1)?.length === 0) {
      this.#lines.pop();
    }
    return this.#lines;
  }
}

/** Positions in a line count graphemes: text that overwrites a wide one replaces it whole. */
function writeText(line: Cell[], from: number, text: string, style: CellStyle): number {
  let column = from;
  for (const grapheme of splitGraphemes(text.replaceAll("\t", "    "))) {
    if (grapheme.width !== 0) {
      line[column] = { text: grapheme.text, width: grapheme.width, style };
      column += 1;
    }
  }
  return column;
}

function applyStyle(style: CellStyle, parameters: string): CellStyle {
  const codes = parameters.split(/[;:]/).map(Number);
  let result = style;
  for (let index = 0; index < codes.length; index += 1) {
    const code = codes[index] ?? 0;
    if (code === 38 || code === 48) {
      const { color, used } = readExtendedColor(codes.slice(index + 1));
      result = { ...result, ...(code === 38 ? { color } : { background: color }) };
      index += used;
    } else {
      result = applyCode(result, code);
    }
  }
  return result;
}

function applyCode(style: CellStyle, code: number): CellStyle {
  const flags: Record<number, CellStyle> = {
    1: { bold: true },
    2: { dim: true },
    3: { italic: true },
    4: { underline: true },
    7: { inverse: true },
    22: { bold: false, dim: false },
    23: { italic: false },
    24: { underline: false },
    27: { inverse: false },
  };
  if (code === 0) {
    return {};
  }
  const { color: _color, ...withoutColor } = style;
  const { background: _background, ...withoutBackground } = style;
  if (code === 39) {
    return withoutColor;
  }
  return code === 49 ? withoutBackground : { ...style, ...(flags[code] ?? readBasicColor(code)) };
}

function readBasicColor(code: number): CellStyle {
  const isBright = code >= 90;
  const base = code - (isBright ? 82 : 30);
  const color = palette[base];
  const background = palette[base - 10];
  if ((code >= 30 && code <= 37) || (code >= 90 && code <= 97)) {
    return color === undefined ? {} : { color };
  }
  const isBackground = (code >= 40 && code <= 47) || (code >= 100 && code <= 107);
  return isBackground && background !== undefined ? { background } : {};
}

function readExtendedColor(codes: readonly number[]): { color: string; used: number } {
  const [kind, first = 0, second = 0, third = 0] = codes;
  if (kind === 2) {
    return { color: `rgb(${first}, ${second}, ${third})`, used: 4 };
  }
  return { color: indexedColor(first), used: 2 };
}

/** The 256 colours of xterm: 16 basic ones, a 6×6×6 cube, 24 greys. */
function indexedColor(index: number): string {
  if (index < 16) {
    return palette[index] ?? "#b1bac4";
  }
  if (index >= 232) {
    const level = 8 + (index - 232) * 10;
    return `rgb(${level}, ${level}, ${level})`;
  }
  const level = (step: number) => (step === 0 ? 0 : 55 + step * 40);
  const cube = index - 16;
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(level);
  return `rgb(${red}, ${green}, ${blue})`;
}
