import { describe, expect, it } from "vitest";
import type { JsonValue } from "./json.ts";
import { nestsDeeperThan } from "./nesting.ts";

function nested(levels: number, innermost: JsonValue): JsonValue {
  let value = innermost;
  for (let level = 0; level < levels; level += 1) {
    value = level % 2 === 0 ? [value] : { inner: value };
  }
  return value;
}

describe("nestsDeeperThan()", () => {
  it.each([0, 1, 2, 499, 500])("nestsDeeperThan() counts %i levels, and no scalar", (levels) => {
    expect(nestsDeeperThan(nested(levels, 1), levels)).toBe(false);
    expect(nestsDeeperThan(nested(levels + 1, 1), levels)).toBe(true);
    expect(nestsDeeperThan([null, "a", nested(levels, "x")], levels)).toBe(true);
  });

  it("nestsDeeperThan() answers when a value is nested deeper than any stack", () => {
    expect(nestsDeeperThan(nested(1_000_000, 1), 500)).toBe(true);
  });
});
