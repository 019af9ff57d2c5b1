import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isSigned, newPrivateKey, readSigningKey } from "./signing.ts";

function newKey() {
  const key = readSigningKey(newPrivateKey());
  if (key === undefined) {
    throw new Error("a new key could not be read");
  }
  return key;
}

describe("isSigned()", () => {
  it("isSigned() is true for the very text and key alone", () => {
    const { publicKey, sign } = newKey();
    const signature = {
      algorithm: "ed25519",
      publicKey,
      value: sign("text \ud83d\ude00"),
    } as const;
    expect(isSigned("text \ud83d\ude00", signature)).toBe(true);
    expect(isSigned("text", signature)).toBe(false);
    expect(isSigned("text \ud83d\ude00", { ...signature, publicKey: newKey().publicKey })).toBe(
      false,
    );
  });

  it("isSigned() takes one spelling of a signature only", () => {
    const { publicKey, sign } = newKey();
    const value = sign("text");
    const last = value.at(-3) ?? "";
    // The last digit before the padding holds four bits that no byte takes.
    const other = value.replace(/.==$/, `${String.fromCharCode(last.charCodeAt(0) + 1)}==`);
    for (const changed of [
      other,
      `${value} `,
      value.replace("==", ""),
      value.replace(/[+/]/g, "-"),
    ]) {
      const isSame = changed === value;
      expect(isSigned("text", { algorithm: "ed25519", publicKey, value: changed })).toBe(isSame);
    }
  });

  it("isSigned() is false for a public key of another kind, or none", () => {
    const { publicKey } = generateKeyPairSync("x25519");
    const other = publicKey.export({ type: "spki", format: "der" }).toString("base64");
    const value = newKey().sign("text");
    for (const key of [other, "", "AAAA", "not base64"]) {
      expect(isSigned("text", { algorithm: "ed25519", publicKey: key, value })).toBe(false);
    }
  });
});

describe("readSigningKey()", () => {
  it("readSigningKey() is undefined for what is no private key of Ed25519", () => {
    const pem = newPrivateKey();
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1_024 }).privateKey;
    const other = rsa.export({ type: "pkcs8", format: "pem" }).toString();
    for (const text of ["", pem.slice(0, 60), pem.replace(/M/, "N"), other, "\0".repeat(119)]) {
      expect(readSigningKey(text)).toBeUndefined();
    }
    expect(readSigningKey(pem)?.publicKey).toMatch(/^MCowBQYDK2VwAyEA/);
  });
});
