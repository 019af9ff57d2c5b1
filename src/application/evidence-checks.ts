import type { ProofPolicy } from "../verify/certificate.ts";
import type { Evidence, MutationEvidence, SampledSuite } from "../verify/evidence.ts";
import type { Suite } from "../verify/suite.ts";
import type { ProofCheck } from "./application.ts";
import {
  missingOfFlakiness,
  missingOfMutants,
  missingOfStubs,
  passingStubs,
} from "./missing-evidence.ts";

/** What was found out about a suite, a line a step. */
export function evidenceChecks(suite: Suite, evidence: Evidence): ProofCheck[] {
  const { stubs, flakiness, mutation, sampled } = evidence;
  const check = (part: string, missing: readonly string[], detail: string): ProofCheck => {
    const [first, ...more] = missing;
    return first === undefined
      ? { part, state: "holds", detail }
      : { part, state: "fails", detail: first, ...(more.length === 0 ? {} : { more }) };
  };
  const onCases = sampled === undefined ? "" : ` of ${sampled.cases} of the cases`;
  return [
    ...(stubs.length === 0
      ? []
      : [check("stubs", missingOfStubs(suite, evidence), describeStubs(evidence))]),
    ...(flakiness.runs < 2
      ? []
      : [
          check(
            "flake runs",
            missingOfFlakiness(evidence),
            `the same verdicts in ${flakiness.runs} runs${onCases}`,
          ),
        ]),
    ...(mutation === undefined
      ? []
      : [check("mutants", missingOfMutants(evidence), describeMutation(mutation, sampled))]),
  ];
}

function describeStubs({ stubs }: Evidence): string {
  const passing = passingStubs(stubs);
  return passing.length === 0
    ? `all ${stubs.length} fail`
    : `${passing.join(" and ")} passes, as the code may be meant: each case says what comes back, and mutants are noticed`;
}

function describeMutation(
  { killed, survived, unknown, score, trivial = 0 }: MutationEvidence,
  sampled: SampledSuite | undefined,
): string {
  const share = score === null ? "none that counts" : `${killed} of ${killed + survived.length}`;
  const open = unknown.length === 0 ? "" : `, ${unknown.length} that nothing tells apart`;
  const dead = trivial === 0 ? "" : `, ${trivial} that only raise errors`;
  const left = survived.length + unknown.length;
  const onCases =
    sampled === undefined || left === 0 || sampled.mutantCases >= sampled.of
      ? ""
      : `; those left were tried on ${sampled.mutantCases} of ${sampled.of} cases`;
  return `${share} noticed${open}${dead}${onCases}`;
}

/** What the certificate records and this proof did not repeat. */
export function unrepeatedChecks(recorded: Evidence | undefined, now: Evidence): ProofCheck[] {
  const skipped = (part: string, detail: string): ProofCheck => ({
    part,
    state: "skipped",
    detail,
  });
  return [
    ...(recorded?.agreement === undefined
      ? []
      : [skipped("agreement", "other programs are needed to repeat it")]),
    ...(recorded?.mutation !== undefined && now.mutation === undefined
      ? [
          skipped(
            "mutants",
            `maxMutants is 0 here; the certificate says ${describeMutation(recorded.mutation, recorded.sampled)}`,
          ),
        ]
      : []),
    ...((recorded?.flakiness.runs ?? 0) > 1 && now.flakiness.runs < 2
      ? [
          skipped(
            "flake runs",
            `flakeRuns is 1 here; the certificate says ${recorded?.flakiness.runs}`,
          ),
        ]
      : []),
  ];
}

/**
 * What the settings ask for now and did not when the certificate was made, in words; empty when it was
 * made under settings at least as strict.
 */
export function weakerSettings(recorded: ProofPolicy, now: ProofPolicy): string[] {
  const { maxMutants = 0, flakeRuns = 1, minMutationScore = 0 } = recorded;
  const mutants = now.maxMutants ?? 0;
  const runs = now.flakeRuns ?? 1;
  const minimum = now.minMutationScore ?? 0;
  return [
    ...(maxMutants < mutants ? [`at most ${maxMutants} mutants, ${mutants} are tried here`] : []),
    ...(flakeRuns < runs && runs > 1 ? [`flake runs ${flakeRuns}, here ${runs}`] : []),
    ...(maxMutants > 0 && mutants > 0 && minMutationScore < minimum
      ? [`a mutation score of ${minMutationScore}, here ${minimum}`]
      : []),
  ];
}
