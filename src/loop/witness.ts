import type { WeighedCase } from "../verify/agreement/behaviour.ts";
import {
  caseTrialCandidates,
  isPlausible,
  type TriedProgram,
} from "../verify/agreement/case-trials.ts";
import { answerOf } from "../verify/mutation/tell-apart.ts";
import { answerText, type ObservedProgram } from "../verify/observe-programs.ts";
import { weighedCase } from "../verify/rank-programs.ts";
import type { Case, Suite } from "../verify/suite.ts";
import type { Verdict } from "../verify/verdict.ts";

/** A program that was tried on open cases: what it answered may speak against a case. */
export interface Witness {
  readonly treeDigest: string;
  readonly passed: ObservedProgram["passed"];
  readonly caseAnswers: ObservedProgram["caseAnswers"];
}

/** Undefined for a program that could not even be loaded. */
export function witnessOf(treeDigest: string, verdict: Verdict): Witness | undefined {
  if (verdict.loadFailure !== undefined) {
    return undefined;
  }
  const open = verdict.findings.filter(({ sealed }) => !sealed);
  return {
    treeDigest,
    passed: open.filter(({ passed }) => passed).map(({ caseId }) => caseId),
    caseAnswers: Object.fromEntries(
      open.map(({ caseId, outcome }) => [caseId, answerText(answerOf(outcome))]),
    ),
  };
}

/** Whether it may well be right, by the open cases it was tried on. */
export function isPlausibleWitness(witness: Witness, { cases }: Suite): boolean {
  const tried = cases.filter(
    ({ id, origin }) => origin === "example" || witness.caseAnswers[id] !== undefined,
  );
  return isPlausible(tried.map(weighedCase), programOf(witness, tried).passes);
}

/** The open cases that all of these fail and that can be put to the tester, those to doubt first. */
export function disputedCases(witnesses: readonly Witness[], { cases }: Suite): readonly Case[] {
  const tried = cases.filter(
    ({ id, sealed }) =>
      !sealed && witnesses.every(({ caseAnswers }) => caseAnswers[id] !== undefined),
  );
  const weighed: readonly WeighedCase[] = tried.map(weighedCase);
  const programs = witnesses.map((one) => programOf(one, tried));
  const ids = caseTrialCandidates(weighed, programs);
  return ids.flatMap((id) => tried.filter((one) => one.id === id && one.kind !== "property"));
}

function programOf({ passed, caseAnswers }: Witness, cases: readonly Case[]): TriedProgram {
  return {
    passes: cases.map(({ id }) => passed.includes(id)),
    outcomes: cases.map(({ id }) => caseAnswers[id] ?? ""),
  };
}
