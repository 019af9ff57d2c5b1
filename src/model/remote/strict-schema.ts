import { isJsonObject, type JsonObject, type JsonValue } from "../../shared/json.ts";

/**
 * True for a schema that servers can hold an answer to strictly: every object closed, all of its
 * properties required. A free object, the schema of a parameter say, would come back empty.
 *
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function isStrictSchema(schema: JsonObject): boolean {
  const { type, properties, required, additionalProperties, items, anyOf } = schema;
  if (Array.isArray(anyOf)) return anyOf.every(isStrictPart);
  if (type === "array") return items !== undefined && isStrictPart(items);
  if (type !== "object") return typeof type === "string";
  if (additionalProperties !== false || !isJsonObject(properties) || !Array.isArray(required)) {
    return false;
  }
  return Object.entries(properties).every(
    ([name, part]) => required.includes(name) && isStrictPart(part),
  );
}

function isStrictPart(value: JsonValue): boolean {
  return isJsonObject(value) && isStrictSchema(value);
}
