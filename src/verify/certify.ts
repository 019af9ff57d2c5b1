import { digestBytes, digestJson } from "../shared/digest.ts";
import type { JsonValue } from "../shared/json.ts";
import type { KindCounts, Proof, UnsignedCertificate } from "./certificate.ts";
import type { Contract } from "./contract.ts";
import type { Case, Suite } from "./suite.ts";
import type { Verdict } from "./verdict.ts";

type Derived = "schemaVersion" | "skill" | "claim" | "strength" | "digests" | "cases" | "proofs";

export interface CertifyInput extends Omit<UnsignedCertificate, Derived | "missing" | "stepsOff"> {
  /** The skill's bytes as they stand on disk. */
  readonly source: string | Uint8Array;
  /** One passed verdict a runtime. */
  readonly verdicts: readonly Verdict[];
  /** Why the skill is not proven although every case passed; absent or empty: it is. */
  readonly missing?: readonly string[];
}

/**
 * The certificate of a skill whose verdicts all passed, unsigned. Its strength is that of the
 * evidence, `proven` where no such step ran, and `unproven` when something is missing.
 *
 * @throws {TypeError} when a verdict did not pass or there is none: the caller's fault.
 */
export function certify(input: CertifyInput): UnsignedCertificate {
  const { source, verdicts, missing = [], contract, suite, evidence, goal, ...rest } = input;
  if (verdicts.length === 0 || verdicts.some((verdict) => !verdict.passed)) {
    throw new TypeError("certify skill: a verdict did not pass, only passed ones are evidence");
  }
  const isProven = missing.length === 0;
  // In the order in which a person reads it: what it says, what it rests on, the cases at the end.
  return {
    schemaVersion: 2,
    skill: contract.name,
    goal,
    claim: isProven ? "proven to its contract" : "not proven",
    strength: isProven ? (evidence?.strength ?? "proven") : "unproven",
    missing,
    digests: {
      code: digestBytes(source),
      contract: contractDigest(contract),
      suite: suiteDigest(suite),
      // No skill can import or call another yet.
      dependencies: [],
    },
    cases: countCases(suite),
    proofs: verdicts.map((verdict) => proofOf(verdict, suite)),
    ...(evidence === undefined ? {} : { evidence }),
    stepsOff: evidence?.stepsOff ?? (input.analysis === "off" ? ["analysis"] : []),
    ...rest,
    contract,
    suite,
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

export function countCases({ cases }: Suite): UnsignedCertificate["cases"] {
  return {
    open: countKinds(cases.filter(({ sealed }) => !sealed)),
    sealed: countKinds(cases.filter(({ sealed }) => sealed)),
    examples: cases.filter(({ origin }) => origin === "example").length,
  };
}

function countKinds(cases: readonly Case[]): KindCounts {
  const of = (kind: Case["kind"]) => cases.filter((one) => one.kind === kind).length;
  return { returns: of("returns"), raises: of("raises"), property: of("property") };
}

export function contractDigest(contract: Contract): string {
  return digestJson(contract as unknown as JsonValue);
}

export function suiteDigest(suite: Suite): string {
  return digestJson(suite as unknown as JsonValue);
}
