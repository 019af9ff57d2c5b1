import type { ReachedName } from "../source-facts.ts";
import { child, children, count, kindOf, type SyntaxNode, text } from "../tree.ts";
import { type Constant, ReachedNames, type Value } from "../values.ts";
import type { TypeScriptEvaluator } from "./evaluate.ts";
import { moduleName } from "./global-names.ts";
import type { TypeScriptTree } from "./parse-typescript.ts";
import type { Scopes } from "./scopes.ts";

type NamedValue = Extract<Value, { kind: "name" }>;

/** What one reading needs; `inner` holds the nodes that a longer name has reported already. */
interface Reading {
  readonly tree: TypeScriptTree;
  readonly evaluator: TypeScriptEvaluator;
  readonly reached: ReachedNames;
  readonly inner: Set<SyntaxNode>;
}

/** Returns every global or module name that the source reaches, each at its first line. */
export function reachedNames(
  tree: TypeScriptTree,
  scopes: Scopes,
  evaluator: TypeScriptEvaluator,
): ReachedName[] {
  const reading: Reading = { tree, evaluator, reached: new ReachedNames(), inner: new Set() };
  for (const node of scopes.nodes) {
    switch (kindOf(node)) {
      case "ImportDeclaration":
        addImport(node, reading);
        break;
      case "CallExpression":
      case "NewExpression":
        addCall(node, child(node, "callee"), reading);
        break;
      case "TaggedTemplateExpression":
        addCall(node, child(node, "tag"), reading);
        break;
      case "UnaryExpression":
      case "BinaryExpression":
        skipTests(node, reading);
        break;
      case "Identifier":
      case "MemberExpression":
      case "ImportExpression":
        addReference(node, reading);
        break;
      case "VariableDeclarator":
      case "AssignmentPattern":
        addDestructured(node, reading);
        break;
      default:
    }
  }
  return reading.reached.list();
}

/** Modules of import and export statements, of `import()` and `require` with a constant name. */
export function importedModules(
  tree: TypeScriptTree,
  scopes: Scopes,
  evaluator: TypeScriptEvaluator,
): { module: string; line: number }[] {
  const found = new Map<string, number>();
  for (const node of scopes.nodes) {
    const module = importedBy(node, evaluator);
    if (typeof module === "string" && !found.has(moduleName(module))) {
      found.set(moduleName(module), tree.lineAt(count(node, "start")));
    }
  }
  return [...found].map(([module, line]) => ({ module, line }));
}

function importedBy(node: SyntaxNode, evaluator: TypeScriptEvaluator): Constant | undefined {
  switch (kindOf(node)) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration": {
      const source = child(node, "source");
      return source === undefined ? undefined : text(source, "value");
    }
    case "ImportExpression":
      return evaluator.constant(child(node, "source"));
    case "CallExpression": {
      const isRequire = namesIn(evaluator.evaluate(child(node, "callee"))).some(
        ({ name }) => name === "require" || name === "process.getBuiltinModule",
      );
      return isRequire ? evaluator.constant(children(node, "arguments")[0]) : undefined;
    }
    default:
      return undefined;
  }
}

function addImport(node: SyntaxNode, { tree, reached }: Reading): void {
  const source = child(node, "source");
  if (source === undefined) return;
  const module = moduleName(text(source, "value"));
  const line = tree.lineAt(count(node, "start"));
  for (const specifier of children(node, "specifiers")) {
    const imported = child(specifier, "imported");
    const member = imported === undefined ? "" : text(imported, "name") || text(imported, "value");
    const name = member === "" || member === "default" ? module : `${module}.${member}`;
    reached.add({ name, line, use: "import" });
  }
}

function addCall(node: SyntaxNode, callee: SyntaxNode | undefined, reading: Reading): void {
  const { tree, evaluator, reached, inner } = reading;
  const line = tree.lineAt(count(node, "start"));
  const constantArgs = children(node, "arguments").map((argument) =>
    argumentConstant(evaluator.evaluate(argument)),
  );
  for (const value of namesIn(evaluator.evaluate(callee))) {
    reached.add({ ...named(value), line, use: "call", constantArgs });
    if (callee !== undefined) markInner(callee, value, inner);
  }
  // `Reflect.get(Deno, "Command")` is itself such a name, unless the call of it was reported already.
  if (!inner.has(node)) {
    for (const value of namesIn(evaluator.evaluate(node))) {
      reached.add({ ...named(value), line, use: "reference" });
    }
  }
}

/** A text that only begins with a constant counts as that beginning. */
function argumentConstant(values: readonly Value[]): Constant {
  for (const value of values) {
    if (value.kind === "constant") return value.value;
    if (value.kind === "instance" && isPath(value.name)) return value.args[0] ?? null;
  }
  return null;
}

function isPath(name: string): boolean {
  return name === "" || name === "URL" || name.startsWith("node:path.");
}

/** `typeof Deno` and `x instanceof Function` reach nothing. */
function skipTests(node: SyntaxNode, { inner }: Reading): void {
  const operator = text(node, "operator");
  const operand =
    operator === "typeof"
      ? child(node, "argument")
      : operator === "instanceof"
        ? child(node, "right")
        : undefined;
  if (operand !== undefined && kindOf(operand) === "Identifier") inner.add(operand);
}

function addReference(node: SyntaxNode, reading: Reading): void {
  const { tree, evaluator, reached, inner } = reading;
  if (inner.has(node)) return;
  for (const value of namesIn(evaluator.evaluate(node))) {
    reached.add({ ...named(value), line: tree.lineAt(count(node, "start")), use: "reference" });
    markInner(node, value, inner);
  }
}

/** `const { Command } = Deno` reaches `Deno.Command`, not the whole of `Deno`. */
function addDestructured(node: SyntaxNode, { evaluator, inner }: Reading): void {
  const pattern = child(node, "id") ?? child(node, "left");
  const value = child(node, "init") ?? child(node, "right");
  if (pattern === undefined || value === undefined || kindOf(pattern) !== "ObjectPattern") return;
  const hasRest = children(pattern, "properties").some((part) => kindOf(part) === "RestElement");
  if (!hasRest && namesIn(evaluator.evaluate(value)).length > 0) inner.add(value);
}

/** Of `Deno.Command` the longest name is reported only; of the road to `Function`, every step. */
function markInner(node: SyntaxNode, value: NamedValue, inner: Set<SyntaxNode>): void {
  inner.add(node);
  if (value.name.startsWith("?.") || value.name === "Function") return;
  let part = child(node, "object") ?? child(node, "expression");
  while (part !== undefined && /Member|Chain|TS|Identifier/.test(kindOf(part))) {
    inner.add(part);
    part = child(part, "object") ?? child(part, "expression");
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
