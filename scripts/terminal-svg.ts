/*
 * Turns captured terminal output with ANSI colours into a picture:
 *
 *   node scripts/terminal-svg.ts --title 'npm start' --label '…' < run.txt > docs/run.svg
 *
 * The picture is one file that loads nothing, and the same input gives the same bytes.
 */
import { text as readText } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { truncateToWidth } from "../src/cli/display-width.ts";
import { type Cell, type CellStyle, readTerminalOutput } from "./terminal-cells.ts";

export interface PictureOptions {
  /** In the window's bar. */
  readonly title?: string;
  /** Below the terminal's text, inside the picture. */
  readonly label?: string;
  /** At least so many columns; longer lines are wrapped. */
  readonly columns?: number;
}

const charWidth = 8.4;
const lineHeight = 20;
const padding = 18;
const barHeight = 36;
const foreground = "#e6edf3";
const ground = "#0d1117";
const font = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";

/** Returns the SVG document of a terminal window that shows `output`. */
export function renderTerminalSvg(output: string, options: PictureOptions = {}): string {
  const { title = "", label = "", columns = 100 } = options;
  const lines = readTerminalOutput(output).flatMap((line) => wrapCells(line, columns));
  const width = Math.ceil(columns * charWidth + padding * 2);
  const labelHeight = label === "" ? 0 : lineHeight + padding / 2;
  const height = barHeight + lines.length * lineHeight + padding + labelHeight;
  const rows = lines.map((line, index) => renderLine(line, barHeight + (index + 1) * lineHeight));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(title)}">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="10" fill="${ground}" stroke="#30363d"/>`,
    `<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>`,
    `<g font-family="${font}" font-size="14" fill="${foreground}">`,
    title === ""
      ? ""
      : `<text x="${width / 2}" y="23" text-anchor="middle" fill="#8b949e">${escapeXml(title)}</text>`,
    ...rows,
    renderLabel(label, columns, width, height),
    "</g>",
    "</svg>",
    "",
  ]
    .filter((line, index, all) => line !== "" || index === all.length - 1)
    .join("\n");
}

function renderLabel(label: string, columns: number, width: number, height: number): string {
  if (label === "") {
    return "";
  }
  const top = height - lineHeight - padding / 2;
  const text = escapeXml(truncateToWidth(label, columns));
  return `<line x1="0" y1="${top}" x2="${width}" y2="${top}" stroke="#30363d"/><text x="${padding}" y="${top + 19}" font-size="12" fill="#8b949e">${text}</text>`;
}

/**
 * Breaks where a word ends and keeps the indent, since a picture is read by people; a word longer
 * than a line is cut.
 */
function wrapCells(line: readonly Cell[], columns: number): Cell[][] {
  const spaces = Math.max(0, firstWord(line));
  const indent = spaces > columns / 2 ? [] : line.slice(0, spaces);
  const wrapped: Cell[][] = [];
  let rest = line;
  while (widthOf(rest) > columns) {
    const end = lineEnd(rest, columns);
    wrapped.push(rest.slice(0, end));
    rest = [...indent, ...rest.slice(end)];
  }
  return [...wrapped, [...rest]];
}

/** How many cells the first line takes, the space it ends with included. */
function lineEnd(cells: readonly Cell[], columns: number): number {
  let used = 0;
  let end = 0;
  while (end < cells.length && used + (cells[end]?.width ?? 0) <= columns) {
    used += cells[end]?.width ?? 0;
    end += 1;
  }
  const indent = firstWord(cells);
  const space = cells.slice(0, end + 1).findLastIndex(({ text }) => text === " ");
  return Math.max(1, space > indent ? Math.min(space + 1, cells.length) : end);
}

/** -1 when there is none. */
function firstWord(cells: readonly Cell[]): number {
  return cells.findIndex(({ text }) => text !== " ");
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

interface Span {
  text: string;
  column: number;
  columns: number;
  style: CellStyle;
}

/** Viewers drop spaces at either end; only those with a background are seen anyway. */
function trimSpan(span: Span): Span {
  const isVisible = span.style.background !== undefined || span.style.inverse === true;
  if (isVisible || span.columns !== span.text.length) {
    return span;
  }
  const column = span.column + span.text.length - span.text.trimStart().length;
  const text = span.text.trim();
  return { ...span, text, column, columns: text.length };
}

/** Neighbours of one style share an element; wide ones stand alone, at the column they belong to. */
function renderLine(line: readonly Cell[], y: number): string {
  const spans: Span[] = [];
  let column = 0;
  for (const cell of line) {
    const last = spans.at(-1);
    if (last?.style === cell.style && cell.width === 1 && last.text.length === last.columns) {
      last.text += cell.text;
      last.columns += 1;
    } else {
      spans.push({ text: cell.text, column, columns: cell.width, style: cell.style });
    }
    column += cell.width;
  }
  const shown = spans.map(trimSpan).filter(({ text }) => text !== "");
  return shown.map((span) => renderSpan(span, y)).join("");
}

function renderSpan(
  {
    text,
    column,
    columns,
    style,
  }: { text: string; column: number; columns: number; style: CellStyle },
  y: number,
): string {
  const x = round(padding + column * charWidth);
  const width = round(columns * charWidth);
  const color = style.inverse ? (style.background ?? ground) : style.color;
  const background = style.inverse ? (style.color ?? foreground) : style.background;
  const box =
    background === undefined
      ? ""
      : `<rect x="${x}" y="${y - 15}" width="${width}" height="${lineHeight}" fill="${background}"/>`;
  const attributes = [
    color === undefined ? "" : ` fill="${color}"`,
    style.bold ? ' font-weight="bold"' : "",
    style.italic ? ' font-style="italic"' : "",
    style.underline ? ' text-decoration="underline"' : "",
    style.dim ? ' opacity="0.6"' : "",
  ].join("");
  // The length keeps columns apart whatever font the viewer has.
  return `${box}<text x="${x}" y="${y}" textLength="${width}" lengthAdjust="spacingAndGlyphs"${attributes}>${escapeXml(text.replaceAll(" ", "\u00a0"))}</text>`;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escapeXml(text: string): string {
  return (
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      // XML allows no other control characters, not even escaped.
      .replace(/(?![\t\n\r])[\p{Cc}\p{Cs}\ufffe\uffff]/gu, "\ufffd")
  );
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { title: { type: "string" }, label: { type: "string" }, columns: { type: "string" } },
  });
  const { title, label, columns } = values;
  const output = await readText(process.stdin);
  process.stdout.write(
    renderTerminalSvg(output, {
      ...(title === undefined ? {} : { title }),
      ...(label === undefined ? {} : { label }),
      ...(columns === undefined ? {} : { columns: Number(columns) }),
    }),
  );
}
