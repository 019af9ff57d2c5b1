import { describe, expect, it } from "vitest";
import { bytesOfBase64, textOfBytes } from "./base64.ts";

describe("base64", () => {
  it.each(["", "AA==", "aGk=", "/+8A"])("textOfBytes() gives back %j when it was read", (text) => {
    expect(textOfBytes(bytesOfBase64(text))).toBe(text);
  });

  it("bytesOfBase64() takes what lacks its padding, and no byte of a letter alone", () => {
    expect([...bytesOfBase64("aGk")]).toEqual([104, 105]);
    expect([...bytesOfBase64("A")]).toEqual([]);
  });

  it("textOfBytes() says a part of a buffer only when that is given", () => {
    expect(textOfBytes(new Uint8Array([1, 104, 105, 2]).subarray(1, 3))).toBe("aGk=");
    expect(textOfBytes(new Int8Array([-1]))).toBe("/w==");
  });
});
