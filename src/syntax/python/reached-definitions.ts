import { reachableNames } from "../mutants/reachable.ts";
import { child, children, everyChild, kindOf, type SyntaxNode, text } from "../tree.ts";
import { lastName } from "./mutable-places.ts";

const functions = new Set(["FunctionDef", "AsyncFunctionDef"]);
/** Expressions define nothing that is called by name. */
const defining =
  /^(?:FunctionDef|AsyncFunctionDef|ClassDef|If|Try|TryStar|With|ExceptHandler|Assign|AnnAssign)$/;
const special = /^__\w+__$/;

/** Names of functions, classes, methods and globals that the entry may reach. */
export function reachedDefinitions(
  tree: SyntaxNode,
  entry: string,
): ReadonlySet<string> | undefined {
  return reachableNames(definitionsOf(tree), entry, namesUsed);
}

function definitionsOf(tree: SyntaxNode): Map<string, SyntaxNode[]> {
  const definitions = new Map<string, SyntaxNode[]>();
  const open = [...children(tree, "body")];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const name of namesDefinedBy(node)) {
      const found = definitions.get(name);
      if (found === undefined) definitions.set(name, [node]);
      else found.push(node);
    }
    if (!functions.has(kindOf(node))) {
      open.push(...everyChild(node).filter((inner) => defining.test(kindOf(inner))));
    }
  }
  return definitions;
}

function namesDefinedBy(node: SyntaxNode): string[] {
  const targets = [...children(node, "targets"), child(node, "target")];
  const assigned = targets.flatMap((target) =>
    target !== undefined && kindOf(target) === "Name" ? [text(target, "id")] : [],
  );
  return /^(?:FunctionDef|AsyncFunctionDef|ClassDef)$/.test(kindOf(node))
    ? [text(node, "name")]
    : assigned;
}

function* namesUsed(definition: SyntaxNode): Generator<string> {
  const open = [definition];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const kind = kindOf(node);
    if (kind === "Name" || kind === "Attribute") yield lastName(node);
    for (const inner of everyChild(node)) {
      // A class that is reached brings its special methods; the others are reached by their names.
      const isMethod = kindOf(node) === "ClassDef" && functions.has(kindOf(inner));
      if (!isMethod || special.test(text(inner, "name"))) open.push(inner);
    }
  }
}
