import { fenceTag } from "./fence-tag.ts";

export interface FencedBlock {
  /** Lower case, empty when the fence names none. */
  readonly tag: string;
  readonly content: string;
  /** False when the answer ended before the fence was closed. */
  readonly isClosed: boolean;
  /** What stands between the block before, or the beginning, and this one. */
  readonly before: string;
}

interface Fence {
  readonly indent: number;
  readonly marker: string;
  readonly tag: string;
}

interface Closing {
  readonly line: number;
  readonly isClosed: boolean;
  /** What of the closing line belongs to the content. */
  readonly rest?: string;
}

const fenceLine = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^`\r\n]*)$/;
const oneLine = /^[ \t]*```(\w*)[ \t]+(\S.*?)[ \t]*```[ \t]*$/;

/**
 * Finds fenced blocks as CommonMark does, but knows that code holds fences too: an inner fence with
 * a tag opens a level of its own, and one inside a triple-quoted string closes nothing; and that models
 * put fences at the end of a line. Linear in the length of the text.
 */
export function findFencedBlocks(text: string): FencedBlock[] {
  const lines = usualFences(text).split("\n");
  const blocks: FencedBlock[] = [];
  let before: string[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const single = oneLine.exec(line);
    if (single !== null) {
      const [, tag = "", content = ""] = single;
      blocks.push({ tag: tag.toLowerCase(), content, isClosed: true, before: before.join("\n") });
      before = [];
      continue;
    }
    const fence = openingFence(line);
    if (fence === undefined) {
      before.push(line);
      continue;
    }
    const end = findClosing(lines, index + 1, fence);
    const inner = [
      ...lines.slice(index + 1, end.line),
      ...(end.rest === undefined ? [] : [end.rest]),
    ];
    const content = inner.map((one) => unindent(one, fence.indent)).join("\n");
    blocks.push({
      ...taggedInside(fence.tag, content),
      isClosed: end.isClosed,
      before: before.join("\n"),
    });
    before = [];
    index = end.line;
  }
  return blocks;
}

/** Returns the text without its fenced blocks, as the pieces between them. */
export function textOutside(text: string): string[] {
  const lines = usualFences(text).split("\n");
  const pieces: string[][] = [[]];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const fence = openingFence(line);
    if (fence === undefined && !oneLine.test(line)) {
      pieces.at(-1)?.push(line);
      continue;
    }
    pieces.push([]);
    if (fence !== undefined) index = findClosing(lines, index + 1, fence).line;
  }
  return pieces.map((piece) => piece.join("\n"));
}

/** Fences as they are meant where a text has none as they should be. */
function usualFences(text: string): string {
  if (/`{3}|~{3}/.test(text)) return text;
  if (text.includes("\\`\\`\\`")) return text.replaceAll("\\`\\`\\`", "```");
  if (/^``\w*[ \t]*$/m.test(text)) return text.replace(/^``(?=\w*[ \t]*$)/gm, "```");
  if (/^'''(?:python|py|typescript|ts|javascript|js|json)[ \t]*$/im.test(text)) {
    return text.replace(/^'''(?=\w*[ \t]*$)/gm, "```");
  }
  const single = /^\s*`([^`]+)`\s*$/.exec(text)?.[1];
  return single === undefined ? text : `\`\`\`\n${single}\n\`\`\``;
}

function parseFence(line: string | undefined): Fence | undefined {
  const match = fenceLine.exec(line ?? "");
  if (match === null) return undefined;
  const [, indent = "", marker = "", info = ""] = match;
  return { indent: indent.length, marker, tag: fenceTag(info) };
}

/** A fence on a line of its own, or at the end of a sentence. */
function openingFence(line: string): Fence | undefined {
  const at = line.indexOf("`");
  if (at <= 0 || line.slice(0, at).trim() === "") return parseFence(line);
  const glued = /^(`{3,})[ \t]*([\w+#.-]*)[ \t]*$/.exec(line.slice(at));
  if (glued === null) return undefined;
  const [, marker = "", info = ""] = glued;
  return { indent: 0, marker, tag: fenceTag(info) };
}

function unindent(line: string, indent: number): string {
  let removed = 0;
  while (removed < indent && (line[removed] === " " || line[removed] === "\t")) removed += 1;
  return line.slice(removed);
}

/** A tag that slipped to the first line of the content. */
function taggedInside(tag: string, content: string): { tag: string; content: string } {
  const slipped = /^\s*(python|py|typescript|ts|javascript|js|json)[ \t]*\n/i.exec(content);
  return tag !== "" || slipped === null
    ? { tag, content }
    : { tag: (slipped[1] ?? "").toLowerCase(), content: content.slice(slipped[0].length) };
}

function findClosing(lines: readonly string[], start: number, opening: Fence): Closing {
  const block = new OpenBlock(opening);
  for (let index = start; index < lines.length; index += 1) {
    const closing = block.read(lines[index] ?? "", index);
    if (closing !== undefined) return closing;
  }
  return block.end(lines.length);
}

/** A block line by line, until a line closes it. */
class OpenBlock {
  readonly #opening: Fence;
  readonly #strings = new TripleQuotes();
  #depth = 0;
  #firstInsideString: number | undefined;

  constructor(opening: Fence) {
    this.#opening = opening;
  }

  read(line: string, index: number): Closing | undefined {
    const fence = parseFence(line);
    if (fence !== undefined && closes(fence.marker, this.#opening.marker)) {
      return this.#readFence(line, fence, index);
    }
    const isOutermost = this.#depth === 0 && !this.#strings.isOpen;
    const rest = isOutermost ? beforeGluedFence(line, this.#opening) : undefined;
    if (rest !== undefined) return { line: index, isClosed: true, rest };
    this.#strings.read(line);
    return undefined;
  }

  #readFence(line: string, fence: Fence, index: number): Closing | undefined {
    if (opensNested(line, fence)) this.#depth += 1;
    else if (this.#depth > 0) this.#depth -= 1;
    else if (!this.#strings.isOpen) return { line: index, isClosed: true };
    else this.#firstInsideString ??= index;
    return undefined;
  }

  /** A string that never closed misled us: the first fence was the end after all. */
  end(lines: number): Closing {
    const line = this.#firstInsideString;
    return line === undefined ? { line: lines, isClosed: false } : { line, isClosed: true };
  }
}

/** A sentence behind a fence is prose that begins too early, not a tag. */
function opensNested(line: string, fence: Fence): boolean {
  if (fence.tag === "") return false;
  const info = line.replace(/^[ \t]*[`~]+/, "").trim();
  return !/^\w[\w'’]*:? +\S+/.test(info) || /[={]|^python \d/i.test(info);
}

/** Code, and the closing fence on the same line. */
function beforeGluedFence(line: string, opening: Fence): string | undefined {
  const at = line.indexOf("`");
  const marker = line.slice(at).trimEnd();
  if (at <= 0 || !/^`{3,}$/.test(marker) || !closes(marker, opening.marker)) return undefined;
  const code = line.slice(0, at);
  return code.trim() === "" || /#|\/\//.test(code) ? undefined : code;
}

function closes(marker: string, opening: string): boolean {
  return marker[0] === opening[0] && marker.length >= opening.length;
}

/** Follows Python's triple-quoted strings line by line; other strings end with their line. */
class TripleQuotes {
  #open: string | undefined;

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  read(line: string): void {
    let index = 0;
    while (index < line.length) {
      index =
        this.#open === undefined ? this.#readCode(line, index) : this.#readString(line, index);
    }
  }

  #readString(line: string, start: number): number {
    const quotes = this.#open ?? '"""';
    const end = line.indexOf(quotes, start);
    if (end === -1) return line.length;
    this.#open = undefined;
    return end + 3;
  }

  #readCode(line: string, start: number): number {
    const character = line[start];
    if (character === "#") return line.length;
    if (character !== '"' && character !== "'") return start + 1;
    if (line.startsWith(character.repeat(3), start)) {
      this.#open = character.repeat(3);
      return start + 3;
    }
    return endOfString(line, start + 1, character);
  }
}

function endOfString(line: string, start: number, quote: string): number {
  for (let index = start; index < line.length; index += 1) {
    if (line[index] === "\\") index += 1;
    else if (line[index] === quote) return index + 1;
  }
  return line.length;
}
