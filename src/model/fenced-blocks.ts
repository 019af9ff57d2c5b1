export interface FencedBlock {
  /** Lower case, empty when the fence names none. */
  readonly tag: string;
  readonly content: string;
  /** False when the answer ended before the fence was closed. */
  readonly isClosed: boolean;
}

interface Fence {
  readonly indent: number;
  readonly marker: string;
  readonly tag: string;
}

const fenceLine = /^([ \t]*)(`{3,}|~{3,})[ \t]*([^`\r\n]*)$/;

/**
 * Finds fenced blocks as CommonMark does, but knows that code holds fences too: an inner fence with
 * a tag opens a level of its own, and one inside a triple-quoted string closes nothing.
 * Linear in the length of the text.
 */
export function findFencedBlocks(text: string): FencedBlock[] {
  const lines = text.split("\n");
  const blocks: FencedBlock[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const fence = parseFence(lines[index]);
    if (fence === undefined) continue;
    const end = findClosing(lines, index + 1, fence);
    const content = lines.slice(index + 1, end.line).map((line) => unindent(line, fence.indent));
    blocks.push({ tag: fence.tag, content: content.join("\n"), isClosed: end.isClosed });
    index = end.line;
  }
  return blocks;
}

function parseFence(line: string | undefined): Fence | undefined {
  const match = fenceLine.exec(line ?? "");
  if (match === null) return undefined;
  const [, indent = "", marker = "", info = ""] = match;
  const tag = info.trim().split(/[\s{,:]/u)[0] ?? "";
  return { indent: indent.length, marker, tag: tag.toLowerCase() };
}

function unindent(line: string, indent: number): string {
  let removed = 0;
  while (removed < indent && (line[removed] === " " || line[removed] === "\t")) removed += 1;
  return line.slice(removed);
}

function findClosing(
  lines: readonly string[],
  start: number,
  opening: Fence,
): { line: number; isClosed: boolean } {
  const strings = new TripleQuotes();
  let depth = 0;
  let firstInsideString: number | undefined;
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const fence = parseFence(line);
    const isFence = fence !== undefined && closes(fence.marker, opening.marker);
    if (!isFence) {
      strings.read(line);
      continue;
    }
    if (fence.tag !== "") depth += 1;
    else if (depth > 0) depth -= 1;
    else if (!strings.isOpen) return { line: index, isClosed: true };
    else firstInsideString ??= index;
  }
  // A string that never closed misled us: the first fence was the end after all.
  if (firstInsideString !== undefined) return { line: firstInsideString, isClosed: true };
  return { line: lines.length, isClosed: false };
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
