import type { Contract } from "../verify/contract.ts";
import { describeCase } from "../verify/describe-case.ts";
import { escapeControls, shorten } from "../verify/show-value.ts";
import type { Suite } from "../verify/suite.ts";
import type { CaseFinding, Verdict } from "../verify/verdict.ts";

/** What the skill itself did wrong; how a process died may be the machine's doing. */
const wrongAnswers: ReadonlySet<CaseFinding["failure"]> = new Set([
  "wrong-value",
  "wrong-error",
  "no-error",
  "unexpected-error",
  "property-false",
  "files-differ",
] as const);

export interface VerdictProblem {
  /** One line; of a sealed case no more than that it is one. */
  readonly reason: string;
  /** True when it answered wrongly; false when a process died or ran out of time. */
  readonly isWrong: boolean;
}

/** Why a verdict did not pass: its first wrong answer, else its first failure. */
export function verdictProblem(
  verdict: Verdict,
  { suite, contract }: { readonly suite: Suite; readonly contract: Contract },
): VerdictProblem {
  const wrong = verdict.findings.find((finding) => wrongAnswers.has(finding.failure));
  const isWrong = wrong !== undefined;
  if (verdict.loadFailure !== undefined) {
    return { reason: oneLine(verdict.loadFailure), isWrong };
  }
  const finding = wrong ?? verdict.findings.find(({ passed }) => !passed);
  const testCase = suite.cases.find(({ id }) => id === finding?.caseId);
  if (finding === undefined || testCase === undefined) {
    return { reason: "no case was tried", isWrong };
  }
  const reason = finding.sealed
    ? `the sealed case ${finding.caseId} fails (${finding.failure})`
    : oneLine(`${describeCase(testCase, contract.entry)} fails: ${finding.detail}`);
  return { reason, isWrong };
}

function oneLine(text: string): string {
  return shorten(escapeControls(text.slice(0, 2_000).replace(/\s+/g, " ").trim()), 400);
}
