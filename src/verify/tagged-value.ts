import type { TaggedValue } from "../sandbox/sandbox.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";

const maxTagTextLength = 4_000_000;
const floatNames: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
  "-0": -0,
};

const wholeFloat = /^-?\d{1,15}\.0$/;

/** A tagged value with its tag read. */
export type ValueForm =
  | { readonly kind: "null" }
  | { readonly kind: "boolean"; readonly value: boolean }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "integer"; readonly digits: string }
  | { readonly kind: "bytes"; readonly base64: string }
  | { readonly kind: "set"; readonly items: readonly TaggedValue[] }
  | { readonly kind: "array"; readonly items: readonly TaggedValue[] }
  | { readonly kind: "object"; readonly value: JsonObject }
  | { readonly kind: "opaque"; readonly text: string };

/** Reads the tag of one value; its children keep theirs. A tag that is malformed is `opaque`. */
export function valueForm(value: TaggedValue): ValueForm {
  if (value === null) {
    return { kind: "null" };
  }
  if (typeof value === "boolean") {
    return { kind: "boolean", value };
  }
  if (typeof value === "string") {
    return { kind: "string", value };
  }
  if (typeof value === "number") {
    return { kind: "number", value };
  }
  if (Array.isArray(value)) {
    return { kind: "array", items: value };
  }
  return objectForm(value);
}

function objectForm(value: JsonObject): ValueForm {
  const keys = Object.keys(value);
  const key = keys[0];
  if (keys.length !== 1 || key === undefined || !key.startsWith("$")) {
    return { kind: "object", value };
  }
  const content = value[key];
  if (key === "$object" && isJsonObject(content)) {
    return { kind: "object", value: content };
  }
  if (key === "$repr" && typeof content === "string") {
    return { kind: "opaque", text: content };
  }
  return wellFormedTag(key, content) ?? { kind: "opaque", text: `malformed tag ${key}` };
}

function wellFormedTag(key: string, content: JsonValue | undefined): ValueForm | undefined {
  if (key === "$set" && Array.isArray(content)) {
    return { kind: "set", items: content };
  }
  if (typeof content !== "string" || content.length > maxTagTextLength) {
    return undefined;
  }
  if (key === "$float" && Object.hasOwn(floatNames, content)) {
    return { kind: "number", value: floatNames[content] ?? Number.NaN };
  }
  if (key === "$float" && wholeFloat.test(content)) {
    return { kind: "number", value: Number(content) };
  }
  if (key === "$integer" && /^-?\d+$/.test(content)) {
    return { kind: "integer", digits: content };
  }
  if (key === "$bytes" && /^[A-Za-z0-9+/]*={0,2}$/.test(content)) {
    return { kind: "bytes", base64: content };
  }
  return undefined;
}

/**
 * Plain JSON as a tagged value: objects with one key that begins with `$` are wrapped, unless they
 * are a well-formed `$float`, `$integer`, `$bytes` or `$set`, which mean what they say.
 * The caller bounds the nesting first.
 */
export function tagJson(value: JsonValue): TaggedValue {
  if (typeof value === "number" && Object.is(value, -0)) {
    return { $float: "-0" };
  }
  if (value === null || typeof value !== "object") {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(tagJson);
  }
  const entries = Object.entries(value);
  const [first] = entries;
  const tagged = Object.fromEntries(entries.map(([key, child]) => [key, tagJson(child)]));
  if (entries.length !== 1 || first === undefined || !first[0].startsWith("$")) {
    return tagged;
  }
  return wellFormedTag(first[0], first[1]) === undefined ? { $object: tagged } : tagged;
}

/**
 * The value as a JSON Schema sees it: a set is an array, bytes a string, NaN and the infinities
 * numbers. Undefined when some part has no plain form. The caller bounds the nesting first.
 */
export function schemaView(value: TaggedValue): JsonValue | undefined {
  const form = valueForm(value);
  switch (form.kind) {
    case "null":
      return null;
    case "boolean":
    case "string":
    case "number":
      return form.value;
    case "integer":
      return nearestNumber(form.digits);
    case "bytes":
      return form.base64;
    case "set":
    case "array": {
      const items = form.items.map(schemaView);
      return items.includes(undefined) ? undefined : items.filter((item) => item !== undefined);
    }
    case "object": {
      const entries = Object.entries(form.value).map(([key, child]) => [key, schemaView(child)]);
      return entries.some(([, child]) => child === undefined)
        ? undefined
        : (Object.fromEntries(entries) as JsonObject);
    }
    case "opaque":
      return undefined;
  }
}

/** The nearest finite number: an integer of any length is still a number and an integer. */
export function nearestNumber(digits: string): number {
  const number = Number(digits);
  return Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, number));
}
