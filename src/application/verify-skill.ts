import { digestBytes } from "../shared/digest.ts";
import type { SkillStatus } from "../shared/events.ts";
import type { StoredProof } from "../skills/library.ts";
import type { Certificate } from "../verify/certificate.ts";
import { countCases } from "../verify/certify.ts";
import type { CertificatePart } from "../verify/check-certificate.ts";
import type { ProofCheck, SkillVerification, VerifyOptions } from "./application.ts";
import { weakerSettings } from "./evidence-checks.ts";
import { proofPolicy } from "./execution-limits.ts";
import { missingProof } from "./missing-evidence.ts";
import type { Parts } from "./parts.ts";
import { isForeign, renewedCertificate } from "./renewed-certificate.ts";
import { type Reproof, reprove } from "./reprove.ts";

/** What a new proof, signed here, sets right. */
const mendable: ReadonlySet<CertificatePart> = new Set(["signer", "strength"]);

type Provable = Extract<StoredProof, { kind: "first" | "read" }>;

/**
 * Runs one skill's proof again, without a model. Writes nothing but what follows from it: a wrong
 * answer demotes, and a proof that another installation signed, or nobody, is signed here once all of
 * it holds.
 */
export async function verifySkill(
  parts: Parts,
  name: string,
  options: VerifyOptions,
): Promise<SkillVerification> {
  const skills = await parts.skills();
  const checks: ProofCheck[] = [];
  const tell = (check: ProofCheck) => {
    checks.push(check);
    options.onCheck?.(name, check);
  };
  const stored = await skills.storedProof(name);
  const end = async (outcome: SkillVerification["outcome"]): Promise<SkillVerification> => {
    const { status, certificate } = await skills.get(name);
    const stepsOff = certificate?.stepsOff ?? recordedStepsOff(stored);
    return { skill: name, status, holds: holds(checks, status), outcome, checks, stepsOff };
  };
  if (stored.kind === "none" || stored.kind === "unreadable") {
    const detail =
      stored.kind === "none" ? "there is none: it was never proven, or lost" : stored.problem;
    tell({ part: "certificate", state: "fails", detail });
    return end("unchanged");
  }
  for (const check of storedChecks(stored)) {
    tell(check);
  }
  const { contract, suite } = stored.certificate;
  const { source } = stored;
  const recorded = stored.kind === "first" ? undefined : stored.certificate.evidence;
  const { signal } = options;
  const reproof = await reprove(parts, { contract, suite, source, recorded, signal }, tell);
  const isDemoted = await demoteIfWrong(parts, stored, reproof);
  const isWhole = checks.every(({ state }) => state !== "fails");
  const reason = isWhole ? reasonToSign(parts, stored, reproof) : undefined;
  if (reason === undefined) {
    for (const check of unmended(parts, stored)) {
      tell(check);
    }
    return end(isDemoted ? "demoted" : "unchanged");
  }
  const at = parts.clock.now();
  await skills.renew(stored, renewedCertificate(parts.config, stored, reproof, at), at);
  tell({ part: "signer", state: "holds", detail: `${reason}; proven and signed here now` });
  return end("signed");
}

/** Version 1 did not say. */
function recordedStepsOff(stored: StoredProof): readonly string[] {
  return stored.kind === "read" ? stored.certificate.stepsOff : [];
}

function holds(checks: readonly ProofCheck[], status: SkillStatus): boolean {
  return status === "working" && checks.every(({ state }) => state !== "fails");
}

/** What running the proof again may mend is not told as failed yet. */
function storedChecks(stored: Provable): ProofCheck[] {
  if (stored.kind === "first") {
    const isSame = stored.certificate.codeDigest === digestBytes(stored.source);
    return isSame
      ? [{ part: "code", state: "holds", detail: "the bytes that were proven" }]
      : [{ part: "code", state: "fails", detail: "the file was changed after it was proven" }];
  }
  const { certificate, parts } = stored;
  return parts
    .filter(({ part, problem }) => problem === undefined || !mendable.has(part))
    .map(({ part, problem }) =>
      problem === undefined
        ? { part, state: "holds", detail: describePart(part, certificate) }
        : { part, state: "fails", detail: problem },
    );
}

/** What was put off, once it is known that nothing mends it. */
function unmended({ config }: Parts, stored: Provable): ProofCheck[] {
  if (stored.kind === "first") {
    const detail = "its certificate is of version 1, which nobody signed";
    return [{ part: "signature", state: "fails", detail }];
  }
  const weaker = weakerSettings(stored.certificate.policy, proofPolicy(config));
  const policy: ProofCheck[] =
    weaker.length === 0
      ? []
      : [{ part: "policy", state: "fails", detail: `it was proven under ${weaker.join("; ")}` }];
  const parts = stored.parts.flatMap(({ part, problem }): ProofCheck[] =>
    problem !== undefined && mendable.has(part) ? [{ part, state: "fails", detail: problem }] : [],
  );
  return [...policy, ...parts];
}

function describePart(part: CertificatePart, certificate: Certificate): string {
  const { digests, contract, suite, strength, proofs, stepsOff } = certificate;
  switch (part) {
    case "code":
      return `the bytes that were proven (${shortDigest(digests.code)})`;
    case "signature":
      return "the certificate is as it was signed";
    case "contract":
      return `${contract.entry}, as it was proven (${shortDigest(digests.contract)})`;
    case "suite":
      return `${describeSuite(certificate)} (${shortDigest(digests.suite)})`;
    case "dependencies":
      return digests.dependencies.length === 0
        ? "none"
        : digests.dependencies.map(({ skill }) => skill).join(", ");
    case "strength":
      return stepsOff.length === 0 ? strength : `${strength}, without ${stepsOff.join(", ")}`;
    case "cases":
      return `${suite.cases.length} covered on ${proofs.map(({ runtime }) => runtime).join(" and ")}`;
    case "signer":
      return "this installation";
  }
}

function describeSuite({ suite }: Pick<Certificate, "suite">): string {
  const { examples } = countCases(suite);
  const sealed = suite.cases.filter((one) => one.sealed).length;
  const given = examples === 0 ? "" : `, ${examples} of them given`;
  return `${suite.cases.length - sealed} open and ${sealed} sealed cases${given}`;
}

function shortDigest(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}

/** Why the certificate is to be signed here, or undefined when it stays as it is. */
function reasonToSign({ config }: Parts, stored: Provable, reproof: Reproof): string | undefined {
  const { evidence } = reproof;
  // Whoever signed it before may have asked for less than a skill made here needs.
  if (evidence === undefined || missingProof(stored.certificate.suite, evidence).length > 0) {
    return undefined;
  }
  if (stored.kind === "first") {
    return "its certificate was of version 1, which nobody signed";
  }
  const { demotion } = stored;
  if (demotion !== undefined) {
    const isTried = reproof.verdicts.some(({ runtime }) => runtime === demotion.runtime);
    return isTried ? `on ${demotion.runtime} it answers rightly again` : undefined;
  }
  if (stored.certificate.strength === "unproven") {
    return "enough proves it now";
  }
  if (isForeign(stored)) {
    return "it was signed by another installation";
  }
  const weaker = weakerSettings(stored.certificate.policy, proofPolicy(config));
  return weaker.length === 0
    ? undefined
    : `it was proven under weaker settings (${weaker.join("; ")})`;
}

/** A skill that this installation holds for working loses that by a wrong answer alone. */
async function demoteIfWrong(parts: Parts, stored: Provable, reproof: Reproof): Promise<boolean> {
  const { wrong } = reproof;
  const isWorking =
    stored.kind === "read" && stored.parts.every(({ problem }) => problem === undefined);
  if (wrong === undefined || !isWorking) {
    return false;
  }
  const at = parts.clock.now().toISOString();
  await (await parts.skills()).demote(stored.certificate, { ...wrong, at });
  return true;
}
