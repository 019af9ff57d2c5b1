import type { Edit } from "../mutants/change.ts";
import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import { isRecordField } from "./change-definitions.ts";
import type { PythonPlace } from "./changer.ts";

const functions = new Set(["FunctionDef", "AsyncFunctionDef"]);
const loops = new Set(["For", "AsyncFor", "While"]);

/** Puts `pass` where a statement stands. */
export function statementRemoved(place: PythonPlace): Edit[] {
  const { node, text: source } = place;
  if (place.caution !== "free" || isAlone(place) || !isRemovable(place)) return [];
  return [
    {
      operator: "statement-removed",
      start: source.start(node),
      end: source.end(node),
      replacement: "pass",
      shown: node,
    },
  ];
}

/** The only statement of an `if` goes with its condition, that of a function with an early return. */
function isAlone({ siblings, parent, field }: PythonPlace): boolean {
  const holder = parent?.node;
  if (holder === undefined || field !== "body") return false;
  const isIf = kindOf(holder) === "If" && children(holder, "orelse").length === 0;
  if (!isIf && !functions.has(kindOf(holder))) return false;
  return siblings.filter((statement) => kindOf(statement) !== "Pass").length <= 1;
}

function isRemovable(place: PythonPlace): boolean {
  const { node } = place;
  switch (kindOf(node)) {
    case "Assign":
    case "AnnAssign":
      if (isRecordField(place)) return true;
      return child(node, "value") !== undefined && leavesNamesBound(place);
    case "AugAssign":
      return place.loop === undefined || !isStep(node);
    case "Break":
      return place.loop === undefined;
    case "Continue":
      return place.loop === undefined && !isLastOfLoop(place);
    case "Return":
      return place.loop === undefined && !functions.has(kindOf(place.parent?.node));
    case "Raise":
      return !/\bNotImplementedError\b/.test(place.text.textOf(node));
    case "Expr":
      return kindOf(child(node, "value")) !== "Constant" && !isSuperInit(node, place);
    default:
      return true;
  }
}

/** `i += 1`: what the loop's tests read may hang on it by a way round. */
function isStep(node: SyntaxNode): boolean {
  return kindOf(child(node, "value")) === "Constant";
}

function isSuperInit(node: SyntaxNode, place: PythonPlace): boolean {
  return /^super\(\)\.__init__\(/.test(place.text.textOf(node));
}

/** Without its first assignment a local just raises; its value is changed instead. */
function leavesNamesBound({ node, world }: PythonPlace): boolean {
  const targets = [...children(node, "targets"), child(node, "target")].flatMap((target) => {
    if (target === undefined) return [];
    return /^(?:Tuple|List)$/.test(kindOf(target)) ? children(target, "elts") : [target];
  });
  const scope = world.scopes.scopeOf.get(node);
  const value = child(node, "value");
  return targets.every((target) => {
    if (kindOf(target) !== "Name") return true;
    const name = text(target, "id");
    // A class without `__hash__` or `__lt__` of its own has another's.
    if (scope?.kind === "class" && /^__\w+__$/.test(name)) return true;
    if (scope === undefined || scope.globals.has(name) || scope.nonlocals.has(name)) return true;
    const [first] = scope.bindings.get(name) ?? [];
    return first !== undefined && !("node" in first && first.node === value);
  });
}

/** A `continue` at the end of its loop's body does nothing. */
function isLastOfLoop(place: PythonPlace): boolean {
  let at: PythonPlace["parent"] = place;
  while (at !== undefined && !loops.has(kindOf(at.node))) {
    if (at.index < at.siblings.length - 1) return false;
    at = at.parent;
  }
  return true;
}
