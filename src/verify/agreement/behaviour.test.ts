import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tagJson } from "../tagged-value.ts";
import { isErrorKey, outcomeKey } from "./behaviour.ts";

describe("outcomeKey()", () => {
  test("outcomeKey() is equal when values differ in the order of keys and a float's last digits only", () => {
    const one = outcomeKey({ kind: "returned", value: { b: 0.1 + 0.2, a: [1] } });
    const other = outcomeKey({ kind: "returned", value: { a: [1], b: 0.3 } });
    expect(one).toBe(other);
  });

  test("outcomeKey() differs when values differ in kind", () => {
    const values = [
      null,
      false,
      0,
      "",
      "0",
      [],
      {},
      { $set: [] },
      { $bytes: "" },
      { $float: "nan" },
    ];
    const keys = values.map((value) => outcomeKey({ kind: "returned", value }));
    expect(new Set(keys).size).toBe(values.length);
  });

  test("outcomeKey() tells errors by type and never takes a value for an error", () => {
    expect(outcomeKey({ kind: "raised", errorType: "ValueError" })).toBe("raised:ValueError");
    expect(isErrorKey(outcomeKey({ kind: "died" }))).toBe(true);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const tagged = tagJson(JSON.parse(JSON.stringify(value)));
        expect(isErrorKey(outcomeKey({ kind: "returned", value: tagged }))).toBe(false);
      }),
    );
    expect(isErrorKey(outcomeKey({ kind: "returned", value: "raised:ValueError" }))).toBe(false);
  });
});
