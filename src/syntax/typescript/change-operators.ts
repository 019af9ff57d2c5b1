import type { Edit } from "../mutants/change.ts";
import { findOperator } from "../mutants/find-operator.ts";
import type { Place } from "../mutants/place.ts";
import { child, kindOf, type SyntaxNode, text } from "../tree.ts";
import { bare, endOf, startOf, type TypeScriptPlace, textOf } from "./changer.ts";
import { divides, statementsOf, testedLoops } from "./loop-guards.ts";
import { isTextOrList } from "./text-or-list.ts";

const arithmetic = new Map([
  ["+", "-"],
  ["-", "+"],
  ["*", "/"],
  ["/", "*"],
  ["%", "*"],
  ["**", "*"],
  ["<<", ">>"],
  [">>", "<<"],
  [">>>", "<<"],
  ["&", "|"],
  ["|", "&"],
  ["^", "&"],
]);
const comparisons = new Map([
  ["==", "!="],
  ["!=", "=="],
  ["===", "!=="],
  ["!==", "==="],
  ["<", ">="],
  ["<=", ">"],
  [">", "<="],
  [">=", "<"],
]);
const boundaries = new Map([
  ["<", "<="],
  ["<=", "<"],
  [">", ">="],
  [">=", ">"],
]);
const logicals = new Map([
  ["&&", "||"],
  ["||", "&&"],
  ["??", "&&"],
]);
/** `x + 0` is `x - 0`, `x * 1` is `x / 1`, `x * -1` is `x / -1`. */
const neutral: Readonly<Record<string, RegExp>> = {
  "+": /^0$/,
  "-": /^0$/,
  "*": /^-?1$/,
  "/": /^-?1$/,
  "**": /^1$/,
  "<<": /^0$/,
  ">>": /^0$/,
  ">>>": /^0$/,
};

export function binaryChanged(place: TypeScriptPlace): Edit[] {
  const { node } = place;
  const operator = text(node, "operator");
  if (arithmetic.has(operator)) return arithmeticChanged(place, operator);
  return comparisonChanged(place, operator);
}

function arithmeticChanged(place: TypeScriptPlace, operator: string): Edit[] {
  const { node, source } = place;
  const [left, right] = [child(node, "left"), child(node, "right")];
  if (left === undefined || right === undefined || place.caution !== "free") return [];
  if (neutral[operator]?.test(textOf(right, source))) return [];
  if (place.isLoopTest && !/^[+-]$/.test(operator)) return [];
  if (operator === "+" && (isTextOrList(left, place) || isTextOrList(right, place))) {
    return [dropRight(place, left)];
  }
  // A product of small numbers may be their sum, which no quotient shows.
  const others = operator === "*" ? [arithmetic.get(operator), "+"] : [arithmetic.get(operator)];
  return others.flatMap((other) => replaced(place, "arithmetic", operator, other));
}

/** Of texts that are joined only the first stays: `-` would just give NaN. */
function dropRight({ node, source }: TypeScriptPlace, left: SyntaxNode): Edit {
  const after = endOf(left);
  const closed = /^[\s)]*\)/.exec(source.slice(after, endOf(node)))?.[0].length ?? 0;
  return {
    operator: "arithmetic",
    start: after + closed,
    end: endOf(node),
    replacement: "",
    shown: node,
  };
}

function comparisonChanged(place: TypeScriptPlace, operator: string): Edit[] {
  const { node, source } = place;
  if (operator === "in" || operator === "instanceof") {
    const shape = { start: startOf(node), end: endOf(node) };
    return place.isLoopTest
      ? []
      : [
          {
            operator: "comparison",
            ...shape,
            replacement: `!(${textOf(node, source)})`,
            shown: node,
          },
        ];
  }
  const boundary = boundaries.get(operator);
  const isEquality = boundary === undefined;
  const moved = isEquality || isPick(place) || mayNeverEnd(place, boundary) ? undefined : boundary;
  // Turned around, a loop's `<` may hold for ever.
  const turned = place.isLoopTest && !isEquality ? undefined : comparisons.get(operator);
  return [
    ...replaced(place, "boundary", operator, moved),
    ...replaced(place, "comparison", operator, turned),
  ];
}

function mayNeverEnd(place: TypeScriptPlace, boundary: string): boolean {
  const sides = [child(place.node, "left"), child(place.node, "right")];
  const isZero = sides.some((side) => side !== undefined && textOf(side, place.source) === "0");
  if (!place.isLoopTest || !isZero || !/=$/.test(boundary)) return false;
  let loop: Place | undefined = place;
  while (loop !== undefined && !testedLoops.has(kindOf(loop.node))) loop = loop.parent;
  return loop !== undefined && divides(loop.node, place.source);
}

/** `if (a > m) m = a;` and `a > b ? a : b` choose between equals where a boundary moves. */
function isPick(place: TypeScriptPlace): boolean {
  let at: Place = place;
  while (at.parent !== undefined && kindOf(at.parent.node) === "LogicalExpression") at = at.parent;
  const holder = at.parent?.node;
  if (holder === undefined || at.field !== "test") return false;
  const [only, ...more] = statementsOf(child(holder, "consequent"));
  const assigned = only === undefined || more.length > 0 ? undefined : child(only, "expression");
  const chosen =
    assigned !== undefined && text(assigned, "operator") === "="
      ? [child(assigned, "left"), child(assigned, "right")]
      : [child(holder, "consequent"), child(holder, "alternate")];
  const written = (parts: readonly (SyntaxNode | undefined)[]): string =>
    parts
      .map((part) => (part === undefined ? "" : textOf(part, place.source)))
      .toSorted()
      .join("\n");
  return written([child(place.node, "left"), child(place.node, "right")]) === written(chosen);
}

export function assignmentChanged(place: TypeScriptPlace): Edit[] {
  const { node, source } = place;
  const operator = text(node, "operator");
  const plain = operator.slice(0, -1);
  const right = child(node, "right");
  const left = child(node, "left");
  if (plain === "" || right === undefined || left === undefined || place.caution !== "free")
    return [];
  if (logicals.has(plain)) return replaced(place, "logical", operator, `${logicals.get(plain)}=`);
  if (neutral[plain]?.test(textOf(right, source))) return [];
  const isJoined = plain === "+" && (isTextOrList(right, place) || isTextOrList(left, place));
  const changed = arithmetic.get(plain);
  if (changed === undefined) return [];
  return replaced(place, "arithmetic", operator, isJoined ? "=" : `${changed}=`);
}

/** `i++` becomes `i--`, where no loop waits for it. */
export function updateChanged({ node, source, caution, isLoopTest }: TypeScriptPlace): Edit[] {
  if (caution !== "free" || isLoopTest) return [];
  const written = textOf(node, source);
  const isPrefix = node["prefix"] === true;
  const start = isPrefix ? startOf(node) : endOf(node) - 2;
  const replacement = written.includes("++") ? "--" : "++";
  return [{ operator: "arithmetic", start, end: start + 2, replacement, shown: node }];
}

export function unaryChanged(place: TypeScriptPlace): Edit[] {
  const { node, parent } = place;
  const operator = text(node, "operator");
  const argument = bare(child(node, "argument"));
  if (place.caution !== "free" || argument === undefined) return [];
  const start = startOf(node);
  const shown = { start, end: start + 1, replacement: "", shown: node };
  if (operator === "!") {
    // `!!x` is `x` to whoever asks for its truth; of both only the outer goes.
    const isInner = text(parent?.node ?? {}, "operator") === "!";
    const isDouble = text(argument, "operator") === "!";
    return isInner || isDouble ? [] : [{ operator: "logical", ...shown }];
  }
  if (operator !== "-" || argument["value"] === 0) return [];
  return [{ operator: "arithmetic", ...shown }];
}

export function logicalChanged(place: TypeScriptPlace): Edit[] {
  const operator = text(place.node, "operator");
  return place.caution === "free"
    ? replaced(place, "logical", operator, logicals.get(operator))
    : [];
}

function replaced(
  { node, source }: TypeScriptPlace,
  operator: Edit["operator"],
  written: string,
  replacement: string | undefined,
): Edit[] {
  const [left, right] = [child(node, "left"), child(node, "right")];
  if (left === undefined || right === undefined || replacement === undefined) return [];
  const span = findOperator(source, endOf(left), startOf(right), written, "typescript");
  return span === undefined ? [] : [{ operator, ...span, replacement, shown: node }];
}
