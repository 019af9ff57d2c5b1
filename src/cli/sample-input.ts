import type { JsonValue } from "../shared/json.ts";

const samples: Record<string, JsonValue> = {
  string: "…",
  number: 1,
  integer: 1,
  boolean: true,
  array: [],
  object: {},
};

/** Returns JSON that names a contract's parameters, with a value of the right kind for each. */
export function sampleInput(contract: JsonValue): string {
  const parameters = read(contract, "parameters");
  const entries = Array.isArray(parameters) ? parameters.map(sampleEntry) : [];
  return JSON.stringify(Object.fromEntries(entries));
}

function sampleEntry(parameter: JsonValue): [string, JsonValue] {
  const type = read(read(parameter, "schema"), "type");
  const sample = typeof type === "string" ? samples[type] : undefined;
  return [String(read(parameter, "name")), sample ?? null];
}

function read(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value[key]
    : undefined;
}
