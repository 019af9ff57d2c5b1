import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";

const maxDepth = 8;
const types = ["string", "integer", "number", "boolean", "array", "object", "null"];
const counts = ["minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"];
const numbers = ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"];
const notes = ["description", "title", "$comment", "examples", "$schema", "deprecated"];

/**
 * Why a person's schema is no JSON Schema, or says what contracts do not hold, in one line with its
 * place; undefined when all of it counts. A model's are mended instead (`reduceSchema`).
 */
export function strictSchemaProblem(
  schema: JsonValue | undefined,
  place: string,
): string | undefined {
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

type Inner = (part: JsonValue | undefined, place: string) => string | undefined;
type Check = (value: JsonValue, place: string, inner: Inner) => string | undefined;

const anything: Check = () => undefined;
const checkCount: Check = (value, place) =>
  typeof value === "number" && Number.isInteger(value) && value >= 0
    ? undefined
    : `${place} is no count`;
const checkNumber: Check = (value, place) =>
  typeof value === "number" ? undefined : `${place} is no number`;
const checkSchema: Check = (value, place, inner) =>
  typeof value === "boolean" ? undefined : inner(value, place);
const checkSchemas: Check = (value, place, inner) =>
  Array.isArray(value) && value.length > 0
    ? firstProblem(Object.fromEntries(value.entries()), place, inner)
    : `${place} is no list of schemas`;
const checkValues: Check = (value, place) =>
  Array.isArray(value) && value.length > 0 ? undefined : `${place} is no list of values`;
const checkNames: Check = (value, place) =>
  Array.isArray(value) && value.every((name) => typeof name === "string")
    ? undefined
    : `${place} is no list of names`;
const checkProperties: Check = (value, place, inner) =>
  isJsonObject(value) ? firstProblem(value, place, inner) : `${place} is no object`;

const keywordsByCheck: readonly (readonly [Check, readonly string[]])[] = [
  [anything, [...notes, "const", "default"]],
  [checkCount, counts],
  [checkNumber, numbers],
  [typeProblem, ["type"]],
  [checkSchema, ["items", "additionalProperties"]],
  [checkSchemas, ["prefixItems", "anyOf", "oneOf", "allOf"]],
  [checkValues, ["enum"]],
  [checkNames, ["required"]],
  [checkProperties, ["properties"]],
];

function keywordProblem(
  keyword: string,
  value: JsonValue,
  place: string,
  depth: number,
): string | undefined {
  const [check] = keywordsByCheck.find(([, keywords]) => keywords.includes(keyword)) ?? [];
  return check === undefined
    ? `${place} is a keyword that contracts do not hold; leave it out, or say it by a case`
    : check(value, place, (part, name) => problemOf(part, name, depth + 1));
}

function typeProblem(value: JsonValue, place: string): string | undefined {
  const names = Array.isArray(value) ? value : [value];
  const bad = names.find((name) => typeof name !== "string" || !types.includes(name));
  return names.length > 0 && bad === undefined
    ? undefined
    : `${place} is ${JSON.stringify(bad ?? value).slice(0, 60)}; one of ${types.join(", ")} is wanted`;
}

function firstProblem(parts: JsonObject, place: string, problem: Inner): string | undefined {
  for (const [name, part] of Object.entries(parts)) {
    const found = problem(part, `${place}.${name}`);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}
