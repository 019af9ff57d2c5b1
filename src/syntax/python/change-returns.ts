import type { Edit } from "../mutants/change.ts";
import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import type { PythonPlace } from "./changer.ts";
import { nodesWithin } from "./loop-guards.ts";

const idle = new Set(["Pass", "Raise", "Global", "Nonlocal"]);

/** `return x` becomes `return None`. */
export function returnReplaced(place: PythonPlace): Edit[] {
  const value = child(place.node, "value");
  if (value === undefined || place.text.textOf(value) === "None") return [];
  return [
    {
      operator: "early-return",
      start: place.text.start(value),
      end: place.text.end(value),
      replacement: "None",
      shown: place.node,
    },
  ];
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
  const parameters = child(place.node, "args");
  const [first] =
    parameters === undefined
      ? []
      : [...children(parameters, "posonlyargs"), ...children(parameters, "args")];
  const name = first === undefined ? "" : text(first, "arg");
  const isUsable = givesValues && name !== "" && name !== "self" && name !== "cls";
  return isUsable ? [" None", ` ${name}`] : [" None"];
}

function inserted(place: PythonPlace, first: SyntaxNode, statement: string): Edit[] {
  const { text: source } = place;
  const start = source.start(first);
  const indent = source.indentBefore(start);
  const lineEnd = source.source.includes("\r\n") ? "\r\n" : "\n";
  const replacement = indent === undefined ? `${statement}; ` : `${statement}${lineEnd}${indent}`;
  return [{ operator: "early-return", start, end: start, replacement, shown: first }];
}
