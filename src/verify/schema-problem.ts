import { isJsonObject, type JsonValue } from "../shared/json.ts";
import { schemaFromTypeName } from "./type-name.ts";

const maxDepth = 8;
const childKeywords = ["items", "additionalProperties", "not"];
const listKeywords = ["anyOf", "oneOf", "allOf", "prefixItems"];
const jsonTypes = new Set(["string", "integer", "number", "boolean", "array", "object", "null"]);

/**
 * Why what stands where a JSON Schema should is none, in one line; undefined when it can be read.
 * Only what would else be taken for "anything": no schema at all, and a type that is none.
 */
export function schemaProblem(schema: JsonValue, depth = 0): string | undefined {
  if (schema === null || typeof schema === "number") {
    return `${JSON.stringify(schema)} is no JSON Schema`;
  }
  if (!isJsonObject(schema) || depth > maxDepth) {
    return undefined;
  }
  const { type, properties } = schema;
  const names = Array.isArray(type) ? type : [type];
  const unknown = names.find((name) => name !== undefined && !isType(name));
  if (unknown !== undefined) {
    return `${JSON.stringify(unknown).slice(0, 60)} is no type of JSON Schema`;
  }
  const children = [
    ...childKeywords.flatMap((keyword) => schema[keyword] ?? []),
    ...listKeywords.flatMap((keyword) => schema[keyword] ?? []),
    ...(isJsonObject(properties) ? Object.values(properties) : []),
  ];
  for (const child of children.slice(0, 200)) {
    const problem = isJsonObject(child) ? schemaProblem(child, depth + 1) : undefined;
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

/** An object under `type` is a property of that name, as a sketch of a result has it. */
function isType(name: JsonValue): boolean {
  return (
    isJsonObject(name) ||
    (typeof name === "string" && (jsonTypes.has(name) || schemaFromTypeName(name) !== undefined))
  );
}
