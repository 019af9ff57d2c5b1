import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import { nestsDeeperThan } from "../shared/nesting.ts";
import type { ContractSchema } from "./contract.ts";
import { nearestNumber, valueForm } from "./tagged-value.ts";
import { schemaFromTypeName } from "./type-name.ts";

const maxSchemaDepth = 8;
const maxSchemaNodes = 400;
const maxAlternatives = 20;
const maxEnumValues = 200;
const maxConstantDepth = 12;
const maxConstantLength = 4_000;
const maxDescriptionLength = 500;

const jsonTypes = ["string", "integer", "number", "boolean", "array", "object", "null"];
const countKeywords = [
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "minProperties",
  "maxProperties",
];
const numberKeywords = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"];
const boundsKeywords = new Set([...countKeywords, ...numberKeywords, "multipleOf"]);
/** Keywords that show an object to be a schema; without any, it may be a sketch of a result. */
const schemaKeywords = new Set([
  "type",
  "enum",
  "const",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "prefixItems",
  "anyOf",
  "oneOf",
  "allOf",
  "nullable",
  "description",
  "default",
  "title",
  "examples",
  "format",
  "pattern",
  "multipleOf",
  "$ref",
  "$schema",
  "not",
  "uniqueItems",
  ...countKeywords,
  ...numberKeywords,
]);

/**
 * The safe part of a schema that a model wrote: no `pattern`, `format` or `$ref`, nothing unknown,
 * bounded in depth and size; what is cut off allows anything. Types may be written as programmers do
 * (`str`, `list[int]`, `dict`), and an object of names and types is taken for its `properties`.
 * Reducing a reduced schema changes nothing.
 */
export function reduceSchema(schema: JsonValue | undefined): ContractSchema {
  return reduce(schema, 0, { nodes: 0 });
}

interface Budget {
  nodes: number;
}

function reduce(schema: JsonValue | undefined, depth: number, budget: Budget): ContractSchema {
  budget.nodes += 1;
  if (depth > maxSchemaDepth || budget.nodes > maxSchemaNodes) {
    return {};
  }
  if (typeof schema === "string") {
    return withMergedTypes(schemaFromTypeName(schema) ?? {});
  }
  if (Array.isArray(schema)) {
    return schema.every((item) => typeof item === "string" && isTypeName(item))
      ? reduce({ type: schema }, depth, budget)
      : {};
  }
  if (!isJsonObject(schema)) {
    return {};
  }
  if (isSketch(schema)) {
    return reduce({ type: "object", properties: schema }, depth, budget);
  }
  const isFirst = depth === 0;
  return {
    ...typePart(schema),
    ...constantPart(schema),
    ...boundsPart(schema),
    ...objectPart(schema, depth, budget),
    ...arrayPart(schema, depth, budget),
    ...alternativesPart(schema, depth, budget),
    ...textPart(schema, isFirst),
  };
}

function isTypeName(text: string): boolean {
  return schemaFromTypeName(text) !== undefined;
}

/** `{"valid": "bool", "errors": "list"}`: no keyword in it, and every value is a type. */
function isSketch(schema: JsonObject): boolean {
  const entries = Object.entries(schema);
  return (
    entries.length > 0 &&
    entries.every(
      ([key, value]) =>
        !schemaKeywords.has(key) &&
        (isJsonObject(value) || (typeof value === "string" && isTypeName(value))),
    )
  );
}

function typePart(schema: JsonObject): JsonObject {
  const written = schema["type"];
  const names = (Array.isArray(written) ? written : [written]).slice(0, maxAlternatives);
  const parts = names.map((name) =>
    typeof name === "string" && !jsonTypes.includes(name)
      ? withMergedTypes(schemaFromTypeName(name) ?? {})
      : typeof name === "string"
        ? { type: name }
        : {},
  );
  const [first] = parts;
  const whole =
    parts.length === 1 && first !== undefined ? first : withMergedTypes({ anyOf: parts });
  return schema["nullable"] === true ? withNull(whole) : whole;
}

function withNull(schema: JsonObject): JsonObject {
  return Object.keys(schema).length === 0
    ? schema
    : withMergedTypes({ anyOf: [schema, { type: "null" }] });
}

/** `anyOf` of plain types as one `type`; an alternative that allows anything makes all of it so. */
function withMergedTypes(schema: JsonObject): JsonObject {
  const alternatives = schema["anyOf"];
  if (!Array.isArray(alternatives)) {
    return schema;
  }
  const merged = alternatives.map((item) => (isJsonObject(item) ? withMergedTypes(item) : {}));
  if (merged.some((item) => Object.keys(item).length === 0)) {
    return {};
  }
  const isPlain = merged.every((item) => Object.keys(item).length === 1 && "type" in item);
  if (!isPlain) {
    return { anyOf: merged };
  }
  const types = [...new Set(merged.flatMap((item) => item["type"] ?? []))];
  const [only] = types;
  return { type: types.length === 1 && only !== undefined ? only : types };
}

function constantPart(schema: JsonObject): JsonObject {
  const isBounded = (value: JsonValue) =>
    !nestsDeeperThan(value, maxConstantDepth) && JSON.stringify(value).length <= maxConstantLength;
  const part: JsonObject = {};
  const { const: constant, enum: values, default: preset } = schema;
  if (constant !== undefined && isBounded(constant)) {
    part["const"] = withPlainIntegers(constant);
  }
  if (Array.isArray(values) && values.length > 0 && values.length <= maxEnumValues) {
    if (values.every(isBounded)) {
      part["enum"] = values.map(withPlainIntegers);
    }
  }
  if (preset !== undefined && isBounded(preset)) {
    part["default"] = withPlainIntegers(preset);
  }
  return part;
}

/** A validator knows no tags and sees large integers rounded (`schemaView`), so a schema does too. */
function withPlainIntegers(value: JsonValue): JsonValue {
  const form = valueForm(value);
  if (form.kind === "integer") {
    return nearestNumber(form.digits);
  }
  if (Array.isArray(value)) {
    return value.map(withPlainIntegers);
  }
  return isJsonObject(value)
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withPlainIntegers(item)]))
    : value;
}

function boundsPart(schema: JsonObject): JsonObject {
  const isKept = ([key, value]: [string, JsonValue]) =>
    typeof value === "number" &&
    Number.isFinite(value) &&
    (numberKeywords.includes(key) ||
      (countKeywords.includes(key) && Number.isSafeInteger(value) && value >= 0) ||
      (key === "multipleOf" && value > 0));
  const bounds = Object.entries(schema).map(([key, value]): [string, JsonValue] => [
    key,
    boundsKeywords.has(key) ? withPlainIntegers(value) : value,
  ]);
  return Object.fromEntries(bounds.filter(isKept));
}

function objectPart(schema: JsonObject, depth: number, budget: Budget): JsonObject {
  const { properties, additionalProperties, required } = schema;
  const part: JsonObject = {};
  if (isJsonObject(properties)) {
    part["properties"] = Object.fromEntries(
      Object.entries(properties)
        .filter(([key]) => key !== "__proto__")
        .slice(0, maxSchemaNodes)
        .map(([key, value]) => [key, reduce(value, depth + 1, budget)]),
    );
  }
  if (Array.isArray(required)) {
    const names = required.filter((name) => typeof name === "string").slice(0, maxSchemaNodes);
    if (names.length > 0) {
      part["required"] = [...new Set(names)];
    }
  }
  if (typeof additionalProperties === "boolean") {
    part["additionalProperties"] = additionalProperties;
  } else if (additionalProperties !== undefined) {
    part["additionalProperties"] = reduce(additionalProperties, depth + 1, budget);
  }
  return part;
}

function arrayPart(schema: JsonObject, depth: number, budget: Budget): JsonObject {
  const { items, prefixItems } = schema;
  const positions = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
  const part: JsonObject = {};
  if (positions.length > 0) {
    part["prefixItems"] = positions
      .slice(0, maxSchemaNodes)
      .map((item) => reduce(item, depth + 1, budget));
  }
  if (items !== undefined && !Array.isArray(items) && typeof items !== "boolean") {
    part["items"] = reduce(items, depth + 1, budget);
  }
  return part;
}

/** `oneOf` becomes `anyOf`: models write it where 1 is both an integer and a number. */
function alternativesPart(schema: JsonObject, depth: number, budget: Budget): JsonObject {
  const list = schema["anyOf"] ?? schema["oneOf"];
  const part: JsonObject = {};
  if (Array.isArray(list) && list.length > 0) {
    const reduced = list.slice(0, maxAlternatives).map((item) => reduce(item, depth + 1, budget));
    Object.assign(part, withMergedTypes({ anyOf: reduced }));
  }
  const all = schema["allOf"];
  if (Array.isArray(all) && all.length > 0) {
    part["allOf"] = all.slice(0, maxAlternatives).map((item) => reduce(item, depth + 1, budget));
  }
  return part;
}

/** Descriptions stay: coder and tester read them. The outermost is said elsewhere in a contract. */
function textPart(schema: JsonObject, isOutermost: boolean): JsonObject {
  const description = schema["description"];
  return typeof description === "string" && !isOutermost
    ? { description: description.slice(0, maxDescriptionLength) }
    : {};
}
