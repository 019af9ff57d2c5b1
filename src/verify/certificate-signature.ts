import { canonicalJson } from "../shared/digest.ts";
import type { JsonValue } from "../shared/json.ts";
import { isSigned, type SigningKey } from "../shared/signing.ts";
import type { Certificate, UnsignedCertificate } from "./certificate.ts";

/** Signs everything else; a signature that is there already is replaced. */
export function signCertificate(
  certificate: UnsignedCertificate | Certificate,
  key: SigningKey,
): Certificate {
  const { publicKey } = key;
  const draft: Certificate = {
    ...certificate,
    signature: { algorithm: "ed25519", publicKey, value: "" },
  };
  const value = key.sign(signedText(draft));
  return { ...draft, signature: { ...draft.signature, value } };
}

/** True when the holder of the key that it names signed it as it stands. */
export function isSignatureValid(certificate: Certificate): boolean {
  return isSigned(signedText(certificate), certificate.signature);
}

/** Canonical JSON (RFC 8785) of the certificate without `signature.value`. */
function signedText(certificate: Certificate): string {
  const { value: _value, ...signature } = certificate.signature;
  return canonicalJson({ ...certificate, signature } as unknown as JsonValue);
}

/** The text of a certificate's file. */
export function printCertificate(certificate: Certificate): string {
  return `${JSON.stringify(certificate, undefined, 2)}\n`;
}
