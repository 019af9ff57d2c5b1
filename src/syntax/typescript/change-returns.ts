import type { Edit } from "../mutants/change.ts";
import { child, children, kindOf, text } from "../tree.ts";
import { endOf, startOf, type TypeScriptPlace, textOf } from "./changer.ts";
import { nodesWithin } from "./loop-guards.ts";
import { firstParameter } from "./mutable-places.ts";

/** `return x` becomes `return null`. */
export function returnReplaced(place: TypeScriptPlace): Edit[] {
  const value = child(place.node, "argument");
  if (value === undefined || /^(?:null|undefined)$/.test(textOf(value, place.source))) return [];
  const [start, end] = [startOf(value), endOf(value)];
  return [{ operator: "early-return", start, end, replacement: "null", shown: place.node }];
}

/** Puts `return null`, and `return` with the first parameter, before everything a function does. */
export function functionEndedEarly(place: TypeScriptPlace): Edit[] {
  const { node, source } = place;
  const body = child(node, "body");
  if (body === undefined || isBuilder(place)) return [];
  if (kindOf(body) !== "BlockStatement") {
    if (textOf(body, source) === "null") return [];
    const [start, end] = [startOf(body), endOf(body)];
    return [{ operator: "early-return", start, end, replacement: "null", shown: node }];
  }
  const [first] = children(body, "body").filter((statement) => text(statement, "directive") === "");
  // A lone return is replaced itself, and a lone throw ends early as it is.
  if (first === undefined || /^(?:Return|Throw)Statement$/.test(kindOf(first))) return [];
  const start = startOf(first);
  return valuesOf(place).map((value) => ({
    operator: "early-return",
    start,
    end: start,
    replacement: `return${value}; `,
    shown: first,
  }));
}

/** A constructor gives no value, nor does a setter. */
function isBuilder({ parent }: TypeScriptPlace): boolean {
  const kind = parent === undefined ? "" : text(parent.node, "kind");
  return kind === "constructor" || kind === "set";
}

function valuesOf({ node }: TypeScriptPlace): string[] {
  if (node["generator"] === true) return [""];
  const body = child(node, "body");
  let givesValues = false;
  for (const inner of body === undefined ? [] : nodesWithin(body)) {
    if (kindOf(inner) === "ReturnStatement" && child(inner, "argument") !== undefined) {
      givesValues = true;
    }
  }
  const name = firstParameter(node);
  return givesValues && name !== "" ? [" null", ` ${name}`] : [" null"];
}
