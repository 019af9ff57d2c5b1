import { child, children, everyChild, kindOf, type SyntaxNode, text, texts } from "../tree.ts";
import { localValue, nameValue, unknownValue, type Value } from "../values.ts";

/** What a name was given: a value, or an expression (the `element`-th part of it). */
export type Binding =
  | { readonly value: Value }
  | { readonly node: SyntaxNode; readonly element?: number };

export interface Scope {
  readonly kind: "module" | "function" | "class" | "comprehension";
  readonly parent: Scope | undefined;
  readonly bindings: Map<string, Binding[]>;
  readonly globals: Set<string>;
  readonly nonlocals: Set<string>;
  /** Modules of `from M import *`. */
  readonly starModules: string[];
  /** Names bound by assignment alone; `otherNames` are parameters, definitions, imports. */
  readonly plainNames: Set<string>;
  readonly otherNames: Set<string>;
}

export interface Scopes {
  readonly module: Scope;
  /** The scope in which each Name, Call and Subscript is read. */
  readonly scopeOf: ReadonlyMap<SyntaxNode, Scope>;
  /** Every node, parents before children. */
  readonly nodes: readonly SyntaxNode[];
}

const comprehensions = new Set(["ListComp", "SetComp", "DictComp", "GeneratorExp"]);
const functions = new Set(["FunctionDef", "AsyncFunctionDef", "Lambda"]);

type Visit = (node: SyntaxNode, scope: Scope) => void;

/** Returns who binds which name where; Python's rules, order of execution left out. */
export function buildScopes(tree: SyntaxNode): Scopes {
  const module = newScope("module", undefined);
  const scopeOf = new Map<SyntaxNode, Scope>();
  const nodes: SyntaxNode[] = [];
  const open: { node: SyntaxNode; scope: Scope }[] = [{ node: tree, scope: module }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node, scope } = next;
    nodes.push(node);
    scopeOf.set(node, scope);
    bindNames(node, scope);
    const pending: { node: SyntaxNode; scope: Scope }[] = [];
    visitChildren(node, scope, (inner, innerScope) =>
      pending.push({ node: inner, scope: innerScope }),
    );
    for (const step of pending.reverse()) open.push(step);
  }
  return { module, scopeOf, nodes };
}

function newScope(kind: Scope["kind"], parent: Scope | undefined): Scope {
  return {
    kind,
    parent,
    bindings: new Map(),
    globals: new Set(),
    nonlocals: new Set(),
    starModules: [],
    plainNames: new Set(),
    otherNames: new Set(),
  };
}

function visitChildren(node: SyntaxNode, scope: Scope, visit: Visit): void {
  const kind = kindOf(node);
  if (functions.has(kind)) {
    visitFunction(node, scope, visit);
  } else if (kind === "ClassDef") {
    const inner = newScope("class", scope);
    const body = new Set(children(node, "body"));
    for (const part of everyChild(node)) visit(part, body.has(part) ? inner : scope);
  } else if (comprehensions.has(kind)) {
    visitComprehension(node, scope, visit);
  } else {
    for (const part of everyChild(node)) visit(part, scope);
  }
}

/** Decorators, defaults and annotations are read outside, the body inside. */
function visitFunction(node: SyntaxNode, scope: Scope, visit: Visit): void {
  const inner = newScope("function", scope);
  bindParameters(child(node, "args"), inner);
  const body = new Set(children(node, "body"));
  const lambdaBody = child(node, "body");
  if (lambdaBody !== undefined) body.add(lambdaBody);
  for (const part of everyChild(node)) visit(part, body.has(part) ? inner : scope);
}

function visitComprehension(node: SyntaxNode, scope: Scope, visit: Visit): void {
  const inner = newScope("comprehension", scope);
  for (const generator of children(node, "generators")) {
    const target = child(generator, "target");
    if (target !== undefined) bindLoopTarget(target, inner);
  }
  for (const part of everyChild(node)) visit(part, inner);
}

/** Placed first, so that `ownerOf` knows them for the comprehension's own. */
function bindLoopTarget(target: SyntaxNode, scope: Scope): void {
  for (const node of [target, ...children(target, "elts")]) {
    if (kindOf(node) === "Name") scope.bindings.set(text(node, "id"), []);
  }
  bindTarget(target, undefined, scope);
}

function bindParameters(args: SyntaxNode | undefined, scope: Scope): void {
  if (args === undefined) return;
  const positional = [...children(args, "posonlyargs"), ...children(args, "args")];
  const defaults = children(args, "defaults");
  for (const [index, parameter] of positional.entries()) {
    const fallback = defaults[index - positional.length + defaults.length];
    bindParameter(parameter, fallback, scope);
  }
  const keywordDefaults = args["kw_defaults"];
  for (const [index, parameter] of children(args, "kwonlyargs").entries()) {
    const fallback: unknown = Array.isArray(keywordDefaults) ? keywordDefaults[index] : undefined;
    bindParameter(parameter, isExpression(fallback) ? fallback : undefined, scope);
  }
  for (const field of ["vararg", "kwarg"]) {
    const parameter = child(args, field);
    if (parameter !== undefined) bindParameter(parameter, undefined, scope);
  }
}

function isExpression(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null;
}

function bindParameter(node: SyntaxNode, fallback: SyntaxNode | undefined, scope: Scope): void {
  bindOther(scope, text(node, "arg"), unknownValue);
  if (fallback !== undefined) bind(scope, text(node, "arg"), { node: fallback });
}

function bindNames(node: SyntaxNode, scope: Scope): void {
  switch (kindOf(node)) {
    case "FunctionDef":
    case "AsyncFunctionDef":
    case "ClassDef":
      bindOther(scope, text(node, "name"), localValue);
      break;
    case "Assign":
      for (const target of children(node, "targets"))
        bindTarget(target, child(node, "value"), scope);
      break;
    case "AnnAssign":
    case "NamedExpr":
      bindOptional(child(node, "target"), child(node, "value"), scope);
      break;
    case "AugAssign":
    case "For":
    case "AsyncFor":
      bindOptional(child(node, "target"), undefined, scope);
      break;
    case "WithItem":
      bindOptional(child(node, "optional_vars"), child(node, "context_expr"), scope);
      break;
    case "TypeAlias":
      bindOptional(child(node, "name"), undefined, scope);
      break;
    default:
      bindByName(node, scope);
  }
}

/** Names that the tree holds as plain text. */
function bindByName(node: SyntaxNode, scope: Scope): void {
  switch (kindOf(node)) {
    case "ExceptHandler":
    case "MatchAs":
    case "MatchStar":
      bindOther(scope, text(node, "name"), unknownValue);
      break;
    case "MatchMapping":
      bindOther(scope, text(node, "rest"), unknownValue);
      break;
    case "Global":
      for (const name of texts(node, "names")) scope.globals.add(name);
      break;
    case "Nonlocal":
      for (const name of texts(node, "names")) scope.nonlocals.add(name);
      break;
    case "Import":
      for (const alias of children(node, "names")) bindImport(alias, scope);
      break;
    case "ImportFrom":
      for (const alias of children(node, "names")) bindImportFrom(node, alias, scope);
      break;
    default:
  }
}

/** `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`. */
function bindImport(alias: SyntaxNode, scope: Scope): void {
  const name = text(alias, "name");
  const asName = text(alias, "asname");
  const top = name.split(".", 1)[0] ?? name;
  bindOther(scope, asName || top, nameValue(asName === "" ? top : name));
}

function bindImportFrom(node: SyntaxNode, alias: SyntaxNode, scope: Scope): void {
  const module = `${".".repeat(Number(node["level"] ?? 0))}${text(node, "module")}`;
  const name = text(alias, "name");
  if (name === "*") {
    scope.starModules.push(module);
  } else {
    bindOther(scope, text(alias, "asname") || name, nameValue(`${module}.${name}`));
  }
}

function bindOptional(
  target: SyntaxNode | undefined,
  value: SyntaxNode | undefined,
  scope: Scope,
): void {
  if (target !== undefined) bindTarget(target, value, scope);
}

function bindTarget(target: SyntaxNode, value: SyntaxNode | undefined, scope: Scope): void {
  const kind = kindOf(target);
  if (kind === "Name") {
    const name = text(target, "id");
    ownerOf(scope, name).plainNames.add(name);
    bind(scope, name, value === undefined ? { value: unknownValue } : { node: value });
  } else if (kind === "Starred") {
    bindOptional(child(target, "value"), undefined, scope);
  } else if (kind === "Tuple" || kind === "List") {
    for (const [index, element] of children(target, "elts").entries()) {
      bindElement(element, value, index, scope);
    }
  }
}

function bindElement(
  target: SyntaxNode,
  value: SyntaxNode | undefined,
  element: number,
  scope: Scope,
): void {
  if (kindOf(target) === "Name" && value !== undefined) {
    const name = text(target, "id");
    ownerOf(scope, name).plainNames.add(name);
    bind(scope, name, { node: value, element });
  } else {
    bindTarget(target, undefined, scope);
  }
}

export function moduleOf(scope: Scope): Scope {
  let owner = scope;
  while (owner.parent !== undefined) owner = owner.parent;
  return owner;
}

/** Where a name assigned in `scope` lives: `global`, `nonlocal` and `:=` bind further out. */
function ownerOf(scope: Scope, name: string): Scope {
  if (scope.globals.has(name)) return moduleOf(scope);
  let owner = scope;
  const isElsewhere = (): boolean =>
    owner.nonlocals.has(name) || (owner.kind === "comprehension" && !owner.bindings.has(name));
  while (owner.parent !== undefined && isElsewhere()) owner = owner.parent;
  return owner;
}

function bind(scope: Scope, name: string, binding: Binding): void {
  if (name === "") return;
  const { bindings } = ownerOf(scope, name);
  const found = bindings.get(name);
  if (found === undefined) bindings.set(name, [binding]);
  else found.push(binding);
}

/** For what is bound by a definition, an import or a parameter: its name is part of the program. */
function bindOther(scope: Scope, name: string, value: Value): void {
  if (name === "") return;
  ownerOf(scope, name).otherNames.add(name);
  bind(scope, name, { value });
}
