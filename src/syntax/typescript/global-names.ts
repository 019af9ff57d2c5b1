import { builtinModules } from "node:module";

/** Other names of the object that holds all globals. */
export const globalObjects: ReadonlySet<string> = new Set([
  "globalThis",
  "window",
  "self",
  "global",
  "frames",
  "parent",
  "top",
]);

/** Functions of the language: their `constructor` is `Function`. */
export const globalFunctions: ReadonlySet<string> = new Set([
  "Array",
  "Boolean",
  "Date",
  "Error",
  "Function",
  "Map",
  "Number",
  "Object",
  "Promise",
  "Proxy",
  "RegExp",
  "Set",
  "String",
  "Symbol",
  "eval",
  "isNaN",
  "parseFloat",
  "parseInt",
]);

/** `fs` is `node:fs`. */
export function moduleName(specifier: string): string {
  return builtinModules.includes(specifier) ? `node:${specifier}` : specifier;
}

export function attributeName(owner: string, attribute: string): string {
  if (globalObjects.has(owner)) return attribute;
  if (attribute === "default" && owner.includes(":")) return owner;
  if (owner === "node:fs" && attribute === "promises") return "node:fs/promises";
  if (owner === "node:process") return `process.${attribute}`;
  return `${owner}.${attribute}`;
}
