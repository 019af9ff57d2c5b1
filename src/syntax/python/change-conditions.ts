import type { Edit } from "../mutants/change.ts";
import { child, children, kindOf, type SyntaxNode } from "../tree.ts";
import type { PythonPlace } from "./changer.ts";
import { holdsContinue, holdsExit } from "./loop-guards.ts";

/** Negates a condition, or forces it; a loop's is only forced to false. */
export function conditionChanged(place: PythonPlace): Edit[] {
  const { node } = place;
  switch (kindOf(node)) {
    case "While":
      return forced(place, child(node, "test"), ["False"]);
    case "If":
      return ifChanged(place, child(node, "test"));
    case "MatchCase":
      return everyWay(place, child(node, "guard"));
    case "Comprehension":
      return children(node, "ifs").flatMap((test) => everyWay(place, test));
    default:
      return everyWay(place, child(node, "test"));
  }
}

/** Inside a loop the branch that leaves it, or that moves it on, must stay within reach. */
function ifChanged(place: PythonPlace, test: SyntaxNode | undefined): Edit[] {
  if (place.loop === undefined) return everyWay(place, test);
  if (holdsContinue(place.node)) return [];
  return holdsExit(place.node) ? negated(place, test) : everyWay(place, test);
}

function everyWay(place: PythonPlace, test: SyntaxNode | undefined): Edit[] {
  return [...negated(place, test), ...forced(place, test, ["True", "False"])];
}

function forced(
  place: PythonPlace,
  test: SyntaxNode | undefined,
  values: readonly string[],
): Edit[] {
  if (test === undefined || kindOf(test) === "Constant") return [];
  return values.map((value) => edit(place, test, value));
}

/** A comparison is turned around as one, and of `not x` the `not` is dropped. */
function negated(place: PythonPlace, test: SyntaxNode | undefined): Edit[] {
  if (test === undefined) return [];
  const kind = kindOf(test);
  const isOne = kind === "Compare" && children(test, "ops").length === 1;
  const isNot = kind === "UnaryOp" && kindOf(child(test, "op")) === "Not";
  if (isOne || isNot || kind === "Constant") return [];
  return [edit(place, test, `not (${place.text.textOf(test)})`)];
}

function edit(place: PythonPlace, test: SyntaxNode, replacement: string): Edit {
  const { text } = place;
  // A comprehension's condition has no brackets of its own, and a call's name may touch it.
  return {
    operator: "condition",
    start: text.start(test),
    end: text.end(test),
    replacement,
    ...(kindOf(place.node) === "IfExp" ? { shown: place.node } : {}),
  };
}
