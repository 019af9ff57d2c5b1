import type { Edit } from "../mutants/change.ts";
import type { Place } from "../mutants/place.ts";
import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import { bare, endOf, startOf, type TypeScriptPlace } from "./changer.ts";

const plainKinds = new Set(["Identifier", "MemberExpression", "CallExpression"]);
/** Methods whose arguments are positions. */
const positional = /^(?:slice|substring|subarray|splice|at|charAt|charCodeAt|codePointAt)$/;
/** A name that is used as an index may as well be a key: only these are taken for numbers. */
const indexName =
  /^(?:[ijklmnrpq]|.*(?:idx|index|pos|start|end|lo|hi|low|high|mid|left|right)\d*)$/i;

/** True for a number that says where a slice begins or ends, or that is an index. */
export function isInBound(place: Place): boolean {
  const { parent } = place;
  if (isBound(place)) return true;
  if (parent === undefined) return false;
  const isSum = kindOf(parent.node) === "BinaryExpression" && place.field === "right";
  const isMoved = isSum && /^[+-]$/.test(text(parent.node, "operator"));
  return (isMoved || kindOf(parent.node) === "UnaryExpression") && isBound(parent);
}

function isBound({ field, parent, index }: Place): boolean {
  const holder = parent?.node;
  if (holder === undefined) return false;
  if (kindOf(holder) === "MemberExpression") return field === "property";
  return field === "arguments" && index < 2 && isPositional(holder);
}

function isPositional(call: SyntaxNode): boolean {
  const callee = kindOf(call) === "CallExpression" ? bare(child(call, "callee")) : undefined;
  const property = callee === undefined ? undefined : child(callee, "property");
  return property !== undefined && positional.test(text(property, "name"));
}

/** Moves the index of `a[i]` where its name says that it is one. */
export function indexMoved(place: TypeScriptPlace): Edit[] {
  const { node } = place;
  const index = node["computed"] === true ? child(node, "property") : undefined;
  const isNumber =
    index !== undefined && kindOf(index) === "Identifier" && indexName.test(text(index, "name"));
  return isNumber ? moved(index, place) : [];
}

/** Moves the bounds of `a.slice(i, j)` and the like. */
export function argumentBoundMoved(place: TypeScriptPlace): Edit[] {
  if (!isPositional(place.node)) return [];
  return children(place.node, "arguments")
    .slice(0, 2)
    .flatMap((bound) => moved(bound, place));
}

/** Numbers, and what already ends in `+ 1`, are changed as constants. */
function moved(bound: SyntaxNode, place: TypeScriptPlace): Edit[] {
  if (place.caution !== "free" || !isMovable(bound)) return [];
  const written = place.source.slice(startOf(bound), endOf(bound));
  const operand = plainKinds.has(kindOf(bound)) ? written : `(${written})`;
  return ["+ 1", "- 1"].map((step) => ({
    operator: "off-by-one",
    start: startOf(bound),
    end: endOf(bound),
    replacement: `${operand} ${step}`,
    shown: place.node,
  }));
}

function isMovable(bound: SyntaxNode): boolean {
  if (
    /^(?:Literal|SpreadElement|UnaryExpression|TemplateLiteral|.*Function.*)$/.test(kindOf(bound))
  ) {
    return false;
  }
  const isSum = kindOf(bound) === "BinaryExpression" && /^[+-]$/.test(text(bound, "operator"));
  return !isSum || kindOf(child(bound, "right")) !== "Literal";
}
