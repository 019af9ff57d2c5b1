import type { CaseFinding } from "../verify/verdict.ts";
import type { BestCandidate, LoopState } from "./state.ts";

/**
 * The best candidate of the run, this attempt's included: the one that passed more of the cases on
 * which both were tried, then more cases at all; of two that are alike the earlier one. Only cases
 * tried on both count first, since suites grow while a run goes on, and sealed cases are tried only
 * when the open ones passed. One that was refused or repeated is no candidate for it.
 */
export function betterCandidate(state: LoopState): BestCandidate | null {
  const { candidate, verdict, best, attempt, problem } = state;
  if (candidate === null || problem?.kind === "refused" || problem?.kind === "repeated") {
    return best;
  }
  const findings = verdict?.findings ?? [];
  const { passed, failed } = {
    passed: idsOf(findings.filter((finding) => finding.passed)),
    failed: idsOf(findings.filter((finding) => !finding.passed)),
  };
  const own: BestCandidate = {
    source: candidate.source,
    passedCases: passed.length,
    passed,
    failed,
    attempt,
  };
  return best === null || isBetter(own, best) ? own : best;
}

function isBetter(one: BestCandidate, other: BestCandidate): boolean {
  const tried = new Set([...other.passed, ...other.failed]);
  const both = [...one.passed, ...one.failed].filter((id) => tried.has(id));
  const common = new Set(both);
  const passedOf = ({ passed }: BestCandidate) => passed.filter((id) => common.has(id)).length;
  const difference = passedOf(one) - passedOf(other);
  return difference === 0 ? one.passedCases > other.passedCases : difference > 0;
}

function idsOf(findings: readonly CaseFinding[]): readonly string[] {
  return findings.map(({ caseId }) => caseId);
}
