import type { CallOutcome, DeathReason } from "../sandbox/sandbox.ts";

/** The finding on one case, made of facts. */
export interface CaseFinding {
  readonly caseId: string;
  readonly passed: boolean;
  readonly sealed: boolean;
  /** `wrong-value`, `wrong-error`, `no-error`, `unexpected-error`, `property-false`, `files-differ`,
   * or how the process died. */
  readonly failure?:
    | "wrong-value"
    | "wrong-error"
    | "no-error"
    | "unexpected-error"
    | "property-false"
    | "property-error"
    | "files-differ"
    | DeathReason;
  /** Expected and got in one line each; for whoever may see this case. */
  readonly detail: string;
  readonly outcome: CallOutcome;
}

/** The judge's finding on a candidate. */
export interface Verdict {
  readonly passed: boolean;
  /** Set when the program's own top level failed, before any case. */
  readonly loadFailure?: string;
  readonly findings: readonly CaseFinding[];
  readonly runtime: string;
  readonly backend: string;
  /** What was found before on other runtimes; all of it passed, or this one would not have followed. */
  readonly earlier?: readonly Verdict[];
}

/** One verdict a runtime, in the order they were reached. */
export function verdictsOf(verdict: Verdict): readonly Verdict[] {
  const { earlier = [], ...last } = verdict;
  return [...earlier, last];
}

/** The verdict on both suites, when `more` judged further cases on the same runtimes; it passed. */
export function joinVerdicts(verdict: Verdict, more: Verdict): Verdict {
  const added = verdictsOf(more);
  const joined = verdictsOf(verdict).map((one) => {
    const same = added.find(({ runtime }) => runtime === one.runtime);
    return { ...one, findings: [...one.findings, ...(same?.findings ?? [])] };
  });
  const [last = verdict, ...before] = joined.reverse();
  return before.length === 0 ? last : { ...last, earlier: before.reverse() };
}
