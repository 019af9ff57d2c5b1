import type { SyntaxNode } from "../tree.ts";
import { type Constant, nameValue, unknownValue, type Value } from "../values.ts";
import { attributeName, introspectionAttributes } from "./builtin-names.ts";
import { joinPaths } from "./fold-constants.ts";

/** Says what expressions may stand for. */
export interface Evaluator {
  /** Empty while the expression is being found out already. */
  evaluate(node: SyntaxNode | undefined): Value[];
  constant(node: SyntaxNode | undefined): Constant | undefined;
  attributes(owners: readonly Value[], attribute: string): Value[];
  /** A dictionary of names, read with a key; without a constant key any name may come out. */
  member(owner: Value, key: Constant | undefined): Value[];
}

/** Values whose `[key]` reads a module's names. */
export function isDictionary(value: Value): boolean {
  return (
    value.kind === "namespace" ||
    (value.kind === "name" && (value.name === "builtins" || value.name === "sys.modules"))
  );
}

export function joinedArgs(parts: readonly Constant[]): Constant[] {
  const unknownAt = parts.indexOf(null);
  const known = (unknownAt === -1 ? parts : parts.slice(0, unknownAt)).map(String);
  return known.length === 0 ? [null] : [joinPaths(known)];
}

export function attributeOf(owner: Value, attribute: string): Value {
  if (owner.kind === "name") return attributeOfName(owner.name, attribute);
  if (owner.kind === "instance" && owner.name !== "") {
    if (introspectionAttributes.has(attribute)) return nameValue(`?.${attribute}`);
    return { kind: "name", name: `${owner.name}().${attribute}`, receiverArgs: owner.args };
  }
  if (owner.kind === "local" && attribute !== "__globals__" && attribute !== "__code__") {
    return unknownValue;
  }
  return introspectionAttributes.has(attribute) ? nameValue(`?.${attribute}`) : unknownValue;
}

function attributeOfName(owner: string, attribute: string): Value {
  if (attribute === "__dict__") return { kind: "namespace", name: owner };
  if (introspectionAttributes.has(attribute)) return nameValue(`?.${attribute}`);
  if (owner.startsWith("?.")) return unknownValue;
  // A builtin function carries its module.
  if (attribute === "__self__" && owner.startsWith("builtins.")) return nameValue("builtins");
  return nameValue(attributeName(owner, attribute));
}
