const openers = "([{";
const closers = ")]}";

/** Where the string literal that begins at `start` ends (behind its last quote); -1 when it does not. */
export function endOfString(text: string, start: number): number {
  const quote = text[start] ?? "";
  const fence = text.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  for (let at = start + fence.length; at < text.length; at += 1) {
    if (text[at] === "\\") {
      at += 1;
    } else if (text.startsWith(fence, at)) {
      return at + fence.length;
    } else if (text[at] === "\n" && fence.length === 1) {
      return -1;
    }
  }
  return -1;
}

/** Where the bracket that opens at `start` is closed; -1 when it is not. */
export function endOfBracket(text: string, start: number): number {
  for (const { at, depth } of characters(text, start)) {
    if (depth === 0 && at > start) {
      return at;
    }
  }
  return -1;
}

/** The text's pieces between separators that stand in no bracket and no string. */
export function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  for (const { at, depth } of characters(text, 0)) {
    const isBracket = openers.includes(text[at] ?? "");
    if (depth === 0 && !isBracket && at >= from && text.startsWith(separator, at)) {
      pieces.push(text.slice(from, at));
      from = at + separator.length;
    }
  }
  return [...pieces, text.slice(from)];
}

/** The first logical line: brackets and strings may go over several. */
export function firstLogicalLine(text: string): string {
  for (const { at, depth } of characters(text, 0)) {
    const isEnd = text[at] === "\n" || text[at] === "#" || text[at] === ";";
    if (depth === 0 && isEnd) {
      return text.slice(0, at);
    }
  }
  return text;
}

/** Each character outside of strings, with the brackets open behind it. */
function* characters(text: string, start: number): Generator<{ at: number; depth: number }> {
  let depth = 0;
  let at = start;
  while (at < text.length && at !== -1) {
    if (/["']/.test(text[at] ?? "")) {
      at = endOfString(text, at);
    } else {
      depth += bracketStep(text[at] ?? "");
      yield { at, depth };
      at += 1;
    }
  }
}

function bracketStep(character: string): number {
  return openers.includes(character) ? 1 : closers.includes(character) ? -1 : 0;
}
