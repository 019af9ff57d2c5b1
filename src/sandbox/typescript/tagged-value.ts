import { maxValueDepth } from "../protocol.ts";
import { bytesOfBase64, textOfBytes } from "../runner/base64.ts";
import type { TaggedValue } from "../sandbox.ts";

/** The result has no plain form: it is nested too deeply or contains itself. */
export class NotPlainError extends TypeError {}
/** The result has more parts than a line could carry. */
export class TooLargeError extends Error {}

const { stringify } = JSON;
const Bytes = Uint8Array;
const reprLimit = 2_000;
/** A few million bits: beyond it, writing the digits would take longer than any call may. */
const maxIntegerBits = 4_000_000n;

/** Returns the value as tagged JSON text; undefined is null, properties that are undefined go. */
export function encodeTagged(value: unknown, maxNodes: number): string {
  return stringify(createEncoder(maxNodes)(value, 0));
}

type Encode = (value: unknown, depth: number) => TaggedValue;

function createEncoder(maxNodes: number): Encode {
  let nodes = maxNodes;
  const encode: Encode = (value, depth) => {
    nodes -= 1;
    if (nodes < 0) {
      throw new TooLargeError();
    }
    if (depth > maxValueDepth) {
      throw new NotPlainError(
        `the result is nested deeper than ${maxValueDepth} levels, or contains itself; return plain data`,
      );
    }
    switch (typeof value) {
      case "undefined":
        return null;
      case "boolean":
      case "string":
        return value;
      case "number":
        return encodeNumber(value);
      case "bigint":
        return encodeInteger(value);
      case "object":
        return value === null ? null : encodeObject(value, depth, encode);
      case "function":
      case "symbol":
        return repr(value);
    }
  };
  return encode;
}

function encodeNumber(value: number): TaggedValue {
  if (Number.isNaN(value)) {
    return { $float: "nan" };
  }
  if (!Number.isFinite(value)) {
    return { $float: value > 0 ? "inf" : "-inf" };
  }
  return Object.is(value, -0) ? { $float: "-0" } : value;
}

function encodeInteger(value: bigint): TaggedValue {
  if (BigInt.asIntN(Number(maxIntegerBits), value) !== value) {
    throw new TooLargeError();
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : { $integer: String(value) };
}

function encodeObject(value: object, depth: number, encode: Encode): TaggedValue {
  if (Array.isArray(value)) {
    return Array.from(value, (item) => encode(item, depth + 1));
  }
  if (value instanceof Set) {
    const items = Array.from(value, (item) => encode(item, depth + 1));
    return {
      $set: items
        .map((item) => [sortKey(item), item] as const)
        .toSorted(byKey)
        .map(second),
    };
  }
  if (value instanceof Map) {
    return [...value.keys()].every((key) => typeof key === "string")
      ? encodeEntries([...value], depth, encode)
      : repr(value);
  }
  if (value instanceof ArrayBuffer) {
    return { $bytes: textOfBytes(new Bytes(value)) };
  }
  if (ArrayBuffer.isView(value)) {
    return encodeView(value, depth, encode);
  }
  return encodePlain(value, depth, encode);
}

function encodeView(value: ArrayBufferView, depth: number, encode: Encode): TaggedValue {
  if (value instanceof Uint8Array || value instanceof DataView) {
    return { $bytes: textOfBytes(value) };
  }
  const numbers = value as unknown as ArrayLike<number | bigint>;
  return Array.from(numbers, (item) => encode(item, depth + 1));
}

function encodePlain(value: object, depth: number, encode: Encode): TaggedValue {
  if (
    value instanceof Number ||
    value instanceof String ||
    value instanceof Boolean ||
    value instanceof BigInt
  ) {
    return encode(value.valueOf(), depth);
  }
  if (value instanceof Error || value instanceof RegExp || value instanceof Promise) {
    return repr(value);
  }
  if ("toJSON" in value && typeof value.toJSON === "function") {
    // Dates and URLs: what JSON itself would make of them. An invalid date makes null of itself.
    return value instanceof Date && Number.isNaN(value.getTime())
      ? repr(value)
      : encode(value.toJSON(), depth + 1);
  }
  return encodeEntries(Object.entries(value), depth, encode);
}

function encodeEntries(
  entries: readonly (readonly [string, unknown])[],
  depth: number,
  encode: Encode,
): TaggedValue {
  // Without a prototype, so that a key named __proto__ is a key, and no toJSON is inherited.
  const result: Record<string, TaggedValue> = Object.create(null);
  let count = 0;
  for (const [key, item] of entries) {
    if (item !== undefined) {
      result[key] = encode(item, depth + 1);
      count += 1;
    }
  }
  if (count === 1 && Object.keys(result)[0]?.startsWith("$") === true) {
    return { $object: result };
  }
  return result;
}

function repr(value: unknown): TaggedValue {
  try {
    return { $repr: String(value).slice(0, reprLimit) };
  } catch {
    return { $repr: typeof value };
  }
}

/** Canonical text: keys sorted, so that equal members of two sets stand at the same place. */
function sortKey(value: TaggedValue): string {
  return stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).toSorted(byKey))
      : item,
  );
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  if (a[0] === b[0]) {
    return 0;
  }
  return a[0] < b[0] ? -1 : 1;
}

function second<Value>(pair: readonly [string, Value]): Value {
  return pair[1];
}

/** Returns the JavaScript value that a tagged one stands for. */
export function decodeTagged(value: TaggedValue): unknown {
  if (Array.isArray(value)) {
    return value.map(decodeTagged);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first !== undefined) {
    const decoded = decodeTag(first[0], first[1]);
    if (decoded !== undefined) {
      return decoded;
    }
  }
  return decodeEntries(value);
}

function decodeTag(tag: string, value: TaggedValue): unknown {
  switch (tag) {
    case "$bytes":
      return bytesOfBase64(String(value));
    case "$set":
      return new Set(Array.isArray(value) ? value.map(decodeTagged) : []);
    case "$float":
      return Number({ nan: "NaN", inf: "Infinity", "-inf": "-Infinity" }[String(value)] ?? value);
    case "$integer":
      return BigInt(String(value));
    case "$object":
      return decodeEntries(value);
    default:
      return undefined;
  }
}

function decodeEntries(value: TaggedValue): object {
  const decoded = {};
  for (const [key, item] of Object.entries(value ?? {})) {
    // Not an assignment: a key named __proto__ must stay a key.
    Object.defineProperty(decoded, key, {
      value: decodeTagged(item),
      configurable: true,
      enumerable: true,
      writable: true,
    });
  }
  return decoded;
}
