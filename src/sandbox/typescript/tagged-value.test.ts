import { describe, expect, it } from "vitest";
import { decodeTagged, encodeTagged, NotPlainError, TooLargeError } from "./tagged-value.ts";

function encode(value: unknown): unknown {
  return JSON.parse(encodeTagged(value, 100_000));
}

class Point {
  readonly x = 1;
  readonly y = undefined;
}

describe("encodeTagged", () => {
  it.each<[string, unknown, unknown]>([
    ["undefined", undefined, null],
    ["NaN", Number.NaN, { $float: "nan" }],
    ["-Infinity", Number.NEGATIVE_INFINITY, { $float: "-inf" }],
    ["-0", -0, { $float: "-0" }],
    ["a small bigint", 5n, 5],
    ["a large bigint", 2n ** 64n, { $integer: "18446744073709551616" }],
    ["bytes", new Uint8Array([1, 2]), { $bytes: "AQI=" }],
    ["an array buffer", new Uint8Array([1]).buffer, { $bytes: "AQ==" }],
    ["other typed arrays", new Float64Array([1.5, -0]), [1.5, { $float: "-0" }]],
    ["a set, sorted", new Set(["b", "a", { z: 1, a: 2 }]), { $set: ["a", "b", { z: 1, a: 2 }] }],
    ["a map of strings", new Map([["a", 1]]), { a: 1 }],
    ["a map of other keys", new Map([[1, 1]]), { $repr: "[object Map]" }],
    ["a date", new Date(0), "1970-01-01T00:00:00.000Z"],
    ["an invalid date", new Date(Number.NaN), { $repr: "Invalid Date" }],
    ["an error", new RangeError("x"), { $repr: "RangeError: x" }],
    ["a function", Math.max, { $repr: "function max() { [native code] }" }],
    ["an instance", new Point(), { x: 1 }],
    ["a boxed string", Object("x"), "x"],
    ["holes", Object.assign(new Array(2), { 1: 1 }), [null, 1]],
    ["a key with a dollar", { $set: [1] }, { $object: { $set: [1] } }],
    ["two keys with dollars", { $a: 1, $b: 2 }, { $a: 1, $b: 2 }],
    ["a key named __proto__", JSON.parse('{"__proto__":1}'), JSON.parse('{"__proto__":1}')],
  ])("encodeTagged() tells %s", (_name, value, expected) => {
    expect(encode(value)).toEqual(expected);
  });

  it("encodeTagged() throws NotPlainError when a value contains itself", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    expect(() => encode(cycle)).toThrow(NotPlainError);
  });

  it("encodeTagged() throws TooLargeError when shared parts multiply without end", () => {
    let value: unknown = [];
    for (let level = 0; level < 60; level += 1) {
      value = [value, value];
    }
    expect(() => encode(value)).toThrow(TooLargeError);
  });
});

describe("decodeTagged", () => {
  it.each<[string, unknown]>([
    ["bytes", new Uint8Array([1, 2])],
    ["a set", new Set([1, "a"])],
    ["floats", [Number.NaN, Number.POSITIVE_INFINITY, -0]],
    ["a large integer", 2n ** 64n],
    ["a tagged object", { $set: [1] }],
    ["plain data", { a: [1, null, "x", { b: true }] }],
  ])("decodeTagged() gives back %s when it was encoded", (_name, value) => {
    expect(decodeTagged(JSON.parse(encodeTagged(value, 1_000)))).toEqual(value);
  });

  it("decodeTagged() makes no prototype when a key is named __proto__", () => {
    const decoded = decodeTagged(JSON.parse('{"__proto__":{"polluted":true}}'));
    expect((decoded as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
