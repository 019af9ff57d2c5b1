import type { Edit } from "../mutants/change.ts";
import { child, kindOf, type SyntaxNode, text } from "../tree.ts";
import { endOf, startOf, type TypeScriptPlace, textOf } from "./changer.ts";
import { holdsContinue, holdsExit, testedLoops } from "./loop-guards.ts";

/** Negates a condition, or forces it; a loop's is only forced to false. */
export function conditionChanged(place: TypeScriptPlace): Edit[] {
  const { node } = place;
  const test = child(node, "test");
  const isFixed = test === undefined || kindOf(test) === "Literal" || place.caution !== "free";
  if (isFixed) return [];
  if (testedLoops.has(kindOf(node))) return [edit(place, test, "false")];
  const isStatement = kindOf(node) === "IfStatement";
  // Inside a loop the branch that leaves it, or that moves it on, must stay within reach.
  if (isStatement && place.loop !== undefined) {
    if (holdsContinue(node)) return [];
    if (holdsExit(node)) return negated(place, test);
  }
  return [...negated(place, test), edit(place, test, "true"), edit(place, test, "false")];
}

/** A comparison is turned around as one, and of `!x` the `!` is dropped. */
function negated(place: TypeScriptPlace, test: SyntaxNode): Edit[] {
  const operator = text(test, "operator");
  const isComparison =
    kindOf(test) === "BinaryExpression" && /^(?:[<>=!]=*|in|instanceof)$/.test(operator);
  if (isComparison || operator === "!") return [];
  return [edit(place, test, `!(${textOf(test, place.source)})`)];
}

function edit(place: TypeScriptPlace, test: SyntaxNode, replacement: string): Edit {
  const isExpression = kindOf(place.node) === "ConditionalExpression";
  return {
    operator: "condition",
    start: startOf(test),
    end: endOf(test),
    replacement,
    ...(isExpression ? { shown: place.node } : {}),
  };
}
