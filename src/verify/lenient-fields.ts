import type { JsonObject, JsonValue } from "../shared/json.ts";

/** `entry_function`, `EntryFunction` and `entry-function` are one name to a small model. */
function plainKey(key: string): string {
  return key.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** The first of the named fields that the object has, however its key is spelled; names are plain. */
export function pickField(object: JsonObject, names: readonly string[]): JsonValue | undefined {
  const byPlainKey = new Map(Object.keys(object).map((key) => [plainKey(key), key]));
  for (const name of names) {
    const key = byPlainKey.get(name);
    if (key !== undefined) {
      return object[key];
    }
  }
  return undefined;
}

/** The first named field that is a string with something in it, trimmed. */
export function pickText(object: JsonObject, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = pickField(object, [name]);
    if (typeof value === "string" && value.trim() !== "") {
      return value.trim();
    }
  }
  return undefined;
}
