import type { TaggedValue } from "../sandbox/sandbox.ts";
import { canonicalJson } from "../shared/digest.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import type { ContractSchema } from "./contract.ts";
import { validateValue } from "./json-schema.ts";
import { tagJson } from "./tagged-value.ts";

/**
 * What a program that does nothing may answer whatever it is asked. No bytes, no set, no large
 * integer and no infinity: they fit a schema's text, list and integer, and are none in the language.
 */
const constants: readonly TaggedValue[] = [
  null,
  false,
  true,
  0,
  1,
  -1,
  12_345,
  0.5,
  -2.75,
  { $float: "nan" },
  "",
  "x",
  "Zy\n9 é",
  " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ..!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
  "b".repeat(1_000),
  [],
  [null],
  [3, 1, 2, 2],
  ["b", "a", "a"],
  [[2, 1], []],
  {},
  { b: 1, a: [2] },
];
const maxDepth = 4;
const maxVariants = 8;

/**
 * Results that no skill would give for these arguments but by chance: constants, the arguments
 * themselves, and values made to the contract's result. First those that the contract's result
 * allows, then, apart, those of other types. At most some sixty, the same for the same input.
 */
export function wrongResults(
  args: readonly TaggedValue[],
  result: ContractSchema,
): { readonly fitting: readonly TaggedValue[]; readonly others: readonly TaggedValue[] } {
  const made = variantsOf(result, 0).map(tagJson);
  const byText = new Map<string, TaggedValue>();
  for (const value of [...constants, ...args, [...args], ...made]) {
    byText.set(canonicalJson(value), value);
  }
  const all = [...byText.values()];
  const fits = (value: TaggedValue) => validateValue(value, result) === undefined;
  return { fitting: all.filter(fits), others: all.filter((value) => !fits(value)) };
}

/** Differing values of a schema; what a schema says beyond types and shape is checked afterwards. */
function variantsOf(schema: JsonValue | undefined, depth: number): JsonValue[] {
  if (!isJsonObject(schema) || depth > maxDepth) {
    return [null, 0, "x"];
  }
  const { const: constant, enum: values, anyOf: alternatives, type } = schema;
  if (constant !== undefined) {
    return [constant];
  }
  if (Array.isArray(values)) {
    return values.slice(0, maxVariants);
  }
  if (Array.isArray(alternatives)) {
    return alternatives.flatMap((one) => variantsOf(one, depth + 1)).slice(0, 2 * maxVariants);
  }
  if (Array.isArray(type)) {
    return type.flatMap((name) => variantsOf({ ...schema, type: name }, depth + 1));
  }
  return ofType(schema, typeof type === "string" ? type : "any", depth);
}

function ofType(schema: JsonObject, type: string, depth: number): JsonValue[] {
  switch (type) {
    case "boolean":
      return [true, false];
    case "integer":
      return numbersOf(schema, [0, 1, -7, 12_345]);
    case "number":
      return numbersOf(schema, [0, 1.5, -7.25, 12_345]);
    case "string":
      return stringsOf(schema);
    case "array":
      return arraysOf(schema, depth);
    case "object":
      return objectsOf(schema, depth);
    case "null":
      return [null];
    default:
      return [null, 0, "x", [], {}];
  }
}

function numbersOf({ minimum, maximum }: JsonObject, usual: readonly number[]): JsonValue[] {
  const bounds = [minimum, maximum].filter((bound) => typeof bound === "number");
  return [...usual, ...bounds];
}

/** Long enough for a least length, and of letters that differ. */
function stringsOf({ minLength }: JsonObject): JsonValue[] {
  const least = typeof minLength === "number" ? Math.min(minLength, 10_000) : 0;
  return ["", "x", "Ba 1", "é\n"].map((text) => text.padEnd(least, "qA"));
}

function arraysOf(schema: JsonObject, depth: number): JsonValue[] {
  const { prefixItems, items, minItems } = schema;
  if (Array.isArray(prefixItems)) {
    const places = prefixItems.map((item) => variantsOf(item, depth + 1));
    return [0, 1, 2].map((turn) => places.map((variants) => at(variants, turn)));
  }
  const variants = variantsOf(items, depth + 1);
  const least = typeof minItems === "number" ? Math.min(minItems, 100) : 0;
  const counts = [0, 1, 2, 5].map((count) => Math.max(count, least));
  const rows = counts.map((count) => Array.from({ length: count }, (_, i) => at(variants, i)));
  const alike = Array.from({ length: Math.max(3, least) }, () => at(variants, 0));
  return [...rows, alike, rows[3]?.toReversed() ?? []];
}

function objectsOf(schema: JsonObject, depth: number): JsonValue[] {
  const { properties, required, additionalProperties } = schema;
  const known = isJsonObject(properties) ? Object.entries(properties) : [];
  const needed = Array.isArray(required) ? required : [];
  const build = (names: (name: string) => boolean, turn: number): JsonObject =>
    Object.fromEntries(
      known
        .filter(([name]) => names(name))
        .map(([name, value]) => [name, at(variantsOf(value, depth + 1), turn)]),
    );
  const whole = [0, 1, 2, 3].map((turn) => build(() => true, turn));
  const least = build((name) => needed.includes(name), 1);
  const more = variantsOf(
    isJsonObject(additionalProperties) ? additionalProperties : {},
    depth + 1,
  );
  const stranger = { ...build(() => true, 0), b: at(more, 1), a: at(more, 0) };
  return [...whole, least, stranger];
}

function at(values: readonly JsonValue[], index: number): JsonValue {
  return values[index % Math.max(1, values.length)] ?? null;
}
