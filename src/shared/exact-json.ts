import type { JsonValue } from "./json.ts";

/** Fewer digits are always exact, and reading without looking at each number is far faster. */
const mayBeInexact = /\d{16}/;
/** Node.js 24 has it, TypeScript's own library does not yet know it. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/**
 * Parses JSON without losing digits: an integer beyond 2^53 becomes `{"$integer": digits}`. What is
 * written with a point or an exponent is a float and stays a number.
 * Undefined when the text is no JSON.
 */
export function parseExactJson(text: string): JsonValue | undefined {
  try {
    return mayBeInexact.test(text) ? JSON.parse(text, exactNumber) : JSON.parse(text);
  } catch (error) {
    // A RangeError is nesting so deep that the reviver runs out of stack.
    if (error instanceof SyntaxError || error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}

function exactNumber(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source ?? "";
  const isInexact = typeof value === "number" && !Number.isSafeInteger(value);
  return isInexact && /^-?\d+$/.test(source) ? { $integer: source } : value;
}

/** JSON for people to read, indented: `{"$integer": digits}` is printed as the plain digits. */
export function printExactJson(value: JsonValue): string {
  return JSON.stringify(value, plainInteger, 2);
}

function plainInteger(key: string, value: JsonValue): unknown {
  // Below `$object` stands an object that only looks like a tag.
  const digits = key === "$object" ? undefined : integerDigits(value);
  return digits === undefined ? value : rawJSON(digits);
}

function integerDigits(value: JsonValue): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return undefined;
  }
  const [first, ...others] = Object.entries(value);
  const isTag = first?.[0] === "$integer" && others.length === 0;
  const digits = isTag ? first[1] : undefined;
  return typeof digits === "string" && /^-?(?:0|[1-9]\d*)$/.test(digits) ? digits : undefined;
}
