import { type CallArguments, readCallArguments, readPythonLiteral } from "./python-literal.ts";
import type { PythonValue } from "./python-value.ts";
import { endOfBracket, firstLogicalLine, splitOutside } from "./source-scanner.ts";

/** One recorded assert: a call with literal arguments, and what must hold of its result. */
export type AssertReading =
  | { readonly kind: "equals"; readonly args: CallArguments; readonly expected: PythonValue }
  /** An expression over `result`. */
  | { readonly kind: "property"; readonly args: CallArguments; readonly expression: string }
  | { readonly kind: "unreadable"; readonly reason: string };

interface FoundCall {
  readonly start: number;
  readonly end: number;
  readonly args: CallArguments;
}

/**
 * Reads `assert f(ARGS) == VALUE`, its sides in either order, and whatever else holds one such call;
 * the word itself may be missing.
 */
export function readAssert(source: string, entry: string): AssertReading {
  const line = firstLogicalLine(source.trim()).trim();
  const [written = "", ...rest] = splitOutside(line.replace(/^assert\b/, ""), ",");
  if (rest.length > 1) {
    return unreadable("more than a condition and a message");
  }
  const condition = withoutBrackets(written.trim());
  const calls = findCalls(condition, entry);
  const [call] = calls;
  if (call === undefined || calls.length > 1) {
    return unreadable(call === undefined ? "no call with literal arguments" : "several calls");
  }
  return readEquality(condition, call) ?? readProperty(condition, call);
}

function readEquality(condition: string, call: FoundCall): AssertReading | undefined {
  const sides = splitOutside(condition, "==").map((side) => side.trim());
  const [left = "", right = ""] = sides.length === 2 ? sides : splitIdentity(condition);
  const callText = condition.slice(call.start, call.end);
  const other =
    withoutBrackets(left) === callText
      ? right
      : withoutBrackets(right) === callText
        ? left
        : undefined;
  const expected = other === undefined ? undefined : readPythonLiteral(other);
  return expected === undefined ? undefined : { kind: "equals", args: call.args, expected };
}

function splitIdentity(condition: string): string[] {
  const match = /^(.*\S)\s+is\s+(None|True|False)$/s.exec(condition);
  return match === null ? [] : [match[1] ?? "", match[2] ?? ""];
}

function readProperty(condition: string, call: FoundCall): AssertReading {
  const before = condition.slice(0, call.start);
  const after = condition.slice(call.end);
  const expression = `${before}result${after}`;
  // A single `=` or a lambda's name would change what the expression means.
  return /\b(?:lambda|for|yield|await)\b|:=/.test(`${before}${after}`)
    ? unreadable("an expression with names of its own")
    : { kind: "property", args: call.args, expression };
}

function findCalls(condition: string, entry: string): FoundCall[] {
  const pattern = new RegExp(`(?<![\\w.])(?:candidate|${entry})\\s*\\(`, "g");
  const calls: FoundCall[] = [];
  for (const match of condition.matchAll(pattern)) {
    const open = match.index + match[0].length - 1;
    const close = endOfBracket(condition, open);
    const args = close === -1 ? undefined : readCallArguments(condition.slice(open + 1, close));
    if (args === undefined) {
      return [];
    }
    calls.push({ start: match.index, end: close + 1, args });
  }
  return calls;
}

function withoutBrackets(text: string): string {
  const inner = text.trim();
  return inner.startsWith("(") && endOfBracket(inner, 0) === inner.length - 1
    ? isTuple(inner)
      ? inner
      : withoutBrackets(inner.slice(1, -1))
    : inner;
}

function isTuple(bracketed: string): boolean {
  return bracketed === "()" || splitOutside(bracketed.slice(1, -1), ",").length > 1;
}

function unreadable(reason: string): AssertReading {
  return { kind: "unreadable", reason };
}
