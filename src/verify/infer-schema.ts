import type { TaggedValue } from "../sandbox/sandbox.ts";
import type { ContractSchema } from "./contract.ts";
import { valueForm } from "./tagged-value.ts";

const maxDepth = 4;

/** The narrowest schema of plain types that all these values fit; without any, one that all fit. */
export function inferSchema(values: readonly TaggedValue[], depth = 0): ContractSchema {
  const types = new Set<string>();
  const items: TaggedValue[] = [];
  for (const value of values) {
    const form = valueForm(value);
    if (form.kind === "opaque") {
      return {};
    }
    if (form.kind === "array" || form.kind === "set") {
      items.push(...form.items.slice(0, 1_000));
    }
    types.add(typeOf(form));
  }
  if (types.has("number")) {
    types.delete("integer");
  }
  const [only] = types;
  if (only === undefined) {
    return {};
  }
  const type = types.size === 1 ? only : [...types].sort();
  const itemSchema = depth < maxDepth && items.length > 0 ? inferSchema(items, depth + 1) : {};
  return Object.keys(itemSchema).length === 0 ? { type } : { type, items: itemSchema };
}

function typeOf(form: Exclude<ReturnType<typeof valueForm>, { kind: "opaque" }>): string {
  switch (form.kind) {
    case "set":
      return "array";
    case "bytes":
      return "string";
    case "number":
      return Number.isInteger(form.value) && !Object.is(form.value, -0) ? "integer" : "number";
    case "array":
    case "boolean":
    case "integer":
    case "null":
    case "object":
    case "string":
      return form.kind;
  }
}
