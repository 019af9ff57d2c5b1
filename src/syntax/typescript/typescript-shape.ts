import { child, kindOf, type SyntaxNode, text } from "../tree.ts";
import type { TreeShape } from "../tree-digest.ts";
import { isTypeOnly, type Scope, type Scopes } from "./scopes.ts";

const ignoredFields = new Set([
  "type",
  "start",
  "end",
  "range",
  "raw",
  "typeAnnotation",
  "typeParameters",
  "typeArguments",
  "returnType",
  "superTypeArguments",
  "implements",
  "accessibility",
  "readonly",
  "override",
  "definite",
  "importKind",
  "exportKind",
  // `{ a }` is `{ a: a }`: what is named there is told by key and value.
  "shorthand",
]);

const wrappers = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
]);

/** Names of locals become their order of appearance; types and positions are left out. */
export function typescriptShape(scopes: Scopes): TreeShape {
  const numbers = new Map<Scope, Map<string, string>>();
  let next = 0;

  function numberOf(scope: Scope, name: string): string {
    const known = numbers.get(scope) ?? new Map<string, string>();
    numbers.set(scope, known);
    const number = known.get(name) ?? `local ${next++}`;
    known.set(name, number);
    return number;
  }

  return {
    ignoredFields,
    shape: (node) => withoutTypes(node),
    rename(node, field, name) {
      if (field !== "name" || kindOf(node) !== "Identifier") return name;
      const owner = localOwner(name, scopes.scopeOf.get(node));
      return owner === undefined ? name : numberOf(owner, name);
    },
  };
}

function withoutTypes(node: SyntaxNode): SyntaxNode | undefined {
  let found: SyntaxNode | undefined = node;
  while (found !== undefined && wrappers.has(kindOf(found))) found = child(found, "expression");
  if (found === undefined || isTypeOnly(found)) return undefined;
  // Of a literal that JSON cannot say (a regular expression, 10n) the text is what it is.
  return kindOf(found) === "Literal" && typeof found["value"] === "object"
    ? { ...found, value: text(found, "raw") }
    : found;
}

/** The function scope that binds the name by plain declaration; names not read as code keep theirs. */
function localOwner(name: string, from: Scope | undefined): Scope | undefined {
  for (let scope = from; scope !== undefined; scope = scope.parent) {
    if (!scope.bindings.has(name)) continue;
    const isLocal = isInFunction(scope) && scope.plainNames.has(name);
    return isLocal && !scope.otherNames.has(name) ? scope : undefined;
  }
  return undefined;
}

function isInFunction(scope: Scope): boolean {
  for (let outer: Scope | undefined = scope; outer !== undefined; outer = outer.parent) {
    if (outer.kind === "function") return true;
  }
  return false;
}
