import type { TaggedValue } from "../sandbox/sandbox.ts";
import type { JsonObject } from "../shared/json.ts";
import { showValue } from "./show-value.ts";
import { type ValueForm, valueForm } from "./tagged-value.ts";

/** Values that nest deeper than this are never equal to anything. */
export const maxComparedDepth = 200;
/** Two numbers of which one is no integer are equal within this share of the larger. */
const relativeTolerance = 1e-9;
/** What rounding may leave where exactly zero is expected: no relative tolerance reaches it. */
const toleranceAtZero = 1e-12;
const maxUnmatchedSetItems = 200;

export interface ComparisonOptions {
  /**
   * Two numbers of which one is no integer are equal as well when they lie no further apart than
   * this; 0 leaves `relativeTolerance` alone.
   */
  readonly tolerance?: number;
}

/** Where in both values a comparison stands. */
interface Place {
  readonly path: string;
  readonly depth: number;
  readonly tolerance: number;
}

/**
 * Returns the first difference in one bounded line (`result.items[2]: expected 3, got 4`), or
 * undefined when the values are equal.
 *
 * Equal are: objects whatever the order of their keys, 1 and 1.0, 0 and -0, NaN and NaN, floats
 * within `relativeTolerance` or the tolerance given. Integers are equal only when every digit is,
 * however large they are and whatever the tolerance. A boolean is no number, bytes are no string, a
 * set is no array; a value without a plain form (`$repr`) equals nothing.
 */
export function compareValues(
  expected: TaggedValue,
  got: TaggedValue,
  options: ComparisonOptions = {},
): string | undefined {
  return compareAt(expected, got, { path: "result", depth: 0, tolerance: options.tolerance ?? 0 });
}

function inside(place: Place, path: string): Place {
  return { ...place, path, depth: place.depth + 1 };
}

function compareAt(expected: TaggedValue, got: TaggedValue, place: Place): string | undefined {
  const { path, depth, tolerance } = place;
  if (depth > maxComparedDepth) {
    return `${shortPath(path)}: nested deeper than ${maxComparedDepth} levels`;
  }
  const left = valueForm(expected);
  const right = valueForm(got);
  if (isNumeric(left) && isNumeric(right)) {
    return numbersEqual(left, right, tolerance) ? undefined : differs(expected, got, path);
  }
  if (left.kind === "string" && right.kind === "string") {
    return compareStrings(left.value, right.value, path);
  }
  if (left.kind === "array" && right.kind === "array") {
    return compareArrays(left.items, right.items, place);
  }
  if (left.kind === "object" && right.kind === "object") {
    return compareObjects(left.value, right.value, place);
  }
  return isEqual(left, right, place) ? undefined : differs(expected, got, path);
}

function isEqual(left: ValueForm, right: ValueForm, place: Place): boolean {
  if (left.kind === "null") {
    return right.kind === "null";
  }
  if (left.kind === "boolean" && right.kind === "boolean") {
    return left.value === right.value;
  }
  if (left.kind === "set" && right.kind === "set") {
    return setsEqual(left.items, right.items, place);
  }
  if (left.kind === "bytes" && right.kind === "bytes") {
    return Buffer.from(left.base64, "base64").equals(Buffer.from(right.base64, "base64"));
  }
  return false;
}

type NumericForm = Extract<ValueForm, { kind: "number" | "integer" }>;

function isNumeric(form: ValueForm): form is NumericForm {
  return form.kind === "number" || form.kind === "integer";
}

function numbersEqual(left: NumericForm, right: NumericForm, tolerance: number): boolean {
  const leftInteger = exactInteger(left);
  const rightInteger = exactInteger(right);
  const areFloats = isLargeFloat(left) && isLargeFloat(right);
  if (leftInteger !== undefined && rightInteger !== undefined && !areFloats) {
    return leftInteger === rightInteger;
  }
  const a = left.kind === "integer" ? Number(left.digits) : left.value;
  const b = right.kind === "integer" ? Number(right.digits) : right.value;
  if (a === b || (Number.isNaN(a) && Number.isNaN(b))) {
    return true;
  }
  if (!Number.isFinite(a) || !Number.isFinite(b)) {
    return false;
  }
  const distance = Math.abs(a - b);
  if (a === 0) {
    return distance <= Math.max(tolerance, toleranceAtZero);
  }
  return distance <= Math.max(tolerance, relativeTolerance * Math.max(Math.abs(a), Math.abs(b)));
}

function exactInteger(form: NumericForm): bigint | undefined {
  if (form.kind === "integer") {
    return BigInt(form.digits);
  }
  return Number.isInteger(form.value) ? BigInt(form.value) : undefined;
}

/**
 * Beyond 2^53 every float is integral, `math.exp(100)` too. An integer that large is tagged, be it
 * written in a case or returned, so a plain number there is a float.
 */
function isLargeFloat(form: NumericForm): boolean {
  return form.kind === "number" && !Number.isSafeInteger(form.value);
}

function compareStrings(expected: string, got: string, path: string): string | undefined {
  if (expected === got) {
    return undefined;
  }
  const text = differs(expected, got, path);
  if (Math.max(expected.length, got.length) <= 100) {
    return text;
  }
  let index = 0;
  while (index < expected.length && expected[index] === got[index]) {
    index += 1;
  }
  const around = (value: string) => showValue(value.slice(Math.max(0, index - 10), index + 30), 80);
  return `${text}; first difference at character ${index}: expected ${around(expected)}, got ${around(got)}`;
}

function compareArrays(
  expected: readonly TaggedValue[],
  got: readonly TaggedValue[],
  place: Place,
): string | undefined {
  const { path } = place;
  for (const [index, item] of expected.entries()) {
    const other = got[index];
    if (other === undefined) {
      break;
    }
    const difference = compareAt(item, other, inside(place, `${path}[${index}]`));
    if (difference !== undefined && expected.length === got.length) {
      return difference;
    }
    if (difference !== undefined) {
      return `${countsDiffer(expected, got, path)}; ${difference}`;
    }
  }
  return expected.length === got.length ? undefined : countsDiffer(expected, got, path);
}

function countsDiffer(
  expected: readonly TaggedValue[],
  got: readonly TaggedValue[],
  path: string,
): string {
  const count = (items: readonly TaggedValue[]) =>
    `${items.length} ${items.length === 1 ? "item" : "items"} ${showValue([...items.slice(0, 50)], 120)}`;
  return `${shortPath(path)}: expected ${count(expected)}, got ${count(got)}`;
}

function compareObjects(expected: JsonObject, got: JsonObject, place: Place): string | undefined {
  const { path } = place;
  for (const key of Object.keys(expected)) {
    const at = `${path}${keyPath(key)}`;
    const item = expected[key] ?? null;
    if (!Object.hasOwn(got, key)) {
      return `${shortPath(at)}: expected ${showValue(item)}, got no such key (keys: ${showValue(Object.keys(got), 120)})`;
    }
    const difference = compareAt(item, got[key] ?? null, inside(place, at));
    if (difference !== undefined) {
      return difference;
    }
  }
  const extra = Object.keys(got).find((key) => !Object.hasOwn(expected, key));
  return extra === undefined
    ? undefined
    : `${shortPath(path + keyPath(extra))}: expected no such key, got ${showValue(got[extra] ?? null)}`;
}

function setsEqual(
  expected: readonly TaggedValue[],
  got: readonly TaggedValue[],
  place: Place,
): boolean {
  if (expected.length !== got.length || place.depth + 1 > maxComparedDepth) {
    return false;
  }
  const buckets = new Map<string, TaggedValue[]>();
  for (const item of expected) {
    const bucket = buckets.get(setKey(item));
    bucket === undefined ? buckets.set(setKey(item), [item]) : bucket.push(item);
  }
  const takeEqual = (items: TaggedValue[], item: TaggedValue) => {
    const at = items.findIndex(
      (other) => compareAt(other, item, inside(place, "item")) === undefined,
    );
    return at >= 0 && items.splice(at, 1).length === 1;
  };
  const unmatched = got.filter((item) => !takeEqual(buckets.get(setKey(item)) ?? [], item));
  const left = [...buckets.values()].flat();
  return unmatched.length <= maxUnmatchedSetItems && unmatched.every((i) => takeEqual(left, i));
}

/** Where an equal member is looked for first; equal floats may have different keys. */
function setKey(item: TaggedValue): string {
  return showValue(item, 2_000);
}

function differs(expected: TaggedValue, got: TaggedValue, path: string): string {
  return `${shortPath(path)}: expected ${showValue(expected)}, got ${showValue(got)}`;
}

function keyPath(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]{0,40}$/.test(key) ? `.${key}` : `[${showValue(key, 40)}]`;
}

function shortPath(path: string): string {
  return path.length <= 120 ? path : `${path.slice(0, 60)}…${path.slice(-55)}`;
}
