import type { TaggedValue } from "../../sandbox/sandbox.ts";
import { valueForm } from "../tagged-value.ts";

type Arguments = readonly TaggedValue[];
/** Longer or larger than this many times what the cases show is unfamiliar. */
const sizeFactor = 2;
const sizeSlack = 10;

/**
 * One boolean an input: whether every trait of it shows in some call of the cases. A contract's
 * schema allows more than anybody meant (a negative count, a list that is not sorted, two arguments in
 * the wrong order), and right programs differ there; on familiar inputs they agree. Traits are: signs
 * and fractions of numbers, emptiness, duplicates and order of arrays, kinds of characters, sizes, and
 * which of two arguments is the larger.
 */
export function familiarInputs(
  inputs: readonly Arguments[],
  calls: readonly Arguments[],
): readonly boolean[] {
  const sizes = new Map<string, number>();
  const seen = new Set<string>();
  for (const call of calls) {
    const traits = traitsOf(call);
    for (const [place, size] of traits.sizes) {
      sizes.set(place, Math.max(size, sizes.get(place) ?? 0));
    }
    for (const trait of traits.names) {
      seen.add(trait);
    }
  }
  return inputs.map((input) => {
    const traits = traitsOf(input);
    const isSized = [...traits.sizes].every(
      ([place, size]) =>
        size <= sizeFactor * (sizes.get(place) ?? Number.POSITIVE_INFINITY) + sizeSlack,
    );
    return isSized && traits.names.isSubsetOf(seen);
  });
}

interface Traits {
  readonly names: Set<string>;
  /** The largest number or length at each place. */
  readonly sizes: Map<string, number>;
}

function traitsOf(args: Arguments): Traits {
  const traits: Traits = { names: new Set([`${args.length} arguments`]), sizes: new Map() };
  for (const [index, value] of args.entries()) {
    addTraits(value, `${index}`, traits);
  }
  addOrders(args.map(measureOf), traits);
  return traits;
}

function addOrders(measures: readonly (number | undefined)[], traits: Traits): void {
  for (const [later, right] of measures.entries()) {
    for (const [earlier, left] of measures.slice(0, later).entries()) {
      traits.names.add(`${earlier}${orderOf(left, right)}${later}`);
    }
  }
}

function orderOf(left: number | undefined, right: number | undefined): string {
  if (left === undefined || right === undefined) {
    return "?";
  }
  return left < right ? "<" : left === right ? "=" : ">";
}

/** What two arguments are compared by: a number's value, a text's or array's length. */
function measureOf(value: TaggedValue): number | undefined {
  const form = valueForm(value);
  switch (form.kind) {
    case "number":
      return form.value;
    case "string":
      return form.value.length;
    case "array":
      return form.items.length;
    case "null":
    case "boolean":
    case "integer":
    case "bytes":
    case "set":
    case "object":
    case "opaque":
      return undefined;
  }
}

function addTraits(value: TaggedValue, place: string, traits: Traits): void {
  const add = (name: string) => traits.names.add(`${place} ${name}`);
  const form = valueForm(value);
  switch (form.kind) {
    case "null":
      add("null");
      break;
    case "number":
      addNumber(form.value, place, traits);
      if (typeof value !== "number" || !Number.isInteger(value)) {
        add("float");
      }
      break;
    case "integer":
      add(form.digits.startsWith("-") ? "negative" : "large");
      break;
    case "string":
      addSize(form.value.length, place, traits);
      for (const character of form.value) {
        add(kindOfCharacter(character));
      }
      break;
    case "array":
    case "set":
      addItems(form.items, place, traits);
      break;
    case "object":
      addSize(Object.keys(form.value).length, place, traits);
      for (const item of Object.values(form.value)) {
        addTraits(item, `${place}{}`, traits);
      }
      break;
    case "boolean":
    case "bytes":
    case "opaque":
      break;
  }
}

function addNumber(value: number, place: string, traits: Traits): void {
  traits.sizes.set(place, Math.max(Math.abs(value), traits.sizes.get(place) ?? 0));
  const sign = value < 0 ? "negative" : value === 0 ? "zero" : "positive";
  traits.names.add(`${place} ${sign}`);
}

function addSize(size: number, place: string, traits: Traits): void {
  const lengthPlace = `${place} length`;
  traits.sizes.set(lengthPlace, Math.max(size, traits.sizes.get(lengthPlace) ?? 0));
  traits.names.add(`${place} ${size === 0 ? "empty" : "filled"}`);
}

function addItems(items: readonly TaggedValue[], place: string, traits: Traits): void {
  addSize(items.length, place, traits);
  if (new Set(items.map((item) => JSON.stringify(item))).size < items.length) {
    traits.names.add(`${place} duplicates`);
  }
  const numbers = items.filter((item) => typeof item === "number");
  if (numbers.some((item, index) => index > 0 && item < (numbers[index - 1] ?? item))) {
    traits.names.add(`${place} unsorted`);
  }
  for (const item of items) {
    addTraits(item, `${place}[]`, traits);
  }
}

function kindOfCharacter(character: string): string {
  if (/[a-z]/.test(character)) {
    return "lower-case letter";
  }
  if (/[A-Z]/.test(character)) {
    return "upper-case letter";
  }
  return /\d/.test(character) ? "digit" : `character ${character}`;
}
