import type { Edit } from "../mutants/change.ts";
import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import type { PythonPlace } from "./changer.ts";
import { nodesWithin } from "./loop-guards.ts";

const idle = new Set(["Pass", "Raise", "Global", "Nonlocal"]);

/** `return x` becomes `return None`; one that is all of its function, its first parameter too. */
export function returnReplaced(place: PythonPlace): Edit[] {
  const { node, parent, text: source } = place;
  const value = child(node, "value");
  if (value === undefined || source.textOf(value) === "None") return [];
  const owner = parent !== undefined && isFunction(parent.node) ? parent.node : undefined;
  const name = owner === undefined || !isAll(place) ? "" : firstParameter(owner);
  const [start, end] = [source.start(value), source.end(value)];
  return ["None", name]
    .filter((replacement) => replacement !== "" && replacement !== source.textOf(value))
    .map((replacement) => ({ operator: "early-return", start, end, replacement, shown: node }));
}

function isAll({ siblings }: PythonPlace): boolean {
  return siblings.filter((statement) => !isText(statement)).length === 1;
}

function isFunction(node: SyntaxNode): boolean {
  return /^(?:Async)?FunctionDef$/.test(kindOf(node));
}

/** Empty for a method, of which the first is the object. */
function firstParameter(definition: SyntaxNode): string {
  const parameters = child(definition, "args");
  if (parameters === undefined) return "";
  const [first] = [...children(parameters, "posonlyargs"), ...children(parameters, "args")];
  const name = first === undefined ? "" : text(first, "arg");
  return name === "self" || name === "cls" ? "" : name;
}

/** Puts `return None`, and `return` with the first parameter, before everything a function does. */
export function functionEndedEarly(place: PythonPlace): Edit[] {
  const statements = children(place.node, "body").filter((statement) => !isText(statement));
  const [first] = statements;
  // A lone return is replaced itself, and what does nothing ends early as it is.
  if (first === undefined || kindOf(first) === "Return") return [];
  // The tree does not tell where a decorated definition begins.
  if (children(first, "decorator_list").length > 0) return [];
  if (statements.every((statement) => idle.has(kindOf(statement)))) return [];
  return valuesOf(place).flatMap((value) => inserted(place, first, `return${value}`));
}

function isText(statement: SyntaxNode): boolean {
  return kindOf(statement) === "Expr" && kindOf(child(statement, "value")) === "Constant";
}

function valuesOf(place: PythonPlace): string[] {
  let isGenerator = false;
  let givesValues = false;
  for (const statement of children(place.node, "body")) {
    for (const node of nodesWithin(statement)) {
      if (/^Yield/.test(kindOf(node))) isGenerator = true;
      if (kindOf(node) === "Return" && child(node, "value") !== undefined) givesValues = true;
    }
  }
  if (isGenerator) return [""];
  const name = firstParameter(place.node);
  return givesValues && name !== "" ? [" None", ` ${name}`] : [" None"];
}

function inserted(place: PythonPlace, first: SyntaxNode, statement: string): Edit[] {
  const { text: source } = place;
  const start = source.start(first);
  const indent = source.indentBefore(start);
  const lineEnd = source.source.includes("\r\n") ? "\r\n" : "\n";
  const replacement = indent === undefined ? `${statement}; ` : `${statement}${lineEnd}${indent}`;
  return [{ operator: "early-return", start, end: start, replacement, shown: first }];
}
