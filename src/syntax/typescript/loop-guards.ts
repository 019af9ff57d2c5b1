import type { Caution, LoopGuard, Place } from "../mutants/place.ts";
import { child, children, everyChild, kindOf, type SyntaxNode, text } from "../tree.ts";

const functions =
  /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ClassDeclaration|ClassExpression)$/;
const exits = new Set(["BreakStatement", "ReturnStatement", "ThrowStatement"]);
/** Loops that end by their test; `for … of` and `for … in` end by themselves. */
export const testedLoops = new Set(["WhileStatement", "DoWhileStatement", "ForStatement"]);

/** Every node below and including this one, without what stands in functions of its own. */
export function* nodesWithin(root: SyntaxNode): Generator<SyntaxNode> {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    yield node;
    for (const inner of everyChild(node).reverse()) {
      if (!functions.test(kindOf(inner))) open.push(inner);
    }
  }
}

function namesWithin(root: SyntaxNode): Set<string> {
  const names = new Set<string>();
  for (const node of nodesWithin(root)) {
    if (kindOf(node) === "Identifier") names.add(text(node, "name"));
  }
  return names;
}

export function holdsExit(statement: SyntaxNode): boolean {
  for (const node of nodesWithin(statement)) if (exits.has(kindOf(node))) return true;
  return false;
}

export function holdsContinue(statement: SyntaxNode): boolean {
  for (const node of nodesWithin(statement)) {
    if (kindOf(node) === "ContinueStatement") return true;
  }
  return false;
}

/** The guard inside a loop: what its test reads, and what the tests of its exits read. */
export function guardOf(loop: SyntaxNode, outer: LoopGuard | undefined): LoopGuard {
  const names = new Set(outer?.names);
  let caution: Caution = outer?.caution ?? "larger";
  for (const test of [child(loop, "test"), ...exitTests(child(loop, "body"))]) {
    if (test === undefined) continue;
    for (const name of namesWithin(test)) names.add(name);
    if (waitsForOneValue(test)) caution = "frozen";
  }
  return { names, caution };
}

function exitTests(body: SyntaxNode | undefined): (SyntaxNode | undefined)[] {
  const nodes = body === undefined ? [] : [...nodesWithin(body)];
  return nodes
    .filter((node) => kindOf(node) === "IfStatement" && holdsExit(node))
    .map((node) => child(node, "test"));
}

function waitsForOneValue(test: SyntaxNode): boolean {
  return [...nodesWithin(test)].some((node) => /^!==?$/.test(text(node, "operator")));
}

/** How carefully an expression statement in a loop must be changed: it may bring the loop to its end. */
export function cautionOf(node: SyntaxNode, place: Place): Caution {
  if (place.loop === undefined) return place.caution;
  const kind = kindOf(node);
  const isStep = kind === "ExpressionStatement" || kind === "VariableDeclaration";
  const isUpdate = kindOf(place.parent?.node) === "ForStatement" && place.field === "update";
  if (!isStep && !isUpdate) return place.caution;
  return isUpdate || movesOn(node, place.loop.names) ? place.loop.caution : place.caution;
}

/** True when the statement assigns one of the names, or calls a method of its value. */
function movesOn(statement: SyntaxNode, names: ReadonlySet<string>): boolean {
  for (const node of nodesWithin(statement)) {
    const moved = movedBy(node);
    if (moved !== undefined && [...namesWithin(moved)].some((name) => names.has(name))) return true;
  }
  return false;
}

function movedBy(node: SyntaxNode): SyntaxNode | undefined {
  switch (kindOf(node)) {
    case "AssignmentExpression":
      return child(node, "left");
    case "UpdateExpression":
      return child(node, "argument");
    case "CallExpression":
      return kindOf(child(node, "callee")) === "Identifier" ? undefined : child(node, "callee");
    default:
      return undefined;
  }
}

/** `while (n > 0) n = Math.floor(n / 10)` stays at 0 for ever once 0 is let in. */
export function divides(loop: SyntaxNode, source: string): boolean {
  const body = child(loop, "body");
  const update = child(loop, "update");
  return [body, update].some(
    (part) =>
      part !== undefined &&
      /[/%]|>>/.test(source.slice(Number(part["start"]), Number(part["end"]))),
  );
}

export function statementsOf(block: SyntaxNode | undefined): SyntaxNode[] {
  if (block === undefined) return [];
  return kindOf(block) === "BlockStatement" ? children(block, "body") : [block];
}
