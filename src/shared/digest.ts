import { createHash } from "node:crypto";
import type { JsonValue } from "./json.ts";

/** `sha256:` and 64 lower-case hexadecimal digits; a string is taken as UTF-8. */
export function digestBytes(data: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(data).digest("hex")}`;
}

/**
 * JSON without spaces, the keys of every object in the order of their UTF-16 code units, so that
 * equal values give equal text. A property that is `undefined` is left out, as JSON.stringify does.
 *
 * @throws {RangeError} when the value is nested some thousands deep.
 * @throws {TypeError} for a Map or Set that a cast made pass for JSON.
 * @see RFC 8785, whose number and string forms are those of JSON.stringify
 */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  // Neither has properties of its own: all of them would be one and the same `{}`.
  if (value instanceof Map || value instanceof Set) {
    throw new TypeError("canonicalJson: a Map or Set is no JSON, plain data is wanted");
  }
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${canonicalJson(member)}`);
  }
  return `{${members.join(",")}}`;
}

/** The digest of a value's canonical JSON. */
export function digestJson(value: JsonValue): string {
  return digestBytes(canonicalJson(value));
}
