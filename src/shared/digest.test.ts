import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, digestBytes, digestJson } from "./digest.ts";
import type { JsonValue } from "./json.ts";

describe("digestBytes()", () => {
  it("digestBytes() gives the published SHA-256 of the empty text and of abc", () => {
    expect(digestBytes("")).toBe(
      "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    expect(digestBytes(new TextEncoder().encode("abc"))).toBe(
      "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
  });
});

describe("canonicalJson()", () => {
  it("canonicalJson() gives equal text when only the order of keys differs", () => {
    const one = canonicalJson({ b: [1, { d: null, c: "é" }], a: true });
    expect(one).toBe('{"a":true,"b":[1,{"c":"é","d":null}]}');
    expect(canonicalJson({ a: true, b: [1, { c: "é", d: null }] })).toBe(one);
  });

  it("canonicalJson() keeps a key named __proto__", () => {
    const value: JsonValue = JSON.parse('{"__proto__": 1, "a": 2}');
    expect(canonicalJson(value)).toBe('{"__proto__":1,"a":2}');
  });

  it("canonicalJson() is read back as the same value for any JSON", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(JSON.parse(JSON.stringify(value)));
        expect(JSON.stringify(JSON.parse(text))).toBe(
          JSON.stringify(JSON.parse(canonicalJson(JSON.parse(text)))),
        );
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe("digestJson()", () => {
  it("digestJson() differs when an array's order differs", () => {
    expect(digestJson([1, 2])).not.toBe(digestJson([2, 1]));
    expect(digestJson({ a: 1, b: 2 })).toBe(digestJson({ b: 2, a: 1 }));
  });

  it("canonicalJson() refuses a Map or Set rather than calling all of them equal", () => {
    for (const value of [new Map([["a", 1]]), new Set([1])]) {
      expect(() => canonicalJson({ value: value as unknown as JsonValue })).toThrow(TypeError);
    }
  });

  it("canonicalJson() tells keys of every object's own from one another", () => {
    const texts = ['{"__proto__":1}', '{"constructor":1}', '{"__proto__":2}', "{}"];
    expect(texts.map((text) => canonicalJson(JSON.parse(text)))).toEqual(texts);
    expect(canonicalJson(["\ud800", -0])).toBe('["\\ud800",0]');
  });
});
