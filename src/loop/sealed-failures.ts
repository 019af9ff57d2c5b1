import type { Case, Suite } from "../verify/suite.ts";
import { type Verdict, verdictsOf } from "../verify/verdict.ts";

/** How often each sealed case has failed in this run, by its id. */
export type SealedFailures = Readonly<Record<string, number>>;

/**
 * A sealed case that failed so often is spent. Each failure tells whoever mends the code one bit of
 * it, that a case of its kind failed; a coder that made use of them could feel its way to the case.
 */
const failuresUntilSpent = 2;

/** The counts with those of one more verdict. */
export function countSealedFailures(
  counts: SealedFailures,
  verdict: Verdict | null,
): SealedFailures {
  const findings = verdict === null ? [] : verdictsOf(verdict).flatMap((one) => one.findings);
  const failed = findings.filter(({ sealed, passed }) => sealed && !passed);
  const ids = new Set(failed.map(({ caseId }) => caseId));
  return { ...counts, ...Object.fromEntries([...ids].map((id) => [id, (counts[id] ?? 0) + 1])) };
}

/** The sealed cases that are spent, those that failed most often first. */
export function spentCases(suite: Suite, counts: SealedFailures): readonly Case[] {
  const failures = ({ id }: Case) => counts[id] ?? 0;
  return suite.cases
    .filter((one) => one.sealed && failures(one) >= failuresUntilSpent)
    .toSorted((a, b) => failures(b) - failures(a));
}

/** Opens the spent cases and seals the fresh ones behind them; the ids of all others stay. */
export function replaceSealed(suite: Suite, spent: readonly Case[], fresh: readonly Case[]): Suite {
  const opened = new Set(spent.map(({ id }) => id));
  const cases = suite.cases.map((one) => (opened.has(one.id) ? { ...one, sealed: false } : one));
  return { cases: [...cases, ...fresh] };
}
