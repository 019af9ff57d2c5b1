import { type Constant, constantValue, maxFoldedLength, type Value } from "../values.ts";

type TextMethod = (text: string, args: readonly Constant[]) => string | undefined;

const rot13 = (text: string): string =>
  text.replaceAll(/[a-z]/gi, (letter) => {
    const base = letter <= "Z" ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });

const fromBase64 = (text: string): string => Buffer.from(text, "base64").toString("utf8");

/** Methods of str (and bytes, which are folded as text) that give a constant from constants. */
const textMethods: Readonly<Record<string, TextMethod>> = {
  capitalize: (text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase(),
  casefold: (text) => text.toLowerCase(),
  decode: (text) => text,
  encode: (text) => text,
  expandtabs: (text) => text,
  format: formatText,
  lower: (text) => text.toLowerCase(),
  lstrip: (text) => text.trimStart(),
  removeprefix: (text, [prefix]) => {
    const start = String(prefix ?? "");
    return text.startsWith(start) ? text.slice(start.length) : text;
  },
  replace: (text, [from, to]) =>
    typeof from === "string" && typeof to === "string" ? text.replaceAll(from, to) : undefined,
  rstrip: (text) => text.trimEnd(),
  strip: (text) => text.trim(),
  swapcase: (text) =>
    [...text].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join(""),
  title: (text) => text.slice(0, 1).toUpperCase() + text.slice(1).toLowerCase(),
  upper: (text) => text.toUpperCase(),
};

/** Functions of the language and its library, by their full names. */
const textFunctions: Readonly<Record<string, TextMethod>> = {
  "base64.b64decode": (text) => fromBase64(text),
  "base64.urlsafe_b64decode": (text) => fromBase64(text),
  "binascii.a2b_base64": (text) => fromBase64(text),
  "binascii.unhexlify": (text) => Buffer.from(text, "hex").toString("utf8"),
  "builtins.bytes": (text) => text,
  "builtins.bytes.fromhex": (text) => Buffer.from(text, "hex").toString("utf8"),
  "builtins.bytearray.fromhex": (text) => Buffer.from(text, "hex").toString("utf8"),
  "builtins.str": (text) => text,
  "codecs.decode": (text, [codec]) =>
    String(codec).replace("_", "") === "rot13" ? rot13(text) : text,
  "os.fspath": (text) => text,
  "os.path.abspath": (text) => text,
  "os.path.expanduser": (text) => text,
  "os.path.normpath": (text) => text,
  "os.path.realpath": (text) => text,
  "sys.intern": (text) => text,
};

function formatText(text: string, args: readonly Constant[]): string {
  let next = 0;
  return text.replaceAll(/\{(\d*)\}/g, (_, index: string) =>
    String(args[index === "" ? next++ : Number(index)] ?? ""),
  );
}

function bounded(text: string | undefined): Value | undefined {
  return text === undefined || text.length > maxFoldedLength ? undefined : constantValue(text);
}

/** `text.method(args)`, or undefined when it is no constant. */
export function foldMethod(
  method: string,
  text: string,
  args: readonly (Constant | undefined)[],
): Value | undefined {
  if (!Object.hasOwn(textMethods, method) || args.includes(undefined)) return undefined;
  return bounded(
    textMethods[method]?.(
      text,
      args.map((arg) => arg ?? null),
    ),
  );
}

/** `function(args)`, or undefined when it is no constant. */
export function foldCall(name: string, args: readonly (Constant | undefined)[]): Value | undefined {
  const [first] = args;
  if (first === undefined || args.includes(undefined)) return undefined;
  const constants = args.map((arg) => arg ?? null);
  if (name === "builtins.chr") {
    return typeof first === "number" && first >= 0 && first < 0x11_0000
      ? constantValue(String.fromCodePoint(first))
      : undefined;
  }
  if (name === "os.path.join") return bounded(joinPaths(constants.map(String)));
  if (typeof first !== "string" || !Object.hasOwn(textFunctions, name)) return undefined;
  return bounded(textFunctions[name]?.(first, constants.slice(1)));
}

/** As os.path.join: an absolute part begins anew. */
export function joinPaths(parts: readonly string[]): string {
  let joined = "";
  for (const part of parts) {
    joined = part.startsWith("/") || joined === "" ? part : `${joined.replace(/\/$/, "")}/${part}`;
  }
  return joined;
}

/** `separator.join(list)`. */
export function foldJoin(separator: string, list: Value): Value | undefined {
  if (list.kind === "constant" && typeof list.value === "string") {
    return bounded([...list.value].join(separator));
  }
  if (list.kind !== "list") return undefined;
  const parts: string[] = [];
  for (const item of list.items) {
    if (item.kind !== "constant") return undefined;
    parts.push(String(item.value));
  }
  return bounded(parts.join(separator));
}

/** `left operator right` of constants. */
export function foldBinary(operator: string, left: Constant, right: Constant): Value | undefined {
  if (operator === "Add" && typeof left === "string" && typeof right === "string") {
    return bounded(left + right);
  }
  if (operator === "Add" && typeof left === "number" && typeof right === "number") {
    return constantValue(left + right);
  }
  if (operator === "Mod" && typeof left === "string") {
    return bounded(left.replace(/%[sd]/, () => String(right)));
  }
  if (operator === "Mult" && typeof left === "string" && typeof right === "number") {
    const length = left.length * right;
    return length > 0 && length <= maxFoldedLength ? bounded(left.repeat(right)) : undefined;
  }
  return undefined;
}
