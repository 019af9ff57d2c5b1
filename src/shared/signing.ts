import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";

/** An Ed25519 signature and the key that checks it, both base64. */
export interface Signature {
  readonly algorithm: "ed25519";
  /** SubjectPublicKeyInfo as DER. */
  readonly publicKey: string;
  readonly value: string;
}

export interface SigningKey {
  /** SubjectPublicKeyInfo as DER, base64. */
  readonly publicKey: string;
  /** The signature of a text's UTF-8 bytes, base64. */
  sign(text: string): string;
}

/** The key that this installation signs with. */
export interface KeyRing {
  /** Undefined when there is no key yet: nothing was signed here. */
  publicKey(): Promise<string | undefined>;
  /** Makes the key when there is none. */
  signingKey(): Promise<SigningKey>;
}

const signatureBytes = 64;

/** A new private key as PEM (PKCS #8). */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync("ed25519");
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Undefined when the text is no private key of Ed25519. */
export function readSigningKey(pem: string): SigningKey | undefined {
  try {
    const privateKey = createPrivateKey(pem);
    if (privateKey.asymmetricKeyType !== "ed25519") {
      return undefined;
    }
    const publicKey = createPublicKey(privateKey).export({ type: "spki", format: "der" });
    return {
      publicKey: publicKey.toString("base64"),
      sign: (text) => sign(null, Buffer.from(text), privateKey).toString("base64"),
    };
  } catch {
    // Whatever OpenSSL says of it, it is no key; its messages name no cause a person could use.
    return undefined;
  }
}

/** True when the holder of the named key signed exactly this text; anything malformed is false. */
export function isSigned(text: string, { publicKey, value }: Signature): boolean {
  const bytes = exactBytes(value);
  const key = exactBytes(publicKey);
  if (bytes?.length !== signatureBytes || key === undefined) {
    return false;
  }
  try {
    const checked = createPublicKey({ key, type: "spki", format: "der" });
    return (
      checked.asymmetricKeyType === "ed25519" && verify(null, Buffer.from(text), checked, bytes)
    );
  } catch {
    return false;
  }
}

/** Base64 has several spellings of the same bytes; only the plain one counts. */
function exactBytes(base64: string): Buffer | undefined {
  const bytes = Buffer.from(base64, "base64");
  return bytes.toString("base64") === base64 ? bytes : undefined;
}
