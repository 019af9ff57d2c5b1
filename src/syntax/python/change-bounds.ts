import type { Edit } from "../mutants/change.ts";
import type { Place } from "../mutants/place.ts";
import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import type { PythonPlace } from "./changer.ts";

/** What a bare ` + 1` can be put behind. */
const plainKinds = new Set(["Name", "Attribute", "Call", "Subscript"]);
/** A name that is used as an index may as well be a key: only these are taken for numbers. */
const indexName =
  /^(?:[ijklmnrpq]|.*(?:idx|index|pos|start|end|lo|hi|low|high|mid|left|right)\d*)$/i;

/** True for a constant that says where a slice, an index or a range begins or ends. */
export function isInBound(place: Place): boolean {
  const { parent } = place;
  if (isBound(place)) return true;
  if (parent === undefined) return false;
  const op = kindOf(child(parent.node, "op"));
  const isMoved =
    kindOf(parent.node) === "BinOp" && place.field === "right" && /^(?:Add|Sub)$/.test(op);
  return (isMoved || kindOf(parent.node) === "UnaryOp") && isBound(parent);
}

function isBound({ field, parent, index }: Place): boolean {
  const holder = parent?.node;
  if (kindOf(holder) === "Slice") return field === "lower" || field === "upper";
  if (kindOf(holder) === "Subscript") return field === "slice";
  return holder !== undefined && field === "args" && isRange(holder) && index === rangeEnd(holder);
}

function isRange(node: SyntaxNode): boolean {
  const callee = kindOf(node) === "Call" ? child(node, "func") : undefined;
  return callee !== undefined && kindOf(callee) === "Name" && text(callee, "id") === "range";
}

function rangeEnd(node: SyntaxNode): number {
  return children(node, "args").length === 1 ? 0 : 1;
}

/** Moves the bounds of `a[i:j]`, and the index of `a[i]` where its name says that it is one. */
export function boundMoved(place: PythonPlace): Edit[] {
  const { node } = place;
  if (kindOf(node) === "Slice") {
    return [child(node, "lower"), child(node, "upper")].flatMap((bound) =>
      moved(bound, place, [1, -1]),
    );
  }
  const index = child(node, "slice");
  const isNumber =
    index !== undefined && kindOf(index) === "Name" && indexName.test(text(index, "id"));
  return isNumber ? moved(index, place, [1, -1]) : [];
}

/** Moves the end of `range(…)`; behind `len(…)` only down, since one more is just no index. */
export function rangeEndMoved(place: PythonPlace): Edit[] {
  if (!isRange(place.node)) return [];
  const end = children(place.node, "args")[rangeEnd(place.node)];
  const callee = end === undefined ? undefined : child(end, "func");
  const isLength = callee !== undefined && text(callee, "id") === "len";
  return moved(end, place, isLength ? [-1] : [1, -1]);
}

/** Constants, and what already ends in `+ 1`, are changed as constants. */
function moved(
  bound: SyntaxNode | undefined,
  place: PythonPlace,
  steps: readonly number[],
): Edit[] {
  if (bound === undefined || place.caution !== "free" || !isMovable(bound)) return [];
  const { text: source } = place;
  const [start, end] = [source.start(bound), source.end(bound)];
  const written = source.source.slice(start, end);
  const operand = plainKinds.has(kindOf(bound)) ? written : `(${written})`;
  return steps.map(
    (step): Edit => ({
      operator: "off-by-one",
      start,
      end,
      replacement: `${operand} ${step > 0 ? "+" : "-"} 1`,
      shown: kindOf(place.node) === "Slice" ? (place.parent?.node ?? place.node) : place.node,
    }),
  );
}

function isMovable(bound: SyntaxNode): boolean {
  if (/^(?:Constant|Starred|Slice|Tuple|UnaryOp)$/.test(kindOf(bound))) return false;
  const isSum = kindOf(bound) === "BinOp" && /^(?:Add|Sub)$/.test(kindOf(child(bound, "op")));
  const right = isSum ? child(bound, "right") : undefined;
  return right === undefined || kindOf(right) !== "Constant";
}
