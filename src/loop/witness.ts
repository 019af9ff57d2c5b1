import { answerOf } from "../verify/mutation/tell-apart.ts";
import { answerText, type ObservedProgram } from "../verify/observe-programs.ts";
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

/** One that keeps somebody's own examples and at least half of the open cases may well be right. */
export function isPlausible({ passed, caseAnswers }: Witness, { cases }: Suite): boolean {
  const open = cases.filter(({ id, sealed }) => !sealed && caseAnswers[id] !== undefined);
  const kept = open.filter(({ id }) => passed.includes(id));
  const keepsExamples = cases
    .filter(({ origin }) => origin === "example")
    .every(({ id }) => passed.includes(id));
  return keepsExamples && kept.length * 2 >= open.length && open.length > 0;
}

/** The open cases of the model's that all of these fail, where two of them answer differently. */
export function disputedCases(witnesses: readonly Witness[], { cases }: Suite): readonly Case[] {
  const behaviours = new Set(
    witnesses.map((one) => JSON.stringify(Object.entries(one.caseAnswers).sort())),
  );
  if (behaviours.size < 2) {
    return [];
  }
  return cases.filter(
    ({ id, sealed, origin, kind }) =>
      !sealed &&
      origin === "model" &&
      kind !== "property" &&
      witnesses.every((one) => one.caseAnswers[id] !== undefined && !one.passed.includes(id)),
  );
}
