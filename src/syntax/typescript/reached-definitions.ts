import { reachableNames } from "../mutants/reachable.ts";
import { child, children, everyChild, kindOf, type SyntaxNode, text } from "../tree.ts";
import { definedName, keyName } from "./mutable-places.ts";
import { isTypeOnly } from "./scopes.ts";

/** Names of functions, classes, methods and globals that the entry may reach. */
export function reachedDefinitions(
  program: SyntaxNode,
  entry: string,
): ReadonlySet<string> | undefined {
  const definitions = definitionsOf(program);
  const name = definitions.has(entry) ? entry : (localOf(program, entry) ?? entry);
  return reachableNames(definitions, name, namesUsed);
}

/** `export { local as entry }`. */
function localOf(program: SyntaxNode, entry: string): string | undefined {
  for (const statement of children(program, "body")) {
    for (const specifier of children(statement, "specifiers")) {
      if (keyName(child(specifier, "exported")) === entry)
        return keyName(child(specifier, "local"));
    }
  }
  return undefined;
}

function definitionsOf(program: SyntaxNode): Map<string, SyntaxNode[]> {
  const definitions = new Map<string, SyntaxNode[]>();
  const add = (node: SyntaxNode): void => {
    const name = definedName({ node, unit: "" });
    if (name !== "") definitions.set(name, [...(definitions.get(name) ?? []), node]);
  };
  for (const statement of children(program, "body")) {
    const defined = child(statement, "declaration") ?? statement;
    for (const node of [defined, ...children(defined, "declarations")]) add(node);
    const body = child(defined, "body");
    const members =
      kindOf(body) === "ClassBody" && body !== undefined ? children(body, "body") : [];
    for (const member of members) add(member);
  }
  return definitions;
}

function* namesUsed(definition: SyntaxNode): Generator<string> {
  const open = [definition];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const kind = kindOf(node);
    if (kind === "Identifier" || kind === "PrivateIdentifier") yield text(node, "name");
    for (const inner of everyChild(node)) {
      // A class that is reached brings its constructor; methods are reached by their names.
      const isMethod = kind === "ClassBody" && keyName(child(inner, "key")) !== "constructor";
      if (!isMethod && !isTypeOnly(inner)) open.push(inner);
    }
  }
}
