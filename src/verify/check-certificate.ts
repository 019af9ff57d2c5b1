import { digestBytes } from "../shared/digest.ts";
import type { Certificate, Demotion, Proof } from "./certificate.ts";
import { isSignatureValid } from "./certificate-signature.ts";
import { contractDigest, suiteDigest } from "./certify.ts";

/** What a certificate is held against. */
export interface CertificateSubject {
  /** The skill's bytes as they stand on disk. */
  readonly source: string | Uint8Array;
  /** The key of this installation; undefined when it has none. */
  readonly publicKey: string | undefined;
  /** The digest of a skill's bytes as they stand now; undefined when there is no such skill. */
  readonly dependencyDigest: (skill: string) => string | undefined;
  /** A wrong answer of these bytes that is known here, and that the certificate is older than. */
  readonly demotion?: Demotion;
}

export type CertificatePart =
  | "signature"
  | "code"
  | "contract"
  | "suite"
  | "dependencies"
  | "strength"
  | "cases"
  | "signer";

export interface PartCheck {
  readonly part: CertificatePart;
  /** Absent when it holds. */
  readonly problem?: string;
}

export type CertificateCheck =
  | { readonly kind: "matches" }
  /** `needsReproof`: all that is wrong would be mended by running the proof again here. */
  | { readonly kind: "differs"; readonly problem: string; readonly needsReproof: boolean };

/**
 * Whether the certificate is about exactly these bytes, says that they are proven, and was signed
 * here as it stands. It does not run the proof again.
 */
export function checkCertificate(
  certificate: Certificate,
  subject: CertificateSubject,
): CertificateCheck {
  const wrong = checkParts(certificate, subject).filter(({ problem }) => problem !== undefined);
  const [first] = wrong;
  if (first?.problem === undefined) {
    return { kind: "matches" };
  }
  // A skill that answered wrongly may answer rightly by now.
  const isDemoted = (certificate.demoted ?? subject.demotion) !== undefined;
  const needsReproof = wrong.every(
    ({ part }) => part === "signer" || (part === "strength" && isDemoted),
  );
  return { kind: "differs", problem: first.problem, needsReproof };
}

/** Each part on its own, in the order a person would look. */
export function checkParts(
  certificate: Certificate,
  { source, publicKey, dependencyDigest, demotion }: CertificateSubject,
): readonly PartCheck[] {
  const { digests, contract, suite, signature } = certificate;
  const changed = digests.dependencies.find(({ skill, code }) => dependencyDigest(skill) !== code);
  const part = (name: CertificatePart, problem: string | false | undefined): PartCheck =>
    problem === false || problem === undefined ? { part: name } : { part: name, problem };
  return [
    part(
      "code",
      digests.code !== digestBytes(source) && "the skill's file was changed after it was proven",
    ),
    part(
      "signature",
      !isSignatureValid(certificate) && "the certificate was changed after it was signed",
    ),
    part(
      "contract",
      digests.contract !== contractDigest(contract) && "the contract was changed after the proof",
    ),
    part("suite", digests.suite !== suiteDigest(suite) && "the suite was changed after the proof"),
    part(
      "dependencies",
      changed !== undefined && `the skill ${changed.skill}, which it uses, was changed`,
    ),
    part("strength", strengthProblem(certificate, demotion)),
    part("cases", !isWhole(certificate) && "no proof covers every case of the suite"),
    part(
      "signer",
      signature.publicKey !== publicKey && "its proof was made and signed by another installation",
    ),
  ];
}

function strengthProblem(
  { strength, missing, demoted }: Certificate,
  known: Demotion | undefined,
): string | undefined {
  if (demoted !== undefined) {
    return `on ${demoted.runtime} it answers wrongly: ${demoted.reason}`;
  }
  if (known !== undefined) {
    return `on ${known.runtime} it answered wrongly at ${known.at}, after this certificate was signed: ${known.reason}`;
  }
  return strength === "unproven" || missing.length > 0
    ? `too little proves it: ${shortOf(missing)}`
    : undefined;
}

/** One line; the certificate has all of it. */
function shortOf([first, ...more]: readonly string[]): string {
  const rest = more.length === 0 ? "" : ` (${more.length} more in its certificate)`;
  return `${first ?? "its certificate says so"}${rest}`;
}

function isWhole({ suite, proofs }: Certificate): boolean {
  const cases = suite.cases.length;
  const covers = (proof: Proof) => proof.openPassed + proof.sealedPassed === cases;
  return cases > 0 && proofs.length > 0 && proofs.every(covers);
}
