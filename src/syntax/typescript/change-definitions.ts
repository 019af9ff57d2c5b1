import type { Edit } from "../mutants/change.ts";
import { child, children, kindOf, text } from "../tree.ts";
import { endOf, startOf, type TypeScriptPlace } from "./changer.ts";

/** Without it what is thrown would be no error any more, whoever catches it. */
const errorClass = /(?:Error|Exception)$/;

/** `class A extends B` becomes `class A`, where nothing in it asks for B. */
export function baseRemoved({ node, source }: TypeScriptPlace): Edit[] {
  const base = child(node, "superClass");
  if (base === undefined || errorClass.test(text(base, "name"))) return [];
  const end = endOf(child(node, "superTypeArguments") ?? base);
  const start = source.lastIndexOf("extends", startOf(base));
  if (start < startOf(node)) return [];
  return [{ operator: "base-removed", start, end, replacement: "" }];
}

/** A default that is empty gets an item: `a = []` becomes `a = [0]`. */
export function emptyDefaultFilled({ node, parent, field }: TypeScriptPlace): Edit[] {
  const isDefault = kindOf(parent?.node) === "AssignmentPattern" && field === "right";
  if (!isDefault || children(node, "elements").length > 0) return [];
  return [{ operator: "constant", start: startOf(node), end: endOf(node), replacement: "[0]" }];
}
