import { child, children, everyChild, kindOf, type SyntaxNode, text } from "../tree.ts";
import { localValue, nameValue, unknownValue, type Value } from "../values.ts";
import { moduleName } from "./global-names.ts";

/** One step into a destructured value; undefined where it is not known. */
export type PathStep = string | number | undefined;

export type Binding =
  | { readonly value: Value }
  | { readonly node: SyntaxNode; readonly path: readonly PathStep[] };

export interface Scope {
  readonly kind: "module" | "function" | "block";
  readonly parent: Scope | undefined;
  readonly bindings: Map<string, Binding[]>;
  /** Names bound by `let`, `const`, `var` inside functions; parameters and definitions are not. */
  readonly plainNames: Set<string>;
  readonly otherNames: Set<string>;
}

export interface Scopes {
  readonly module: Scope;
  /** Where each node is read. */
  readonly scopeOf: ReadonlyMap<SyntaxNode, Scope>;
  /** Every node that is code, parents before children; types are left out. */
  readonly nodes: readonly SyntaxNode[];
}

const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);
const blocks = new Set([
  "BlockStatement",
  "ForStatement",
  "ForInStatement",
  "ForOfStatement",
  "SwitchStatement",
  "CatchClause",
  "StaticBlock",
  "TSModuleBlock",
]);
/** Nodes named TS that hold code. */
const typeScriptCode = new Set([
  "TSAsExpression",
  "TSSatisfiesExpression",
  "TSNonNullExpression",
  "TSTypeAssertion",
  "TSInstantiationExpression",
  "TSParameterProperty",
  "TSEnumDeclaration",
  "TSEnumBody",
  "TSEnumMember",
  "TSModuleDeclaration",
  "TSModuleBlock",
]);

/** True for what only the type checker reads. */
export function isTypeOnly(node: SyntaxNode): boolean {
  const kind = kindOf(node);
  if (kind.startsWith("TS")) return !typeScriptCode.has(kind) || node["declare"] === true;
  return node["declare"] === true || node["importKind"] === "type" || node["exportKind"] === "type";
}

export function buildScopes(program: SyntaxNode): Scopes {
  const module = newScope("module", undefined);
  const scopeOf = new Map<SyntaxNode, Scope>();
  const nodes: SyntaxNode[] = [];
  const open: { node: SyntaxNode; scope: Scope }[] = [{ node: program, scope: module }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node } = next;
    if (isTypeOnly(node)) continue;
    bindNames(node, next.scope);
    const scope = innerScope(node, next.scope);
    nodes.push(node);
    scopeOf.set(node, next.scope);
    for (const part of codeChildren(node).reverse()) open.push({ node: part, scope });
  }
  bindAssignments(nodes, scopeOf);
  return { module, scopeOf, nodes };
}

function newScope(kind: Scope["kind"], parent: Scope | undefined): Scope {
  return { kind, parent, bindings: new Map(), plainNames: new Set(), otherNames: new Set() };
}

function innerScope(node: SyntaxNode, scope: Scope): Scope {
  const kind = kindOf(node);
  if (functions.has(kind)) {
    const inner = newScope("function", scope);
    for (const parameter of children(node, "params")) bindParameter(parameter, inner);
    return inner;
  }
  return blocks.has(kind) ? newScope("block", scope) : scope;
}

/** Left out: names behind a dot, keys that are not computed, labels, what modules are called. */
function codeChildren(node: SyntaxNode): SyntaxNode[] {
  const kind = kindOf(node);
  const isComputed = node["computed"] === true;
  const skipped = new Set<unknown>();
  if (kind === "MemberExpression" && !isComputed) skipped.add(node["property"]);
  if (/^(?:Property|MethodDefinition|PropertyDefinition|TSEnumMember)$/.test(kind) && !isComputed) {
    const isShorthand = node["shorthand"] === true;
    if (!isShorthand) skipped.add(node["key"]).add(node["id"]);
  }
  if (/^(?:Import|Export)\w*Specifier$/.test(kind))
    skipped.add(node["imported"]).add(node["exported"]);
  if (/^(?:Labeled|Break|Continue)Statement$/.test(kind)) skipped.add(node["label"]);
  if (kind === "MetaProperty") return [];
  return everyChild(node).filter((part) => !skipped.has(part));
}

function bindNames(node: SyntaxNode, scope: Scope): void {
  switch (kindOf(node)) {
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSEnumDeclaration":
      bindDefinition(child(node, "id"), { kind: "function" }, scope);
      break;
    case "TSModuleDeclaration":
      bindDefinition(child(node, "id"), localValue, scope);
      break;
    case "VariableDeclaration":
      bindVariables(node, scope);
      break;
    case "ImportDeclaration":
      for (const specifier of children(node, "specifiers")) bindImport(node, specifier, scope);
      break;
    case "CatchClause":
      break;
    default:
  }
}

function bindDefinition(id: SyntaxNode | undefined, value: Value, scope: Scope): void {
  if (id !== undefined) bindOther(scope, text(id, "name"), { value });
}

function bindVariables(node: SyntaxNode, scope: Scope): void {
  const owner = text(node, "kind") === "var" ? functionScope(scope) : scope;
  for (const declarator of children(node, "declarations")) {
    const id = child(declarator, "id");
    if (id !== undefined) bindPattern(id, child(declarator, "init"), [], owner, true);
  }
}

function functionScope(scope: Scope): Scope {
  let owner = scope;
  while (owner.kind === "block" && owner.parent !== undefined) owner = owner.parent;
  return owner;
}

function bindImport(node: SyntaxNode, specifier: SyntaxNode, scope: Scope): void {
  const local = child(specifier, "local");
  const source = child(node, "source");
  if (local === undefined || source === undefined || isTypeOnly(specifier)) return;
  const imported = child(specifier, "imported");
  const member =
    imported === undefined ? "default" : text(imported, "name") || text(imported, "value");
  const module = moduleName(text(source, "value"));
  const name = member === "default" ? module : `${module}.${member}`;
  bindOther(scope, text(local, "name"), { value: nameValue(name) });
}

function bindParameter(node: SyntaxNode, scope: Scope): void {
  const parameter = child(node, "parameter") ?? node;
  bindPattern(parameter, undefined, [], scope, false);
}

function bindPattern(
  node: SyntaxNode,
  value: SyntaxNode | undefined,
  path: readonly PathStep[],
  scope: Scope,
  isPlain: boolean,
): void {
  switch (kindOf(node)) {
    case "Identifier": {
      const binding: Binding =
        value === undefined ? { value: unknownValue } : { node: value, path };
      const name = text(node, "name");
      (isPlain ? scope.plainNames : scope.otherNames).add(name);
      bind(scope, name, binding);
      break;
    }
    case "AssignmentPattern": {
      const left = child(node, "left");
      if (left === undefined) break;
      bindPattern(left, value, path, scope, isPlain);
      bindPattern(left, child(node, "right"), [], scope, isPlain);
      break;
    }
    case "RestElement": {
      const rest = child(node, "argument");
      if (rest !== undefined) bindPattern(rest, value, path, scope, isPlain);
      break;
    }
    default:
      for (const { part, step } of patternParts(node)) {
        bindPattern(part, value, step === undefined ? path : [...path, step], scope, isPlain);
      }
  }
}

function patternParts(node: SyntaxNode): { part: SyntaxNode; step?: string | number }[] {
  if (kindOf(node) === "ArrayPattern") {
    return children(node, "elements").map((part, step) => ({ part, step }));
  }
  return children(node, "properties").flatMap((property) => {
    const part = child(property, "value");
    if (part === undefined) return [{ part: property }];
    const key = child(property, "key");
    const step = key === undefined ? "" : text(key, "name") || text(key, "value");
    return [{ part, step: node["computed"] === true ? "*" : step }];
  });
}

/** `x = eval` gives a name that was declared anywhere another value. */
function bindAssignments(
  nodes: readonly SyntaxNode[],
  scopeOf: ReadonlyMap<SyntaxNode, Scope>,
): void {
  for (const node of nodes) {
    const left = child(node, "left");
    const right = child(node, "right");
    if (kindOf(node) !== "AssignmentExpression" || kindOf(left) !== "Identifier") continue;
    if (left === undefined || right === undefined) continue;
    const name = text(left, "name");
    let scope = scopeOf.get(node);
    while (scope !== undefined && !scope.bindings.has(name)) scope = scope.parent;
    if (scope !== undefined) bind(scope, name, { node: right, path: [] });
  }
}

function bind(scope: Scope, name: string, binding: Binding): void {
  const found = scope.bindings.get(name);
  if (found === undefined) scope.bindings.set(name, [binding]);
  else found.push(binding);
}

function bindOther(scope: Scope, name: string, binding: Binding): void {
  scope.otherNames.add(name);
  bind(scope, name, binding);
}
