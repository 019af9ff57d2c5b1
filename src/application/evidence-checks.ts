import type { ProofPolicy } from "../verify/certificate.ts";
import type { Evidence, MutationEvidence, SampledSuite } from "../verify/evidence.ts";
import type { Suite } from "../verify/suite.ts";
import type { ProofCheck } from "./application.ts";
import { describeUnanswered } from "./describe-unanswered.ts";
import {
  missingOfFlakiness,
  missingOfMutants,
  missingOfStubs,
  passingStubs,
} from "./missing-evidence.ts";

/**
 * What was found out about a suite, a line a step, those that were left out as well; `recorded` is what a
 * certificate holds of them.
 */
export function evidenceChecks(
  suite: Suite,
  evidence: Evidence,
  recorded?: Evidence,
): ProofCheck[] {
  const { stubs, sampled } = evidence;
  const stubChecks =
    stubs.length === 0
      ? []
      : [check("stubs", missingOfStubs(suite, evidence), describeStubs(evidence))];
  return [
    ...stubChecks,
    flakeCheck(evidence, recorded),
    mutantCheck(evidence, sampled, recorded),
    ...(evidence.stepsOff.includes("analysis") ? [analysisCheck(recorded)] : []),
    ...(recorded?.agreement === undefined
      ? []
      : [skipped("agreement", "other programs are needed to repeat it")]),
  ];
}

function analysisCheck(recorded: Evidence | undefined): ProofCheck {
  const isRecorded = recorded !== undefined && !recorded.stepsOff.includes("analysis");
  const said = isRecorded ? "; the certificate says that one read it" : "";
  return skipped("analysis", `left out: no model reads the result here${said}`);
}

function check(part: string, missing: readonly string[], detail: string): ProofCheck {
  const [first, ...more] = missing;
  return first === undefined
    ? { part, state: "holds", detail }
    : { part, state: "fails", detail: first, ...(more.length === 0 ? {} : { more }) };
}

function skipped(part: string, detail: string): ProofCheck {
  return { part, state: "skipped", detail };
}

function flakeCheck(evidence: Evidence, recorded: Evidence | undefined): ProofCheck {
  const { flakiness, sampled } = evidence;
  if (flakiness.runs < 2) {
    const before = recorded?.flakiness.runs ?? 0;
    const said = before > 1 ? `; the certificate says the same verdicts in ${before} runs` : "";
    return skipped("flake runs", `left out: flakeRuns is 1 here${said}`);
  }
  const onCases = sampled === undefined ? "" : ` of ${sampled.cases} of the cases`;
  const detail = `the same verdicts in ${flakiness.runs} runs${onCases}`;
  return check("flake runs", missingOfFlakiness(evidence), detail);
}

function mutantCheck(
  evidence: Evidence,
  sampled: SampledSuite | undefined,
  recorded: Evidence | undefined,
): ProofCheck {
  const { mutation, stepsOff } = evidence;
  if (mutation !== undefined) {
    return check("mutants", missingOfMutants(evidence), describeMutation(mutation, sampled));
  }
  const before = recorded?.mutation;
  const said =
    before === undefined
      ? ""
      : `; the certificate says ${describeMutation(before, recorded?.sampled)}`;
  const [missing = "none could be made of the code"] = missingOfMutants(evidence);
  return stepsOff.includes("mutants")
    ? skipped("mutants", `left out: maxMutants is 0 here${said}`)
    : { part: "mutants", state: "fails", detail: `${missing}${said}` };
}

function describeStubs({ stubs }: Evidence): string {
  const passing = passingStubs(stubs);
  return passing.length === 0
    ? `all ${stubs.length} fail`
    : `${passing.join(" and ")} passes, as the code may be meant: each case says what comes back, and mutants are noticed`;
}

function describeMutation(mutation: MutationEvidence, sampled: SampledSuite | undefined): string {
  const { killed, survived, unknown, score, trivial = 0, unanswered } = mutation;
  const share = score === null ? "none that counts" : `${killed} of ${killed + survived.length}`;
  const open = unknown.length === 0 ? "" : `, ${unknown.length} that nothing tells apart`;
  const dead = trivial === 0 ? "" : `, ${trivial} that only raise errors`;
  const left = survived.length + unknown.length;
  const onCases =
    sampled === undefined || left === 0 || sampled.mutantCases >= sampled.of
      ? ""
      : `; those left were tried on ${sampled.mutantCases} of ${sampled.of} cases`;
  const ended = unanswered === undefined ? "" : `; ${describeUnanswered(unanswered)}`;
  return `${share} noticed${open}${dead}${onCases}${ended}`;
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
