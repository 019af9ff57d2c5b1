import type { JsonValue } from "./json.ts";

/** True when arrays and objects nest deeper than `maxDepth`; looks no deeper than that itself. */
export function nestsDeeperThan(value: JsonValue, maxDepth: number): boolean {
  if (value === null || typeof value !== "object") {
    return false;
  }
  if (maxDepth === 0) {
    return true;
  }
  const children = Array.isArray(value) ? value : Object.values(value);
  return children.some((child) => nestsDeeperThan(child, maxDepth - 1));
}
