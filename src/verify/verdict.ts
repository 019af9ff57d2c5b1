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
}
