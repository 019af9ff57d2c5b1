import type { Caution, LoopGuard, Place } from "../mutants/place.ts";
import { child, children, everyChild, kindOf, type SyntaxNode, text } from "../tree.ts";

const functions = new Set(["FunctionDef", "AsyncFunctionDef", "Lambda", "ClassDef"]);
const exits = new Set(["Break", "Return", "Raise"]);
const inequalities = new Set(["NotEq", "NotIn", "IsNot"]);

/** Every node below and including this one, without what stands in functions of its own. */
export function* nodesWithin(root: SyntaxNode): Generator<SyntaxNode> {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    for (const inner of everyChild(node).reverse()) {
      if (!functions.has(kindOf(inner))) open.push(inner);
    }
  }
}

export function namesWithin(root: SyntaxNode): Set<string> {
  const names = new Set<string>();
  for (const node of nodesWithin(root)) {
    if (kindOf(node) === "Name") names.add(text(node, "id"));
  }
  return names;
}

/** True when a `break`, `return` or `raise` stands anywhere in the statement's blocks. */
export function holdsExit(statement: SyntaxNode): boolean {
  return holds(statement, exits);
}

export function holdsContinue(statement: SyntaxNode): boolean {
  return holds(statement, new Set(["Continue"]));
}

function holds(statement: SyntaxNode, kinds: ReadonlySet<string>): boolean {
  for (const node of nodesWithin(statement)) if (kinds.has(kindOf(node))) return true;
  return false;
}

/** The guard inside a `while`: what its test reads, and what the tests of its exits read. */
export function guardOf(loop: SyntaxNode, outer: LoopGuard | undefined): LoopGuard {
  const names = new Set(outer?.names);
  let caution: Caution = outer?.caution ?? "larger";
  const tests = [child(loop, "test")];
  for (const node of nodesWithin(loop)) {
    if (kindOf(node) === "If" && holdsExit(node)) tests.push(child(node, "test"));
  }
  for (const test of tests) {
    if (test === undefined) continue;
    for (const name of namesWithin(test)) names.add(name);
    if (waitsForOneValue(test)) caution = "frozen";
  }
  return { names, caution };
}

function waitsForOneValue(test: SyntaxNode): boolean {
  for (const node of nodesWithin(test)) {
    const ops = kindOf(node) === "Compare" ? children(node, "ops") : [];
    if (ops.some((op) => inequalities.has(kindOf(op)))) return true;
  }
  return false;
}

const statements = new Set(["Assign", "AugAssign", "AnnAssign", "Expr", "Delete"]);

/** How carefully a statement in a loop must be changed: it may be what brings the loop to its end. */
export function cautionOf(statement: SyntaxNode, place: Place): Caution {
  if (place.loop === undefined || !statements.has(kindOf(statement))) return place.caution;
  return movesOn(statement, place.loop.names) ? place.loop.caution : place.caution;
}

/** True when the statement assigns one of the names, or calls a method of its value. */
function movesOn(statement: SyntaxNode, names: ReadonlySet<string>): boolean {
  const moved = [...children(statement, "targets"), child(statement, "target")];
  for (const node of nodesWithin(statement)) {
    if (kindOf(node) === "NamedExpr") moved.push(child(node, "target"));
    const callee = kindOf(node) === "Call" ? child(node, "func") : undefined;
    if (kindOf(callee) === "Attribute") moved.push(callee);
  }
  return moved.some((part) => part !== undefined && readsAny(part, names));
}

function readsAny(node: SyntaxNode, names: ReadonlySet<string>): boolean {
  return [...namesWithin(node)].some((name) => names.has(name));
}
