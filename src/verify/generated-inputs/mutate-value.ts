import type { TaggedValue } from "../../sandbox/sandbox.ts";
import type { JsonObject } from "../../shared/json.ts";
import { valueForm } from "../tagged-value.ts";
import { mutateText } from "./mutate-text.ts";
import type { SeededRandom } from "./seeded-random.ts";

const maxItems = 200;
const maxMutationDepth = 30;

/**
 * A value like the given one with one small change: a number near it, a text with characters
 * swapped, an array with an item more or less. The kind stays; whether it still fits its schema, the
 * caller looks.
 *
 * @param alphabet characters that texts of this kind are made of
 */
export function mutateValue(
  value: TaggedValue,
  random: SeededRandom,
  alphabet: string,
  depth = 0,
): TaggedValue {
  const form = valueForm(value);
  if (depth > maxMutationDepth) {
    return value;
  }
  switch (form.kind) {
    case "boolean":
      return !form.value;
    case "string":
      return mutateText(form.value, random, alphabet);
    case "number": {
      const mutated = mutateNumber(form.value, random);
      const isInteger = typeof value === "number" && Number.isInteger(value);
      return isInteger ? mutated : asFloat(mutated);
    }
    case "integer":
      return mutateInteger(form.digits, random);
    case "bytes":
      return mutateBytes(form.base64, random);
    case "array":
      return mutateItems(form.items, random, alphabet, depth);
    case "set":
      return { $set: distinct(mutateItems(form.items, random, alphabet, depth)) };
    case "object":
      return mutateObject(form.value, random, alphabet, depth);
    case "null":
    case "opaque":
      return value;
  }
}

function mutateNumber(value: number, random: SeededRandom): TaggedValue {
  if (!Number.isFinite(value)) {
    return random.below(2) === 0 ? 0 : { $float: "-inf" };
  }
  if (Number.isInteger(value)) {
    const near = [value + 1, value - 1, -value, value * 2, Math.trunc(value / 2), 0];
    const drawn = value + random.below(19) - 9;
    return whole(random.pick([...near, drawn, drawn, random.below(2 * Math.abs(value) + 10)]) ?? 0);
  }
  const digits = (text: number) => Number(text.toPrecision(6));
  const near = [value + 0.5, -value, value * 2, Math.round(value), value + 1, value / 10];
  return whole(digits(random.pick([...near, value + random.fraction() - 0.5]) ?? 0));
}

function whole(value: number): TaggedValue {
  const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
  return isExact ? value + 0 : { $integer: BigInt(value).toString() };
}

/** A float stays one where it becomes whole: Python's programs may tell 3.0 from 3. */
function asFloat(value: TaggedValue): TaggedValue {
  const isWhole = typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1e15;
  return isWhole ? { $float: `${value}.0` } : value;
}

function mutateInteger(digits: string, random: SeededRandom): TaggedValue {
  const value = BigInt(digits);
  const changed = random.pick([value + 1n, value - 1n, -value, value / 2n, value / 10n]) ?? 0n;
  const isExact = BigInt(Number(changed)) === changed && Number.isSafeInteger(Number(changed));
  return isExact ? Number(changed) : { $integer: changed.toString() };
}

function mutateBytes(base64: string, random: SeededRandom): TaggedValue {
  const bytes = [...Buffer.from(base64, "base64")];
  const at = random.below(bytes.length + 1);
  const isInserted = random.below(2) === 0 && bytes.length < maxItems;
  bytes.splice(at, random.below(2), ...(isInserted ? [random.below(256)] : []));
  return { $bytes: Buffer.from(bytes).toString("base64") };
}

function mutateItems(
  items: readonly TaggedValue[],
  random: SeededRandom,
  alphabet: string,
  depth: number,
): TaggedValue[] {
  const changed = [...items];
  const at = random.below(items.length);
  const item = items[at];
  if (item === undefined) {
    return changed;
  }
  const mutated = () => mutateValue(item, random, alphabet, depth + 1);
  const other = random.below(items.length);
  switch (random.below(items.length < maxItems ? 9 : 4)) {
    case 0:
      return changed.toSpliced(at, 1);
    case 1:
      return changed.with(at, items[other] ?? item).with(other, item);
    case 2:
      return changed.reverse();
    case 3:
      return changed.slice(0, at + 1);
    case 4:
      return changed.toSpliced(other, 0, item);
    case 5:
      return [...changed, mutated()];
    case 6:
      return changed.toSpliced(other, 0, mutated());
    default:
      return changed.with(at, mutated());
  }
}

function distinct(items: readonly TaggedValue[]): TaggedValue[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function mutateObject(
  object: JsonObject,
  random: SeededRandom,
  alphabet: string,
  depth: number,
): TaggedValue {
  const entries = Object.entries(object);
  const at = random.below(entries.length);
  const [key, value] = entries[at] ?? [];
  if (key === undefined || value === undefined) {
    return object;
  }
  const mutated = mutateValue(value, random, alphabet, depth + 1);
  switch (random.below(5)) {
    case 0:
      return asObject(entries.toSpliced(at, 1));
    case 1:
      return asObject([...entries, [mutateText(key, random, alphabet), mutated]]);
    case 2:
      return asObject(entries.toReversed());
    default:
      return asObject(entries.with(at, [key, mutated]));
  }
}

/** A plain object with one key that begins with `$` would be read as a tag. */
export function asObject(entries: readonly (readonly [string, TaggedValue])[]): TaggedValue {
  const object = Object.fromEntries(entries.filter(([key]) => key !== "__proto__"));
  const [only, ...others] = Object.keys(object);
  return only?.startsWith("$") && others.length === 0 ? { $object: object } : object;
}
