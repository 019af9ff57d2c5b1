import type { TaggedValue } from "../../sandbox/sandbox.ts";
import { valueForm } from "../tagged-value.ts";

const maxDepth = 3;
const shortLength = 10;
const smallNumber = 1_000;

/**
 * Equal for calls that a program is likely to treat alike: arguments of the same kinds and signs, both
 * empty, both short or both long. Coarse on purpose; of an array the first item speaks for all.
 */
export function shapeOf(args: readonly TaggedValue[]): string {
  return args.map((value) => shapeOfValue(value, 0)).join();
}

function shapeOfValue(value: TaggedValue, depth: number): string {
  const form = valueForm(value);
  const inner = (item: TaggedValue | undefined) =>
    item === undefined || depth >= maxDepth ? "" : shapeOfValue(item, depth + 1);
  switch (form.kind) {
    case "null":
    case "boolean":
    case "bytes":
    case "opaque":
      return form.kind;
    case "integer":
      return form.digits.startsWith("-") ? "-huge" : "huge";
    case "number":
      return numberShape(form.value);
    case "string":
      return `text${sizeShape(form.value.length)}`;
    case "set":
      return `set${sizeShape(form.items.length)}(${inner(form.items[0])})`;
    case "array":
      return `list${sizeShape(form.items.length)}(${inner(form.items[0])})`;
    case "object": {
      const items = Object.values(form.value);
      return `map${sizeShape(items.length)}(${inner(items[0])})`;
    }
  }
}

function numberShape(value: number): string {
  if (!Number.isFinite(value)) {
    return "not finite";
  }
  const sign = Object.is(value, -0) ? "-0" : `${Math.sign(value)}`;
  const kind = Number.isInteger(value) ? "" : " fraction";
  return `${sign}${kind}${Math.abs(value) < smallNumber ? "" : " large"}`;
}

function sizeShape(length: number): string {
  return length === 0 ? " empty" : length <= shortLength ? "" : " long";
}
