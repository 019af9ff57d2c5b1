import type { Edit } from "../mutants/change.ts";
import type { Place } from "../mutants/place.ts";
import { child, kindOf, type SyntaxNode } from "../tree.ts";
import { bare, endOf, startOf, type TypeScriptPlace } from "./changer.ts";

const removable = new Set([
  "AssignmentExpression",
  "CallExpression",
  "NewExpression",
  "UpdateExpression",
  "AwaitExpression",
  "YieldExpression",
  "UnaryExpression",
]);
const loops = /^(?:For(?:In|Of)?|While|DoWhile)Statement$/;

/** Leaves `;` where a statement stands. */
export function statementRemoved(place: TypeScriptPlace): Edit[] {
  const { node } = place;
  if (place.caution !== "free" || isAlone(place) || !isRemovable(place)) return [];
  return [
    {
      operator: "statement-removed",
      start: startOf(node),
      end: endOf(node),
      replacement: ";",
      shown: node,
    },
  ];
}

/** The only statement of an `if` goes with its condition, that of a function with an early return. */
function isAlone(place: Place): boolean {
  const holder = place.parent;
  const isBlock = kindOf(holder?.node) === "BlockStatement";
  if (isBlock && place.siblings.length > 1) return false;
  const owner = isBlock ? holder?.parent : holder;
  const field = isBlock ? holder?.field : place.field;
  if (owner === undefined) return false;
  if (/Function/.test(kindOf(owner.node))) return true;
  const isIf = kindOf(owner.node) === "IfStatement" && field === "consequent";
  return isIf && child(owner.node, "alternate") === undefined;
}

function isRemovable(place: TypeScriptPlace): boolean {
  const { node, loop, parent } = place;
  switch (kindOf(node)) {
    case "ExpressionStatement": {
      const expression = bare(child(node, "expression"));
      return removable.has(kindOf(expression)) && !isSuperCall(expression);
    }
    case "BreakStatement":
      return loop === undefined || kindOf(parent?.node) === "SwitchCase";
    case "ContinueStatement":
      return loop === undefined && !isLastOfLoop(place);
    case "ReturnStatement":
      return loop === undefined && !isLastOfFunction(place);
    default:
      return true;
  }
}

function isSuperCall(expression: SyntaxNode | undefined): boolean {
  return expression !== undefined && kindOf(child(expression, "callee")) === "Super";
}

function isLastOfFunction({ parent }: Place): boolean {
  return kindOf(parent?.node) === "BlockStatement" && /Function/.test(kindOf(parent?.parent?.node));
}

/** A `continue` at the end of its loop's body does nothing. */
function isLastOfLoop(place: Place): boolean {
  let at: Place | undefined = place;
  while (at !== undefined && !loops.test(kindOf(at.node))) {
    if (at.index < at.siblings.length - 1) return false;
    at = at.parent;
  }
  return true;
}
