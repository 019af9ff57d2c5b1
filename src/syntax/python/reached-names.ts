import type { ReachedName } from "../source-facts.ts";
import { child, children, count, kindOf, type SyntaxNode, text } from "../tree.ts";
import { type Constant, ReachedNames, type Value } from "../values.ts";
import { argumentConstant, constantArgs } from "./evaluate-call.ts";
import type { Scopes } from "./scopes.ts";
import type { Evaluator } from "./value-rules.ts";

type NamedValue = Extract<Value, { kind: "name" }>;

/** Attributes that a format string reads: `"{0.__class__}".format(x)`. */
const formatAttribute = /\{[^{}]*[.[](__\w+__)/g;

/** Returns every name of a builtin or a module that the source reaches, each at its first line. */
export function reachedNames(scopes: Scopes, evaluator: Evaluator): ReachedName[] {
  const reached = new ReachedNames();
  const inner = new Set<SyntaxNode>();
  for (const node of scopes.nodes) {
    switch (kindOf(node)) {
      case "Import":
      case "ImportFrom":
        addImports(node, reached);
        break;
      case "Call":
        addCall(node, evaluator, reached, inner);
        break;
      case "FunctionDef":
      case "AsyncFunctionDef":
      case "ClassDef":
        addDecorators(node, evaluator, reached, inner);
        break;
      case "Name":
      case "Attribute":
      case "Subscript":
        addReference(node, evaluator, reached, inner);
        break;
      default:
    }
  }
  return reached.list();
}

/** Modules imported by statements and by `importlib` with a constant name. */
export function importedModules(
  scopes: Scopes,
  evaluator: Evaluator,
): { module: string; line: number }[] {
  const found = new Map<string, number>();
  for (const node of scopes.nodes) {
    for (const module of modulesOf(node, evaluator)) {
      const top = module.startsWith(".") ? module : (module.split(".", 1)[0] ?? module);
      if (!found.has(top)) found.set(top, count(node, "lineno"));
    }
  }
  return [...found].map(([module, line]) => ({ module, line }));
}

function modulesOf(node: SyntaxNode, evaluator: Evaluator): string[] {
  switch (kindOf(node)) {
    case "Import":
      return children(node, "names").map((alias) => text(alias, "name"));
    case "ImportFrom":
      return [fullModule(node)];
    case "Call": {
      const isImport = namesIn(evaluator.evaluate(child(node, "func"))).some(({ name }) =>
        importers.has(name),
      );
      const module = isImport ? evaluator.constant(children(node, "args")[0]) : undefined;
      return typeof module === "string" ? [module] : [];
    }
    default:
      return [];
  }
}

const importers = new Set([
  "builtins.__import__",
  "importlib.import_module",
  "importlib.__import__",
]);

function fullModule(node: SyntaxNode): string {
  return `${".".repeat(count(node, "level"))}${text(node, "module")}`;
}

function addImports(node: SyntaxNode, reached: ReachedNames): void {
  const prefix = kindOf(node) === "ImportFrom" ? `${fullModule(node)}.` : "";
  for (const alias of children(node, "names")) {
    const name = `${prefix}${text(alias, "name")}`;
    reached.add({ name, line: count(node, "lineno"), use: "import" });
  }
}

function addCall(
  node: SyntaxNode,
  evaluator: Evaluator,
  reached: ReachedNames,
  inner: Set<SyntaxNode>,
): void {
  const callee = child(node, "func");
  const line = count(node, "lineno");
  for (const value of namesIn(evaluator.evaluate(callee))) {
    reached.add({
      ...named(value),
      line,
      use: "call",
      constantArgs: constantArgs(node, evaluator),
      ...keywordsOf(node, evaluator),
    });
    if (callee !== undefined) markInner(callee, value, inner);
  }
  addFormatAttributes(node, evaluator, reached);
  // `getattr(os, "system")` is itself such a name, unless the call of it was reported already.
  if (!inner.has(node)) {
    for (const value of namesIn(evaluator.evaluate(node))) {
      reached.add({ ...named(value), line, use: "reference" });
    }
  }
}

function addFormatAttributes(node: SyntaxNode, evaluator: Evaluator, reached: ReachedNames): void {
  const callee = child(node, "func");
  if (callee === undefined || !/^format(?:_map)?$/.test(text(callee, "attr"))) return;
  const format = evaluator.constant(child(callee, "value"));
  for (const match of String(format ?? "").matchAll(formatAttribute)) {
    const name = `?.${match[1]}`;
    reached.add({ name, line: count(node, "lineno"), use: "reference" });
  }
}

function addDecorators(
  node: SyntaxNode,
  evaluator: Evaluator,
  reached: ReachedNames,
  inner: Set<SyntaxNode>,
): void {
  for (const decorator of children(node, "decorator_list")) {
    for (const value of namesIn(evaluator.evaluate(decorator))) {
      reached.add({ ...named(value), line: count(decorator, "lineno"), use: "call" });
      markInner(decorator, value, inner);
    }
  }
}

function addReference(
  node: SyntaxNode,
  evaluator: Evaluator,
  reached: ReachedNames,
  inner: Set<SyntaxNode>,
): void {
  const isTarget = kindOf(node) === "Name" && kindOf(child(node, "ctx")) !== "Load";
  if (isTarget || inner.has(node)) return;
  for (const value of namesIn(evaluator.evaluate(node))) {
    reached.add({ ...named(value), line: count(node, "lineno"), use: "reference" });
    markInner(node, value, inner);
  }
}

/** Of `os.path.join` the longest name is reported only; of a road of attributes, every step. */
function markInner(node: SyntaxNode, value: NamedValue, inner: Set<SyntaxNode>): void {
  inner.add(node);
  // `sys.modules["os"]` reaches both.
  if (value.name.startsWith("?.") || kindOf(node) === "Subscript") return;
  let part = child(node, "value");
  while (part !== undefined && /^(?:Attribute|Name)$/.test(kindOf(part))) {
    inner.add(part);
    part = child(part, "value");
  }
}

function namesIn(values: readonly Value[]): NamedValue[] {
  return values.filter((value) => value.kind === "name");
}

function named(value: NamedValue): Pick<ReachedName, "name" | "receiverArgs"> {
  return value.receiverArgs === undefined
    ? { name: value.name }
    : { name: value.name, receiverArgs: value.receiverArgs };
}

function keywordsOf(node: SyntaxNode, evaluator: Evaluator): Pick<ReachedName, "constantKeywords"> {
  const constants: [string, Constant][] = [];
  for (const keyword of children(node, "keywords")) {
    const value = child(keyword, "value");
    const name = text(keyword, "arg");
    if (value !== undefined && name !== "")
      constants.push([name, argumentConstant(value, evaluator)]);
  }
  return constants.length === 0 ? {} : { constantKeywords: Object.fromEntries(constants) };
}
