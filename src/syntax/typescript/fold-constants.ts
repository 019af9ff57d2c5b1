import { type Constant, constantValue, maxFoldedLength, type Value } from "../values.ts";

type TextMethod = (text: string, args: readonly Constant[]) => string | undefined;

const numberOr = (value: Constant | undefined, fallback: number): number =>
  typeof value === "number" ? value : fallback;

const textMethods: Readonly<Record<string, TextMethod>> = {
  at: (text, [index]) => text.at(numberOr(index, 0)),
  charAt: (text, [index]) => text.charAt(numberOr(index, 0)),
  concat: (text, args) => text + args.map(String).join(""),
  normalize: (text) => text.normalize(),
  replace: replaceText,
  replaceAll: replaceText,
  slice: (text, [from, to]) => text.slice(numberOr(from, 0), numberOr(to, text.length)),
  substring: (text, [from, to]) => text.substring(numberOr(from, 0), numberOr(to, text.length)),
  toLowerCase: (text) => text.toLowerCase(),
  toString: (text: string) => text,
  toUpperCase: (text) => text.toUpperCase(),
  trim: (text) => text.trim(),
  valueOf: (text: string) => text,
};

function replaceText(text: string, [from, to]: readonly Constant[]): string | undefined {
  return typeof from === "string" && typeof to === "string" ? text.replace(from, to) : undefined;
}

const textFunctions: Readonly<Record<string, (args: readonly Constant[]) => string | undefined>> = {
  String: ([value]) => String(value),
  "String.fromCharCode": (codes) => String.fromCharCode(...codes.map(Number)),
  atob: ([value]) => Buffer.from(String(value), "base64").toString("latin1"),
  decodeURIComponent: ([value]) => decoded(String(value)),
  unescape: ([value]) => decoded(String(value)),
  "node:path.join": (parts) => parts.map(String).join("/"),
};

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function bounded(text: string | undefined): Value | undefined {
  return text === undefined || text.length > maxFoldedLength ? undefined : constantValue(text);
}

/** `text.method(args)`, or undefined when it is no constant. */
export function foldMethod(
  owner: Value,
  method: string,
  args: readonly (Constant | undefined)[],
): Value | undefined {
  if (args.includes(undefined)) return undefined;
  const constants = args.map((arg) => arg ?? null);
  if (owner.kind === "list") return foldListMethod(owner, method, constants);
  if (owner.kind !== "constant" || typeof owner.value !== "string") return undefined;
  if (method === "split") {
    const items = owner.value.split(String(constants[0] ?? "")).map(constantValue);
    return { kind: "list", items };
  }
  if (!Object.hasOwn(textMethods, method)) return undefined;
  return bounded(textMethods[method]?.(owner.value, constants));
}

function foldListMethod(
  owner: Extract<Value, { kind: "list" }>,
  method: string,
  args: readonly Constant[],
): Value | undefined {
  if (method === "reverse" || method === "toReversed") {
    return { kind: "list", items: owner.items.toReversed() };
  }
  if (method !== "join") return undefined;
  const parts: string[] = [];
  for (const item of owner.items) {
    if (item.kind !== "constant") return undefined;
    parts.push(String(item.value));
  }
  return bounded(parts.join(String(args[0] ?? ",")));
}

/** `function(args)`, or undefined when it is no constant. */
export function foldCall(name: string, args: readonly (Constant | undefined)[]): Value | undefined {
  if (!Object.hasOwn(textFunctions, name) || args.length === 0 || args.includes(undefined)) {
    return undefined;
  }
  return bounded(textFunctions[name]?.(args.map((arg) => arg ?? null)));
}
