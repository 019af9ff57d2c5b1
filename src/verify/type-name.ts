import type { JsonObject } from "../shared/json.ts";

const maxTypeNameLength = 200;
const maxTypeNameDepth = 6;

const typesByName: Readonly<Record<string, string>> = {
  str: "string",
  string: "string",
  text: "string",
  char: "string",
  bytes: "string",
  int: "integer",
  integer: "integer",
  long: "integer",
  bigint: "integer",
  float: "number",
  number: "number",
  double: "number",
  decimal: "number",
  complex: "number",
  bool: "boolean",
  boolean: "boolean",
  list: "array",
  array: "array",
  tuple: "array",
  set: "array",
  sequence: "array",
  iterable: "array",
  frozenset: "array",
  readonlyarray: "array",
  dict: "object",
  object: "object",
  map: "object",
  mapping: "object",
  record: "object",
  json: "any",
  none: "null",
  null: "null",
  nonetype: "null",
  undefined: "null",
  void: "null",
  nil: "null",
  any: "any",
  unknown: "any",
  mixed: "any",
  value: "any",
  jsonvalue: "any",
};

/**
 * JSON Schema for a type as programmers write it (`str`, `list[int]`, `Dict[str, Any]`,
 * `string | null`, `Optional[int]`, `number[]`); undefined for a name that is no known type.
 */
export function schemaFromTypeName(text: string): JsonObject | undefined {
  return text.length > maxTypeNameLength ? undefined : parseType(text, 0);
}

function parseType(text: string, depth: number): JsonObject | undefined {
  const name = text.trim();
  if (depth > maxTypeNameDepth || name === "") {
    return undefined;
  }
  const alternatives = splitOutsideBrackets(name, "|");
  if (alternatives.length > 1) {
    return unionOf(alternatives, depth);
  }
  if (name.endsWith("[]")) {
    const items = parseType(name.slice(0, -2), depth + 1);
    return items && { type: "array", items };
  }
  if (name.startsWith("(") && name.endsWith(")")) {
    return parseType(name.slice(1, -1), depth + 1);
  }
  const generic = /^([\w.]+)\s*[[<](.*)[\]>]$/s.exec(name);
  return generic === null
    ? schemaOfPlainName(name)
    : schemaOfGeneric(generic[1] ?? "", splitOutsideBrackets(generic[2] ?? "", ","), depth);
}

function schemaOfPlainName(name: string): JsonObject | undefined {
  if (/^(["'])[^"'\\]*\1$/.test(name)) {
    return { const: name.slice(1, -1) };
  }
  const key = lastSegment(name).toLowerCase();
  const type = Object.hasOwn(typesByName, key) ? typesByName[key] : undefined;
  if (type === undefined) {
    return undefined;
  }
  return type === "any" ? {} : { type };
}

function schemaOfGeneric(
  name: string,
  parameters: readonly string[],
  depth: number,
): JsonObject | undefined {
  const key = lastSegment(name).toLowerCase();
  if (key === "optional") {
    return unionOf([...parameters, "null"], depth);
  }
  if (key === "union" || key === "literal") {
    return unionOf(parameters, depth);
  }
  if (key === "tuple" && !parameters.some((parameter) => parameter.trim() === "...")) {
    const prefixItems = parameters.map((parameter) => parseType(parameter, depth + 1) ?? {});
    return {
      type: "array",
      prefixItems,
      minItems: prefixItems.length,
      maxItems: prefixItems.length,
    };
  }
  const outer = schemaOfPlainName(name);
  const inner = parseType(parameters.at(key === "tuple" ? 0 : -1) ?? "", depth + 1) ?? {};
  if (outer?.["type"] === "array") {
    return { type: "array", items: inner };
  }
  return outer?.["type"] === "object" ? { type: "object", additionalProperties: inner } : outer;
}

function unionOf(names: readonly string[], depth: number): JsonObject | undefined {
  const schemas = names.map((name) => parseType(name, depth + 1));
  const known = schemas.filter((schema) => schema !== undefined);
  if (known.length !== schemas.length) {
    return undefined;
  }
  return { anyOf: known };
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function splitOutsideBrackets(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, character] of [...text].entries()) {
    if ("[<({".includes(character)) {
      depth += 1;
    } else if ("]>)}".includes(character)) {
      depth -= 1;
    } else if (character === separator && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}
