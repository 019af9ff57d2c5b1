import type { JsonObject, JsonValue } from "../shared/json.ts";
import { isJsonObject } from "./tagged-value.ts";

const maxDepth = 8;
const types = ["string", "integer", "number", "boolean", "array", "object", "null"];
const counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
const numbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const notes = ["description", "title", "$comment", "examples", "$schema", "deprecated"];

/**
 * Why a person's schema is no JSON Schema, or says what contracts do not hold, in one line with its
 * place; undefined when all of it counts. A model's are mended instead (`reduceSchema`).
 */
export function schemaProblem(schema: JsonValue | undefined, place: string): string | undefined {
  return problemOf(schema, place, 0);
}

function problemOf(
  schema: JsonValue | undefined,
  place: string,
  depth: number,
): string | undefined {
  if (!isJsonObject(schema)) {
    return `${place} is ${JSON.stringify(schema)?.slice(0, 60) ?? "missing"}, a JSON Schema is wanted, {"type": "string"} say`;
  }
  if (depth > maxDepth) {
    return `${place} is nested deeper than ${maxDepth} levels`;
  }
  for (const [keyword, value] of Object.entries(schema)) {
    const problem = keywordProblem(keyword, value, `${place}.${keyword}`, depth);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

function keywordProblem(
  keyword: string,
  value: JsonValue,
  place: string,
  depth: number,
): string | undefined {
  const inner = (part: JsonValue | undefined, name: string) => problemOf(part, name, depth + 1);
  if (notes.includes(keyword) || keyword === "const" || keyword === "default") {
    return undefined;
  }
  if (counts.includes(keyword)) {
    const isCount = typeof value === "number" && Number.isInteger(value) && value >= 0;
    return isCount ? undefined : `${place} is no count`;
  }
  if (numbers.includes(keyword)) {
    return typeof value === "number" ? undefined : `${place} is no number`;
  }
  switch (keyword) {
    case "type":
      return typeProblem(value, place);
    case "enum":
      return Array.isArray(value) && value.length > 0 ? undefined : `${place} is no list of values`;
    case "required":
      return Array.isArray(value) && value.every((name) => typeof name === "string")
        ? undefined
        : `${place} is no list of names`;
    case "properties":
      return isJsonObject(value) ? firstProblem(value, place, inner) : `${place} is no object`;
    case "items":
    case "additionalProperties":
      return typeof value === "boolean" ? undefined : inner(value, place);
    case "prefixItems":
    case "anyOf":
    case "oneOf":
    case "allOf":
      return Array.isArray(value) && value.length > 0
        ? firstProblem(Object.fromEntries(value.entries()), place, inner)
        : `${place} is no list of schemas`;
    default:
      return `${place} is a keyword that contracts do not hold; leave it out, or say it by a case`;
  }
}

function typeProblem(value: JsonValue, place: string): string | undefined {
  const names = Array.isArray(value) ? value : [value];
  const bad = names.find((name) => typeof name !== "string" || !types.includes(name));
  return names.length > 0 && bad === undefined
    ? undefined
    : `${place} is ${JSON.stringify(bad ?? value).slice(0, 60)}; one of ${types.join(", ")} is wanted`;
}

function firstProblem(
  parts: JsonObject,
  place: string,
  problem: (part: JsonValue | undefined, place: string) => string | undefined,
): string | undefined {
  for (const [name, part] of Object.entries(parts)) {
    const found = problem(part, `${place}.${name}`);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
