import type { ReadOutcome } from "./source-facts.ts";
import { unreadable } from "./unreadable.ts";

/** Bytes of one source, as UTF-8. */
const maxSourceBytes = 1024 * 1024;
/** CPython itself stops at 200 brackets and 100 indents; text in strings is counted too, hence more. */
const maxBracketDepth = 500;
const maxIndentColumns = 1_000;
/** `not not not …`: each one is a level of the tree. */
const maxPrefixChain = 500;

const opening = new Set(["(", "[", "{"]);
const closing = new Set([")", "]", "}"]);
const prefixWords = new Set([
  "not",
  "await",
  "typeof",
  "void",
  "delete",
  "lambda",
  "new",
  "yield",
  "async",
]);
const prefixSigns = new Set(["-", "+", "~", "!", "*"]);
const tokens = /\n[ \t]*|[A-Za-z_$][\w$]*|\S/gu;

/**
 * Refuses a source that would take a parser's stack, before any parser sees it. One pass over
 * the text, strings and comments included, so the caps lie far above what people write. What
 * slips through kills the child at worst.
 */
export function checkCaps(source: string): ReadOutcome<never> | undefined {
  if (Buffer.byteLength(source) > maxSourceBytes) {
    return unreadable(
      "too-large",
      `The source is ${Buffer.byteLength(source)} bytes; at most ${maxSourceBytes} are read. Write less code.`,
    );
  }
  let line = 1;
  let depth = 0;
  let chain = 0;
  for (const [token] of source.matchAll(tokens)) {
    if (token.startsWith("\n")) {
      line += 1;
      if (token.length > maxIndentColumns) return tooDeep("indentation", line);
      continue;
    }
    depth = depthAfter(token, depth);
    if (depth > maxBracketDepth) return tooDeep("brackets", line);
    chain = prefixWords.has(token) || prefixSigns.has(token) ? chain + 1 : 0;
    if (chain > maxPrefixChain) return tooDeep("operators before a value", line);
  }
  return undefined;
}

function depthAfter(token: string, depth: number): number {
  if (opening.has(token)) return depth + 1;
  return closing.has(token) ? Math.max(0, depth - 1) : depth;
}

function tooDeep(what: string, line: number): ReadOutcome<never> {
  return unreadable(
    "too-deep",
    `Line ${line}: ${what} nested too deep to be read. Split it into smaller parts.`,
  );
}
