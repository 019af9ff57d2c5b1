import { digestBytes, digestJson } from "../shared/digest.ts";
import type { JsonValue } from "../shared/json.ts";
import type { Certificate, Proof } from "./certificate.ts";
import type { Contract } from "./contract.ts";
import type { Suite } from "./suite.ts";
import type { Verdict } from "./verdict.ts";

export interface CertifyInput
  extends Omit<
    Certificate,
    "schemaVersion" | "skill" | "claim" | "codeDigest" | "contractDigest" | "suiteDigest" | "proofs"
  > {
  /** The skill's bytes as they stand on disk. */
  readonly source: string | Uint8Array;
  /** One passed verdict a runtime. */
  readonly verdicts: readonly Verdict[];
}

/**
 * The certificate of a skill whose verdicts all passed; no durations in it.
 *
 * @throws {TypeError} when a verdict did not pass or there is none: the caller's fault.
 */
export function certify(input: CertifyInput): Certificate {
  const { source, verdicts, ...rest } = input;
  if (verdicts.length === 0 || verdicts.some((verdict) => !verdict.passed)) {
    throw new TypeError("certify skill: a verdict did not pass, only passed ones are evidence");
  }
  return {
    schemaVersion: 1,
    skill: input.contract.name,
    claim: "proven to its contract",
    ...rest,
    codeDigest: digestBytes(source),
    contractDigest: contractDigest(input.contract),
    suiteDigest: suiteDigest(input.suite),
    proofs: verdicts.map((verdict) => proofOf(verdict, input.suite)),
  };
}

/** What a passed verdict proves. */
export function proofOf(verdict: Verdict, suite: Suite): Proof {
  const examples = new Set(
    suite.cases.filter(({ origin }) => origin === "example").map(({ id }) => id),
  );
  const passed = verdict.findings.filter((finding) => finding.passed);
  return {
    runtime: verdict.runtime,
    backend: verdict.backend,
    openPassed: passed.filter((finding) => !finding.sealed).length,
    sealedPassed: passed.filter((finding) => finding.sealed).length,
    examplesPassed: passed.filter((finding) => examples.has(finding.caseId)).length,
  };
}

export type CertificateCheck =
  | { readonly kind: "matches" }
  | { readonly kind: "differs"; readonly problem: string };

/**
 * Whether the certificate is about exactly these bytes, and its contract and suite are those it was
 * given for. It does not re-run the proof, and nobody signs it: whoever can write both files can
 * forge both.
 */
export function checkCertificate(
  certificate: Certificate,
  source: string | Uint8Array,
): CertificateCheck {
  if (certificate.codeDigest !== digestBytes(source)) {
    return { kind: "differs", problem: "the skill's file was changed after it was proven" };
  }
  if (certificate.contractDigest !== contractDigest(certificate.contract)) {
    return { kind: "differs", problem: "the contract was changed after the proof" };
  }
  if (certificate.suiteDigest !== suiteDigest(certificate.suite)) {
    return { kind: "differs", problem: "the suite was changed after the proof" };
  }
  if (certificate.missing !== undefined && certificate.missing.length > 0) {
    return { kind: "differs", problem: `too little proves it: ${certificate.missing.join("; ")}` };
  }
  if (certificate.demoted !== undefined) {
    const { runtime, reason } = certificate.demoted;
    return { kind: "differs", problem: `on ${runtime} it answers wrongly: ${reason}` };
  }
  const cases = certificate.suite.cases.length;
  const isWhole = (proof: Proof) => cases > 0 && proof.openPassed + proof.sealedPassed === cases;
  return certificate.proofs.length > 0 && certificate.proofs.every(isWhole)
    ? { kind: "matches" }
    : { kind: "differs", problem: "no proof covers every case of the suite" };
}

function contractDigest(contract: Contract): string {
  return digestJson(contract as unknown as JsonValue);
}

function suiteDigest(suite: Suite): string {
  return digestJson(suite as unknown as JsonValue);
}
