import { isJsonObject, parseJson } from "../shared/json.ts";
import { nestsDeeperThan } from "../shared/nesting.ts";
import type { Certificate } from "./certificate.ts";
import { certificateSchema, firstCertificateSchema } from "./certificate-schema.ts";
import { printCertificate } from "./certificate-signature.ts";
import type { Contract } from "./contract.ts";
import type { Suite } from "./suite.ts";

/** Of a certificate's file: a suite of some thousand cases is far below. */
export const maxCertificateBytes = 16 * 1024 * 1024;
const maxCertificateDepth = 300;

/** A certificate of version 1: nobody signed it, but its suite can be run again. */
export interface FirstCertificate {
  readonly skill: string;
  readonly goal: string;
  readonly codeDigest: string;
  readonly contract: Contract;
  readonly suite: Suite;
  readonly analysis: Certificate["analysis"];
  readonly models: readonly string[];
  readonly recordingLabel?: string;
  readonly attempts: number;
  readonly runId: string;
  readonly admittedAt: string;
}

export type CertificateReading =
  | { readonly kind: "read"; readonly certificate: Certificate }
  | { readonly kind: "first"; readonly certificate: FirstCertificate }
  /** One line that says what is wrong with it. */
  | { readonly kind: "unreadable"; readonly problem: string };

/**
 * Reads a certificate's file, whose bytes must be those that `printCertificate` gives: one that was
 * laid out anew is refused like any other change. Looks at no signature.
 */
export function readCertificate(bytes: Uint8Array): CertificateReading {
  if (bytes.length > maxCertificateBytes) {
    return unreadable(`is larger than ${maxCertificateBytes} bytes`);
  }
  const text = decode(bytes);
  const value = text === undefined ? undefined : parseJson(text);
  if (!isJsonObject(value)) {
    return unreadable("is no JSON object");
  }
  if (nestsDeeperThan(value, maxCertificateDepth)) {
    return unreadable(`is nested deeper than ${maxCertificateDepth} levels`);
  }
  const version = value["schemaVersion"];
  if (version === 1) {
    const first = firstCertificateSchema.safeParse(value);
    return first.success
      ? { kind: "first", certificate: value as unknown as FirstCertificate }
      : unreadable(problemOf(first.error.issues));
  }
  if (typeof version === "number" && version > 2) {
    return unreadable(`is of version ${version}, this program knows version 2`);
  }
  const checked = certificateSchema.safeParse(value);
  if (!checked.success) {
    return unreadable(problemOf(checked.error.issues));
  }
  // Not what the schema gives back: it leaves out keys named __proto__, which a case may hold.
  const certificate = value as unknown as Certificate;
  return printCertificate(certificate) === text
    ? { kind: "read", certificate }
    : unreadable("is not laid out as it was written");
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) {
      return undefined;
    }
    throw error;
  }
}

function problemOf(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  const [issue] = issues;
  const place = issue?.path.map(String).join(".") ?? "";
  return `cannot be read: ${place === "" ? "" : `${place}: `}${issue?.message ?? "wrong"}`.slice(
    0,
    200,
  );
}

function unreadable(problem: string): CertificateReading {
  return { kind: "unreadable", problem };
}
