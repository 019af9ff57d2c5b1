import type { TaggedValue } from "../../sandbox/sandbox.ts";
import { canonicalJson } from "../../shared/digest.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../../shared/json.ts";
import type { ContractSchema } from "../contract.ts";
import { validateValue } from "../json-schema.ts";
import { reduceSchema } from "../reduce-schema.ts";
import { tagJson } from "../tagged-value.ts";

const maxDepth = 4;
const maxValuesAtDepth = [24, 8, 4, 3, 2];
const longLength = 120;
/** Larger integers make loops that count up to them pass every time limit, and tell little more. */
const plainIntegers = [0, 1, -1, 2, 3, 10, 100, -7];
const plainNumbers = [0, 0.5, -1.5, 1, { $float: "2.0" }, 3.75, 100, -2, 0.1];
const plainTexts = [
  "",
  "a",
  "Hello world",
  " ",
  "aba",
  "0",
  "-12",
  "A",
  "a,b  c",
  "äß",
  "e\u0301",
  "😀",
  "tab\tline\n",
  "aAbB01!?",
];

/**
 * Values at the borders of a schema, the plainest first: empty, one, negative, long, beyond ASCII,
 * twice the same, both sides of its bounds, every value of an enumeration. Each fits the schema; none
 * when nothing is known of it. The same schema gives the same values.
 */
export function edgeValues(schema: ContractSchema): readonly TaggedValue[] {
  return fitting(valuesOf(reduceSchema(schema), 0), schema).slice(0, maxValuesAtDepth[0]);
}

function fitting(values: readonly JsonValue[], schema: ContractSchema): TaggedValue[] {
  const distinct = new Map<string, TaggedValue>();
  for (const value of values) {
    const tagged = tagJson(value);
    const key = canonicalJson(tagged);
    if (!distinct.has(key) && validateValue(tagged, schema) === undefined) {
      distinct.set(key, tagged);
    }
  }
  return [...distinct.values()];
}

function valuesOf(schema: JsonObject, depth: number): JsonValue[] {
  if (depth > maxDepth) {
    return [];
  }
  const fixed = fixedValues(schema);
  if (fixed !== undefined) {
    return fixed;
  }
  const alternatives = schemasIn(schema["anyOf"]).map((part) => valuesOf(part, depth));
  const parts = schemasIn(schema["allOf"]).flatMap((part) =>
    valuesOf({ ...schema, allOf: [], ...part }, depth),
  );
  const typed = typesOf(schema).map((type) => valuesOfType(type, schema, depth));
  const preset = schema["default"] === undefined ? [] : [schema["default"]];
  return [...preset, ...alternate([...typed, ...alternatives, parts])];
}

function fixedValues(schema: JsonObject): JsonValue[] | undefined {
  const { const: constant, enum: values } = schema;
  if (constant !== undefined) {
    return [constant];
  }
  return Array.isArray(values) ? values : undefined;
}

function schemasIn(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter((part) => isJsonObject(part)) : [];
}

function typesOf(schema: JsonObject): readonly string[] {
  const { type } = schema;
  if (type !== undefined) {
    const types = Array.isArray(type) ? type : [type];
    return types.filter((one) => typeof one === "string");
  }
  const isObject = "properties" in schema || "additionalProperties" in schema;
  return isObject ? ["object"] : "items" in schema || "prefixItems" in schema ? ["array"] : [];
}

/** One of each list in turn, so that cutting the end off leaves something of every kind. */
function alternate(lists: readonly (readonly JsonValue[])[]): JsonValue[] {
  const longest = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, index) =>
    lists.flatMap((list) => list.slice(index, index + 1)),
  ).flat();
}

function valuesOfType(type: string, schema: JsonObject, depth: number): JsonValue[] {
  const most = maxValuesAtDepth[depth] ?? 2;
  switch (type) {
    case "null":
      return [null];
    case "boolean":
      return [false, true];
    case "integer":
      return [...bounds(schema, 1), ...plainIntegers].map((value) =>
        withoutSign(Math.trunc(value)),
      );
    case "number":
      return [...bounds(schema, 0.5), ...plainNumbers];
    case "string":
      return texts(schema).slice(0, most);
    case "array":
      return arrays(schema, depth).slice(0, most);
    case "object":
      return objects(schema, depth).slice(0, most);
    default:
      return [];
  }
}

/** Both sides of each bound; what lies outside is thrown out with all that does not fit. */
function bounds(schema: JsonObject, step: number): number[] {
  const keywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
  const given = keywords.map((key) => schema[key]).filter((value) => typeof value === "number");
  return given.flatMap((value) => [value, value + step, value - step]).map(withoutSign);
}

/** -0 is tagged, and would be one call more beside 0, which no case tells from it. */
function withoutSign(value: number): number {
  return value + 0;
}

function texts(schema: JsonObject): JsonValue[] {
  const { minLength, maxLength } = schema;
  const least = typeof minLength === "number" ? Math.min(minLength, longLength) : 0;
  const most = typeof maxLength === "number" ? maxLength : longLength;
  const long = "ab ".repeat(longLength);
  const atBounds =
    least > 0 || most < longLength ? [long.slice(0, least), long.slice(0, most)] : [];
  const fitted = plainTexts.map((text) =>
    text.length < least ? (text || "a").repeat(least).slice(0, Math.max(least, 1)) : text,
  );
  return [...atBounds, ...fitted.slice(0, 4), long.slice(0, Math.min(most, longLength)), ...fitted];
}

function arrays(schema: JsonObject, depth: number): JsonValue[] {
  const { items, prefixItems, minItems, maxItems } = schema;
  const prefix = schemasIn(prefixItems).map((part) => valuesOf(part, depth + 1));
  if (prefix.length > 0) {
    const longest = Math.max(...prefix.map((values) => values.length));
    return Array.from({ length: longest }, (_, row) =>
      prefix.map((values) => values[row % Math.max(1, values.length)] ?? null),
    );
  }
  const values = isJsonObject(items) ? valuesOf(items, depth + 1) : [0, "a", true];
  const [first = 0, second = first, third = second] = values;
  const long = Array.from({ length: 30 }, (_, index) => values[index % values.length] ?? 0);
  const least = typeof minItems === "number" ? Math.min(minItems, longLength) : 0;
  const most = typeof maxItems === "number" ? Math.min(maxItems, longLength) : 0;
  const sized = [least, most].map((size) =>
    Array.from({ length: size }, (_, index) => values[index % values.length] ?? 0),
  );
  return [
    [],
    [first],
    [first, first],
    values.slice(0, 8),
    [third, second, first],
    ...sized,
    [second],
    values.slice(0, 8).reverse(),
    long,
    [third, third, first, third],
  ];
}

function objects(schema: JsonObject, depth: number): JsonValue[] {
  const { properties, required, additionalProperties } = schema;
  if (isJsonObject(properties) && Object.keys(properties).length > 0) {
    return namedObjects(properties, Array.isArray(required) ? required : [], depth);
  }
  const values = isJsonObject(additionalProperties)
    ? valuesOf(additionalProperties, depth + 1)
    : [1, "a"];
  const [first = 1, second = first] = values;
  const keys = values.slice(0, 6).map((value, index) => [`key ${index}`, value] as const);
  return [
    {},
    { a: first },
    { a: first, b: first },
    { b: second, a: first, "": second },
    Object.fromEntries(keys),
  ];
}

function namedObjects(
  properties: JsonObject,
  required: readonly JsonValue[],
  depth: number,
): JsonValue[] {
  const columns = Object.entries(properties).map(([key, part]) => ({
    key,
    values: isJsonObject(part) ? valuesOf(part, depth + 1) : [],
  }));
  const longest = Math.max(1, ...columns.map(({ values }) => values.length));
  const row = (index: number, isKept: (key: string) => boolean): JsonObject =>
    Object.fromEntries(
      columns
        .filter(({ key }) => isKept(key))
        .map(({ key, values }) => [key, values[index % Math.max(1, values.length)] ?? null]),
    );
  const whole = Array.from({ length: longest }, (_, index) => row(index, () => true));
  return [row(0, (key) => required.includes(key)), ...whole];
}
