import type { Edit } from "../mutants/change.ts";
import { findOperator, type TextSpan } from "../mutants/find-operator.ts";
import type { Place } from "../mutants/place.ts";
import { child, children, kindOf, type SyntaxNode } from "../tree.ts";
import type { PythonPlace } from "./changer.ts";
import { isTextOrList } from "./text-or-list.ts";

interface OperatorText {
  readonly text: string;
  readonly changed: string;
}

const arithmetic: Readonly<Record<string, OperatorText>> = {
  Add: { text: "+", changed: "-" },
  Sub: { text: "-", changed: "+" },
  Mult: { text: "*", changed: "//" },
  Div: { text: "/", changed: "*" },
  FloorDiv: { text: "//", changed: "*" },
  Mod: { text: "%", changed: "//" },
  Pow: { text: "**", changed: "*" },
  LShift: { text: "<<", changed: ">>" },
  RShift: { text: ">>", changed: "<<" },
  BitAnd: { text: "&", changed: "|" },
  BitOr: { text: "|", changed: "&" },
  BitXor: { text: "^", changed: "&" },
};

const comparisons: Readonly<Record<string, OperatorText>> = {
  Eq: { text: "==", changed: "!=" },
  NotEq: { text: "!=", changed: "==" },
  Lt: { text: "<", changed: ">=" },
  LtE: { text: "<=", changed: ">" },
  Gt: { text: ">", changed: "<=" },
  GtE: { text: ">=", changed: "<" },
  Is: { text: "is", changed: "is not" },
  IsNot: { text: "is not", changed: "is" },
  In: { text: "in", changed: "not in" },
  NotIn: { text: "not in", changed: "in" },
};

const boundaries: Readonly<Record<string, string>> = { Lt: "<=", LtE: "<", Gt: ">=", GtE: ">" };

/** `x + 0` is `x - 0`, `x * 1` is `x // 1`, and `x * -1` is `x // -1` where x is whole. */
const neutral: Readonly<Record<string, RegExp>> = {
  Add: /^0$/,
  Sub: /^0$/,
  Mult: /^-?1$/,
  Div: /^-?1$/,
  FloorDiv: /^-?1$/,
  Pow: /^1$/,
  LShift: /^0$/,
  RShift: /^0$/,
};

export function arithmeticChanged(place: PythonPlace): Edit[] {
  const { node, text: source } = place;
  const [left, right] = [child(node, "left"), child(node, "right")];
  const op = arithmetic[kindOf(child(node, "op"))];
  if (left === undefined || right === undefined || op === undefined) return [];
  const span = between(place, left, right, op.text);
  if (span === undefined || isNeutral(node, right, place)) return [];
  if (place.caution !== "free" || (place.isLoopTest && !/^[+-]$/.test(op.text))) return [];
  if (isTextOrList(left, place) || isTextOrList(right, place)) {
    return [dropRight(place, left, source.end(node))];
  }
  // A product of small numbers may be their sum, which no quotient shows.
  const others = op.text === "*" ? [op.changed, "+"] : [op.changed];
  return others.map((replacement) => ({
    operator: "arithmetic",
    ...span,
    replacement,
    shown: node,
  }));
}

function isNeutral(node: SyntaxNode, right: SyntaxNode, { text: source }: PythonPlace): boolean {
  return neutral[kindOf(child(node, "op"))]?.test(source.textOf(right)) ?? false;
}

/** Of texts and lists that are joined or repeated only the first stays: `-` would just raise. */
function dropRight(place: PythonPlace, left: SyntaxNode, end: number): Edit {
  const { source } = place.text;
  const afterLeft = place.text.end(left);
  // A parenthesis behind the left operand belongs to it.
  const closed = /^[\s)]*\)/.exec(source.slice(afterLeft, end))?.[0].length ?? 0;
  return {
    operator: "arithmetic",
    start: afterLeft + closed,
    end,
    replacement: "",
    shown: place.node,
  };
}

export function augmentedChanged(place: PythonPlace): Edit[] {
  const { node } = place;
  const [target, value] = [child(node, "target"), child(node, "value")];
  const op = arithmetic[kindOf(child(node, "op"))];
  if (target === undefined || value === undefined || op === undefined) return [];
  const span = between(place, target, value, `${op.text}=`);
  if (span === undefined || place.caution !== "free" || isNeutral(node, value, place)) return [];
  const isJoined = isTextOrList(value, place) || isTextOrList(target, place);
  const replacement = isJoined ? "=" : `${op.changed}=`;
  return [{ operator: "arithmetic", ...span, replacement, shown: node }];
}

export function unaryChanged(place: PythonPlace): Edit[] {
  const { node, text: source } = place;
  const kind = kindOf(child(node, "op"));
  const operand = child(node, "operand");
  if (operand === undefined || place.caution !== "free") return [];
  const start = source.start(node);
  if (kind === "Not") {
    const length = /^not\s*/.exec(source.textOf(node))?.[0].length ?? 0;
    const isSeparate = source.source[start + length] !== "\\";
    const edit = { start, end: start + length, replacement: "", shown: node };
    return length > 0 && isSeparate ? [{ operator: "logical", ...edit }] : [];
  }
  // `a[-1]` is moved as a bound; `a[::-1]` is not.
  const isIndex = place.field === "slice" || place.field === "lower" || place.field === "upper";
  if (kind !== "USub" || isIndex || source.textOf(operand) === "0") return [];
  return [{ operator: "arithmetic", start, end: start + 1, replacement: "", shown: node }];
}

export function comparisonChanged(place: PythonPlace): Edit[] {
  const { node } = place;
  const operands = [child(node, "left"), ...children(node, "comparators")];
  return children(node, "ops").flatMap((op, index): Edit[] => {
    const [left, right] = [operands[index], operands[index + 1]];
    const found = comparisons[kindOf(op)];
    if (left === undefined || right === undefined || found === undefined) return [];
    const span = between(place, left, right, found.text);
    if (span === undefined) return [];
    const boundary = boundaries[kindOf(op)];
    const edits: Edit[] = [];
    if (boundary !== undefined && !isPick(place) && !mayNeverEnd(place, boundary)) {
      edits.push({ operator: "boundary", ...span, replacement: boundary, shown: node });
    }
    // Turned around, a loop's `<` or `in` may hold for ever.
    if (!place.isLoopTest || /^(?:Eq|NotEq|Is|IsNot)$/.test(kindOf(op))) {
      edits.push({ operator: "comparison", ...span, replacement: found.changed, shown: node });
    }
    return edits;
  });
}

/** `while n > 0: n //= 10` stays at 0 for ever once 0 is let in. */
function mayNeverEnd(place: PythonPlace, boundary: string): boolean {
  const sides = [child(place.node, "left"), ...children(place.node, "comparators")];
  const isZero = sides.some((side) => side !== undefined && place.text.textOf(side) === "0");
  if (!place.isLoopTest || !isZero || !/=$/.test(boundary)) return false;
  let loop: Place | undefined = place;
  while (loop !== undefined && kindOf(loop.node) !== "While") loop = loop.parent;
  const body = loop === undefined ? [] : children(loop.node, "body");
  return body.some((statement) => /\/|>>|%/.test(place.text.textOf(statement)));
}

/**
 * `if a > m: m = a` and `a if a > b else b` choose between equals where a boundary moves: nobody
 * can see it.
 */
function isPick(place: PythonPlace): boolean {
  const { node, text: source } = place;
  let at: Place = place;
  while (at.parent !== undefined && kindOf(at.parent.node) === "BoolOp") at = at.parent;
  const holder = at.parent?.node;
  if (holder === undefined || at.field !== "test") return false;
  const sides = [child(node, "left"), ...children(node, "comparators")];
  const [only, ...more] = children(holder, "body");
  const isOne = more.length === 0 && only !== undefined && kindOf(only) === "Assign";
  const chosen = isOne
    ? [...children(only, "targets"), child(only, "value")]
    : [child(holder, "body"), child(holder, "orelse")];
  const written = (parts: readonly (SyntaxNode | undefined)[]): string =>
    parts
      .map((part) => (part === undefined ? "" : source.textOf(part)))
      .toSorted()
      .join("\n");
  return sides.length === 2 && written(sides) === written(chosen);
}

export function logicalChanged(place: PythonPlace): Edit[] {
  const isAnd = kindOf(child(place.node, "op")) === "And";
  const values = children(place.node, "values");
  if (place.caution !== "free") return [];
  return values.slice(1).flatMap((right, index): Edit[] => {
    const left = values[index];
    const span = left === undefined ? undefined : between(place, left, right, isAnd ? "and" : "or");
    if (span === undefined) return [];
    const replacement = isAnd ? "or" : "and";
    return [{ operator: "logical", ...span, replacement, shown: place.node }];
  });
}

function between(
  place: PythonPlace,
  left: SyntaxNode,
  right: SyntaxNode,
  operator: string,
): TextSpan | undefined {
  const { text: source } = place;
  return findOperator(source.source, source.end(left), source.start(right), operator, "python");
}
