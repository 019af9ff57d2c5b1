import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import type { TreeShape } from "../tree-digest.ts";
import type { Scope, Scopes } from "./scopes.ts";

const ignoredFields = new Set([
  "nodeType",
  "lineno",
  "col_offset",
  "end_lineno",
  "end_col_offset",
  "ctx",
  "kind",
  "quote_style",
  "type_comment",
  "comments",
  "inlineComment",
]);

const withDocstring = new Set(["Module", "FunctionDef", "AsyncFunctionDef", "ClassDef"]);
/** With these, names of locals can be seen by the program itself. */
const namespaceReaders = new Set(["locals", "vars", "eval", "exec", "dir", "globals"]);

/** Names of locals become their order of appearance; docstrings and positions are left out. */
export function pythonShape(scopes: Scopes): TreeShape {
  const numbers = new Map<Scope, Map<string, string>>();
  let next = 0;
  const keepsNames = scopes.nodes.some(
    (node) => kindOf(node) === "Name" && namespaceReaders.has(text(node, "id")),
  );

  function numberOf(scope: Scope, name: string): string {
    const known = numbers.get(scope) ?? new Map<string, string>();
    numbers.set(scope, known);
    const number = known.get(name) ?? `local ${next++}`;
    known.set(name, number);
    return number;
  }

  return {
    ignoredFields,
    shape: (node, parent) => (isDocstring(node, parent) ? undefined : bytesMarked(node)),
    rename(node, field, name) {
      if (keepsNames || field !== "id" || kindOf(node) !== "Name") return name;
      const owner = localOwner(name, scopes.scopeOf.get(node));
      return owner === undefined ? name : numberOf(owner, name);
    },
  };
}

function isDocstring(node: SyntaxNode, parent: SyntaxNode | undefined): boolean {
  if (kindOf(node) !== "Expr" || !withDocstring.has(kindOf(parent))) return false;
  const value = child(node, "value");
  const isText = value !== undefined && text(value, "quote_style") !== "";
  return isText && kindOf(value) === "Constant" && parent !== undefined && isFirst(node, parent);
}

function isFirst(node: SyntaxNode, parent: SyntaxNode): boolean {
  return children(parent, "body")[0] === node;
}

/** The tree tells bytes from text by the way of quoting only. */
function bytesMarked(node: SyntaxNode): SyntaxNode {
  const quote = text(node, "quote_style");
  return /b/i.test(quote) ? { ...node, isBytes: true } : node;
}

/** The function scope that binds the name by plain assignment, if no parameter or definition does. */
function localOwner(name: string, from: Scope | undefined): Scope | undefined {
  for (let scope = from; scope !== undefined; scope = scope.parent) {
    if (scope.globals.has(name)) return undefined;
    const bindings = scope.bindings.get(name);
    if (bindings === undefined || (scope.kind === "class" && scope !== from)) continue;
    return isRenamed(scope, name) ? scope : undefined;
  }
  return undefined;
}

function isRenamed(scope: Scope, name: string): boolean {
  const isLocal = scope.kind === "function" || scope.kind === "comprehension";
  return isLocal && scope.plainNames.has(name) && !scope.otherNames.has(name);
}
