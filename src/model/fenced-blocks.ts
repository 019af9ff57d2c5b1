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
  /** It lies before what had to be read to find it. */
  readonly isMisled?: boolean;
  /** What of the closing line belongs to the content. */
  readonly rest?: string;
}

const oneLine = /^[ \t]*```(\w*)[ \t]+(\S.*?)```$/;

/** Each block that closes inside of a string has been read to the text's end first. */
const maxMisleadingStrings = 5;

/**
 * Finds fenced blocks as CommonMark does, but knows that code holds fences too: an inner fence with
 * a tag opens a level of its own, and one inside a triple-quoted string closes nothing; and that models
 * put fences at the end of a line. Linear in the length of the text.
 */
export function findFencedBlocks(text: string): FencedBlock[] {
  return readFences(text).blocks;
}

/** Returns the text without its fenced blocks, as the pieces between them. */
export function textOutside(text: string): string[] {
  const { blocks, after } = readFences(text);
  return [...blocks.map(({ before }) => before), after];
}

function readFences(text: string): { blocks: FencedBlock[]; after: string } {
  const lines = usualFences(text).split("\n");
  const blocks: FencedBlock[] = [];
  let start = 0;
  let misleading = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const block = blockAt(lines, index, misleading < maxMisleadingStrings);
    if (block === undefined) continue;
    if (block.isMisled === true) misleading += 1;
    const { tag, content, isClosed, line } = block;
    blocks.push({ tag, content, isClosed, before: lines.slice(start, index).join("\n") });
    index = line;
    start = line + 1;
  }
  return { blocks, after: lines.slice(start).join("\n") };
}

type FoundBlock = Omit<FencedBlock, "before"> & Closing;

function blockAt(
  lines: readonly string[],
  index: number,
  knowsStrings: boolean,
): FoundBlock | undefined {
  const line = lines[index] ?? "";
  const single = line.includes("```") ? oneLine.exec(line.trimEnd()) : null;
  if (single !== null) {
    const [, tag = "", content = ""] = single;
    return { tag: tag.toLowerCase(), content: content.trimEnd(), isClosed: true, line: index };
  }
  const fence = openingFence(line);
  if (fence === undefined || isOpenedAgain(fence, lines[index + 1] ?? "")) return undefined;
  const end = findClosing(lines, index + 1, fence, knowsStrings);
  const inner = lines.slice(index + 1, end.line);
  if (end.rest !== undefined) inner.push(end.rest);
  const content = inner.map((one) => unindent(one, fence.indent)).join("\n");
  return { ...taggedInside(fence.tag, content), ...end };
}

/** Fences as they are meant where a text has none as they should be. */
function usualFences(text: string): string {
  if (/`{3}|~{3}/.test(text)) return text;
  if (text.includes("\\`\\`\\`")) return text.replaceAll("\\`\\`\\`", "```");
  if (/^``\w*[ \t]*$/m.test(text)) return text.replace(/^``(?=\w*[ \t]*$)/gm, "```");
  if (/^'''(?:python|py|typescript|ts|javascript|js|json)[ \t]*$/im.test(text)) {
    return text.replace(/^'''(?=\w*[ \t]*$)/gm, "```");
  }
  const whole = /^\s*`([^`]+)`\s*$/.exec(text)?.[1] ?? insideTripleQuotes(text);
  return whole === undefined ? text : `\`\`\`\n${whole}\n\`\`\``;
}

/** The same tag twice: the second fence is the one that opens. */
function isOpenedAgain({ tag }: Fence, nextLine: string): boolean {
  return tag !== "" && parseFence(nextLine)?.tag === tag;
}

function insideTripleQuotes(text: string): string | undefined {
  const [before, whole, after, ...more] = text.split('"""');
  const isAlone = before?.trim() === "" && after?.trim() === "" && more.length === 0;
  return isAlone && whole?.startsWith("\n") ? whole : undefined;
}

function parseFence(line: string): Fence | undefined {
  const fence = line.replace(/^[ \t]+/, "");
  const [mark] = fence;
  if (mark !== "`" && mark !== "~") return undefined;
  let length = 1;
  while (fence[length] === mark) length += 1;
  const info = fence.slice(length);
  if (length < 3 || info.includes("`")) return undefined;
  const indent = line.length - fence.length;
  return { indent, marker: fence.slice(0, length), tag: fenceTag(info) };
}

/** A fence on a line of its own, or at the end of a sentence. */
function openingFence(line: string): Fence | undefined {
  const at = line.indexOf("`");
  if (at <= 0 || line.slice(0, at).trim() === "") return parseFence(line);
  const glued = parseFence(line.slice(at));
  const info = line.slice(at + (glued?.marker.length ?? 0)).trim();
  return /^[\w+#.-]*$/.test(info) ? glued : undefined;
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

function findClosing(
  lines: readonly string[],
  start: number,
  opening: Fence,
  knowsStrings: boolean,
): Closing {
  const block = new OpenBlock(opening, knowsStrings);
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
  readonly #knowsStrings: boolean;
  #depth = 0;
  #firstInsideString: number | undefined;
  #openedLast: number | undefined;

  constructor(opening: Fence, knowsStrings: boolean) {
    this.#opening = opening;
    this.#knowsStrings = knowsStrings;
  }

  read(line: string, index: number): Closing | undefined {
    const fence = parseFence(line);
    if (fence !== undefined && closes(fence.marker, this.#opening.marker)) {
      return this.#readFence(line, fence, index);
    }
    const isOutermost = this.#depth === 0 && !this.#strings.isOpen;
    const rest = isOutermost ? beforeGluedFence(line, this.#opening) : undefined;
    if (rest !== undefined) return { line: index, isClosed: true, rest };
    if (this.#knowsStrings) this.#strings.read(line);
    if (line.trim() !== "") this.#openedLast = undefined;
    return undefined;
  }

  #readFence(line: string, fence: Fence, index: number): Closing | undefined {
    this.#openedLast = undefined;
    if (opensNested(line, fence)) {
      this.#depth += 1;
      this.#openedLast = index;
    } else if (this.#depth > 0) this.#depth -= 1;
    else if (!this.#strings.isOpen) return { line: index, isClosed: true };
    else this.#firstInsideString ??= index;
    return undefined;
  }

  /** A string that never closed misled us: the first fence was the end after all. A tag may stand at the end, too. */
  end(lines: number): Closing {
    if (this.#depth === 1 && this.#openedLast !== undefined) {
      return { line: this.#openedLast, isClosed: true };
    }
    const line = this.#firstInsideString;
    return line === undefined
      ? { line: lines, isClosed: false }
      : { line, isClosed: true, isMisled: true };
  }
}

/** A sentence behind a fence is prose that begins too early, and `<` begins a token: no tags. */
function opensNested(line: string, fence: Fence): boolean {
  if (fence.tag === "" || fence.tag.startsWith("<")) return false;
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
