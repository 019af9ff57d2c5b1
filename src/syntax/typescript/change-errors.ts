import type { Edit } from "../mutants/change.ts";
import { isErrorSeen } from "../mutants/error-types.ts";
import { child, kindOf, text } from "../tree.ts";
import { bare, endOf, startOf, type TypeScriptPlace } from "./changer.ts";

/** `throw new RangeError("…")` becomes `throw new TypeError("…")`. */
export function thrownTypeChanged({ node, errors }: TypeScriptPlace): Edit[] {
  const thrown = bare(child(node, "argument"));
  const isMade = /^(?:New|Call)Expression$/.test(kindOf(thrown));
  const type = isMade && thrown !== undefined ? child(thrown, "callee") : undefined;
  const name = type === undefined || kindOf(type) !== "Identifier" ? "" : text(type, "name");
  if (type === undefined || !/^_*[A-Z]/.test(name) || !isErrorSeen(name, errors)) return [];
  const replacement = name === "TypeError" ? "RangeError" : "TypeError";
  return [
    { operator: "error-type", start: startOf(type), end: endOf(type), replacement, shown: node },
  ];
}
