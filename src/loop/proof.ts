import type { Contract } from "../verify/contract.ts";
import type { Case, Suite } from "../verify/suite.ts";
import type { Verdict } from "../verify/verdict.ts";
import type { Failure } from "./failure.ts";
import type { Candidate } from "./state.ts";

/** A candidate that passed its suite, while its proof is under way. */
export interface Proving {
  readonly contract: Contract;
  readonly candidate: Candidate;
  readonly attempt: number;
  /** Grows by cases that mutants asked for, shrinks by those that waver. */
  readonly suite: Suite;
  /** Taken out for this candidate; the next one is judged by them again. */
  readonly quarantined: readonly Case[];
  /** Passed, on exactly the cases of the suite. */
  readonly verdict: Verdict;
}

/** The candidate turned out wrong: the attempt is lost, what was learnt stays in the suite. */
export interface Disproof {
  readonly kind: "disproved";
  readonly suite: Suite;
  readonly failure: Failure;
}
