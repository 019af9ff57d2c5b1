import type { JsonValue } from "../shared/json.ts";

/**
 * Parses JSON without losing digits: an integer beyond 2^53 becomes `{"$integer": digits}`.
 * Undefined when the text is no JSON.
 */
export function parseExactJson(text: string): JsonValue | undefined {
  try {
    return JSON.parse(text, exactNumber);
  } catch (error) {
    if (error instanceof SyntaxError) {
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
