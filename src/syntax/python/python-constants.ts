import { patternSamples } from "../constants/pattern-samples.ts";
import { ConstantList, type SourceConstants } from "../constants/source-constants.ts";
import { child, children, everyChild, kindOf, type SyntaxNode, text } from "../tree.ts";
import { parsePython } from "./parse-python.ts";

/** What is read there says nothing of a branch: types, messages, docstrings. */
const skippedFields: Readonly<Record<string, readonly string[]>> = {
  Raise: ["exc", "cause"],
  AnnAssign: ["annotation"],
  Arg: ["annotation"],
  FunctionDef: ["returns"],
  AsyncFunctionDef: ["returns"],
  Assert: ["msg"],
};
const comparing = /^(?:Compare|MatchValue|MatchMapping)$/;
const comparingMethods = /^(?:startswith|endswith|index|find|count|split|partition|get)$/;

/** @throws {UnreadableSource} syntax-error */
export function pythonConstants(source: string): SourceConstants {
  const found = new ConstantList();
  const open = [{ node: parsePython(source), isCompared: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node } = next;
    const isCompared = next.isCompared || compares(node);
    addConstant(node, isCompared, found);
    addPattern(node, found);
    const skipped = (skippedFields[kindOf(node)] ?? []).map((field) => node[field]);
    const inner = isLoneText(node) ? [] : everyChild(node);
    for (const part of inner.reverse()) {
      if (!skipped.includes(part)) open.push({ node: part, isCompared });
    }
  }
  return found.list();
}

function compares(node: SyntaxNode): boolean {
  return comparing.test(kindOf(node)) || comparingMethods.test(methodName(node));
}

/** `startswith` of `a.startswith(b)`; empty for anything else. */
function methodName(node: SyntaxNode): string {
  const callee = kindOf(node) === "Call" ? child(node, "func") : undefined;
  return kindOf(callee) === "Attribute" ? text(callee ?? {}, "attr") : "";
}

function addConstant(node: SyntaxNode, isCompared: boolean, found: ConstantList): void {
  if (kindOf(node) !== "Constant") return;
  const { value } = node;
  if (typeof value === "string") found.addText(value, isCompared);
  if (typeof value === "number" || typeof value === "bigint") found.addNumber(value, isCompared);
}

/** The first argument of `re.compile`, `re.match` and the like. */
function addPattern(node: SyntaxNode, found: ConstantList): void {
  const callee = kindOf(node) === "Call" ? child(node, "func") : undefined;
  const holder = callee === undefined ? undefined : child(callee, "value");
  if (holder === undefined || text(holder, "id") !== "re") return;
  const [pattern] = children(node, "args");
  for (const sample of patternSamples(pattern === undefined ? "" : text(pattern, "value"))) {
    found.addText(sample, true);
  }
}

function isLoneText(node: SyntaxNode): boolean {
  return kindOf(node) === "Expr" && kindOf(child(node, "value")) === "Constant";
}
