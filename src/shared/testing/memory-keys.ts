import { type KeyRing, newPrivateKey, readSigningKey } from "../signing.ts";

/** A key that lies in no file; each call makes another one. */
export function memoryKeys(): KeyRing {
  const key = readSigningKey(newPrivateKey());
  if (key === undefined) {
    throw new Error("a new key could not be read");
  }
  return { publicKey: async () => key.publicKey, signingKey: async () => key };
}
