import type { Contract } from "../verify/contract.ts";
import type {
  Evidence,
  MutationEvidence,
  StubFinding,
  SurvivingMutant,
} from "../verify/evidence.ts";
import { shortageOfMutants } from "../verify/mutation/mutation-evidence.ts";
import { escapeControls, shorten } from "../verify/show-value.ts";
import { minimumCases, type Suite } from "../verify/suite.ts";
import { describeUnanswered } from "./describe-unanswered.ts";

const stubTexts: Record<StubFinding["stub"], string> = {
  "returns-nothing": "returns nothing",
  "returns-constant": "returns always the same",
  "returns-first-argument": "returns its first argument",
};
const maxListed = 10;

/**
 * What a proof lacks although every case passed, a line each that says which case would help; empty
 * when nothing is missing.
 */
export function missingProof(suite: Suite, evidence: Evidence | undefined): string[] {
  const { cases } = suite;
  const few =
    cases.length < minimumCases
      ? [`${cases.length} of the ${minimumCases} cases that are wanted at least; add more`]
      : [];
  return evidence === undefined
    ? few
    : [
        ...few,
        ...missingOfStubs(suite, evidence),
        ...missingOfFlakiness(evidence),
        ...missingOfMutants(evidence),
      ];
}

/**
 * A function may be as simple as a stub. Where every case says exactly what comes back, the stub is
 * right as far as they go, and it is the mutants that say whether they go far enough.
 */
export function missingOfStubs({ cases }: Suite, { stubs, mutation }: Evidence): string[] {
  const isExact = cases.every(({ kind }) => kind === "returns");
  const score = mutation?.score ?? undefined;
  const isNoticed = mutation !== undefined && score !== undefined && score >= mutation.minimum;
  return isExact && isNoticed
    ? []
    : passingStubs(stubs).map((text) => `${text} passes every case; add one that it fails`);
}

/** In words, those that pass every case. */
export function passingStubs(stubs: readonly StubFinding[]): string[] {
  return stubs
    .filter(({ failedCases }) => failedCases === 0)
    .map(({ stub }) => `a program that ${stubTexts[stub]}`);
}

export function missingOfFlakiness({ flakiness }: Evidence): string[] {
  return flakiness.quarantined
    .slice(0, maxListed)
    .map(
      ({ caseId, detail }) =>
        `case ${caseId} does not come out the same each time: ${line(detail, 400)}`,
    );
}

export function missingOfMutants({ mutation, stepsOff }: Evidence): string[] {
  if (mutation === undefined) {
    // Off by the settings, or nothing could be made of a source that is too much for its reader.
    return stepsOff.includes("mutants") ? [] : ["no mutants could be made of the code"];
  }
  const { unanswered } = mutation;
  const lines = shortageLines(mutation);
  return lines.length === 0 || unanswered === undefined
    ? lines
    : [...lines, describeUnanswered(unanswered)];
}

function shortageLines(mutation: MutationEvidence): string[] {
  const { killed, survived, unknown, score, minimum } = mutation;
  const counted = killed + survived.length;
  switch (shortageOfMutants(mutation, minimum)) {
    case undefined:
      return [];
    case "none-made":
      return ["no change of the code could be made that a case might notice; write it plainer"];
    case "only-trivial":
      return [
        "each change of the code that could be made only raises errors, so that none tests the cases; write it plainer",
      ];
    case "none-noticed":
      return [
        `none of ${unknown.length} changes of the code is noticed; add cases for other inputs`,
      ];
    case "mostly-unknown":
      return [
        `${unknown.length} changes of the code show on no input that was tried, more than the ${counted} that do; add cases that reach all of the code, and let it answer every input`,
      ];
    case "too-few-noticed":
      break;
  }
  const share = `${killed} of ${counted} changes of the code are noticed (${(score ?? 0).toFixed(2)}, at least ${minimum} is wanted)`;
  const listed = survived.slice(0, maxListed).map(describeSurvivor);
  const more = survived.length - listed.length;
  return [share, ...listed, ...(more > 0 ? [`and ${more} more changes that no case notices`] : [])];
}

function describeSurvivor({ line: number, before, after }: SurvivingMutant): string {
  return `line ${number} with ${line(after) || "nothing"} in place of ${line(before)}: no case notices`;
}

/** What would make a proven suite better still; nothing of it is needed. */
export function adviceOn({ cases }: Suite, contract: Contract): string[] {
  const raising = new Set(cases.flatMap((one) => (one.kind === "raises" ? [one.errorType] : [])));
  const untried = contract.errors.filter(({ type }) => !raising.has(type)).map(({ type }) => type);
  return [
    ...(untried.length > 0 ? [`no case raises ${untried.join(", ")}`] : []),
    ...(raising.size === 0 && untried.length === 0
      ? ["no case raises an error: what it does with wrong input is not proven"]
      : []),
    ...(cases.some(({ sealed }) => sealed)
      ? []
      : ["no case is sealed: whoever wrote the code may have known them all"]),
  ];
}

function line(text: string, maxLength = 120): string {
  return shorten(escapeControls(text.slice(0, 1_000)).replace(/\s+/g, " ").trim(), maxLength);
}
