import type { JsonObject, JsonValue } from "../shared/json.ts";

/** Values by dotted key in the shape of a configuration file. */
export function nestEntries(entries: Iterable<readonly [string, JsonValue]>): JsonObject {
  const content: JsonObject = {};
  for (const [key, value] of entries) {
    const names = key.split(".");
    const last = names.pop() ?? key;
    let group = content;
    for (const name of names) {
      const inner = group[name];
      const next: JsonObject =
        typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inner : {};
      group[name] = next;
      group = next;
    }
    group[last] = value;
  }
  return content;
}
