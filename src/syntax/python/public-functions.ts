import type { SourceFacts } from "../source-facts.ts";
import { child, children, count, kindOf, type SyntaxNode, text } from "../tree.ts";
import { functionSignature } from "./function-signature.ts";

type PublicFunction = SourceFacts["functions"][number];

const blocks = new Set(["If", "Try", "TryStar", "With"]);
const blockFields = ["body", "orelse", "finalbody", "handlers"];

/** Functions that the module's top level defines, those in its `if` and `try` blocks included. */
export function publicFunctions(tree: SyntaxNode): PublicFunction[] {
  const found: PublicFunction[] = [];
  const open = children(tree, "body").toReversed();
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const kind = kindOf(node);
    if (kind === "FunctionDef" || kind === "AsyncFunctionDef") {
      addFunction(text(node, "name"), node, found);
    } else if (kind === "Assign") {
      addLambda(node, found);
    } else if (blocks.has(kind) || kind === "ExceptHandler") {
      const block = node;
      const inner = blockFields.flatMap((field) => children(block, field));
      for (const statement of inner.toReversed()) open.push(statement);
    }
  }
  return found;
}

function addLambda(node: SyntaxNode, found: PublicFunction[]): void {
  const value = child(node, "value");
  const [target] = children(node, "targets");
  if (value !== undefined && kindOf(value) === "Lambda" && kindOf(target) === "Name") {
    addFunction(target === undefined ? "" : text(target, "id"), value, found);
  }
}

function addFunction(name: string, node: SyntaxNode, found: PublicFunction[]): void {
  if (name === "" || name.startsWith("_")) return;
  found.push({
    name,
    parameters: parameterNames(child(node, "args")),
    line: count(node, "lineno"),
    signature: functionSignature(node),
  });
}

function parameterNames(args: SyntaxNode | undefined): string[] {
  if (args === undefined) return [];
  const named = (field: string): string[] => children(args, field).map((arg) => text(arg, "arg"));
  const single = (field: string, stars: string): string[] => {
    const arg = child(args, field);
    return arg === undefined ? [] : [`${stars}${text(arg, "arg")}`];
  };
  return [
    ...named("posonlyargs"),
    ...named("args"),
    ...single("vararg", "*"),
    ...named("kwonlyargs"),
    ...single("kwarg", "**"),
  ];
}
