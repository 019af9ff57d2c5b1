import type { Contract } from "../verify/contract.ts";
import type { AgreementEvidence, RemovedCase, StubFinding } from "../verify/evidence.ts";
import type { Suite } from "../verify/suite.ts";
import type { Verdict } from "../verify/verdict.ts";
import type { Question } from "./ask-which.ts";
import type { PeerProgram } from "./peers.ts";
import type { SealedFailures } from "./sealed-failures.ts";
import type { Witness } from "./witness.ts";

export interface Candidate {
  readonly source: string;
  readonly codeDigest: string;
  /** Same for two texts that differ in formatting and names of locals only. */
  readonly treeDigest: string;
}

/** How far other programs bear a candidate out. */
export interface Agreement {
  readonly evidence: AgreementEvidence;
  readonly isStrict: boolean;
  /** Calls on which they decisively contradict it, those like the cases' own first. */
  readonly contested: readonly Question[];
}

/** Why an attempt is lost before its candidate was tested. */
export interface AttemptProblem {
  readonly kind:
    | "unreadable-contract"
    | "unreadable-suite"
    | "weak-suite"
    | "unreadable-code"
    | "refused"
    | "repeated"
    | "prepare-failed";
  /** One line for memory and people. */
  readonly detail: string;
}

export interface BestCandidate {
  readonly source: string;
  readonly passedCases: number;
  /** Ids of the cases it passed and failed; those it was not tried on are in neither. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  readonly attempt: number;
}

/** What one run knows; plain JSON, since the graph hands it from node to node. */
export interface LoopState {
  /** Counted from 1; 0 before the first attempt. */
  readonly attempt: number;
  readonly contract: Contract | null;
  readonly suite: Suite | null;
  /** What programs that do nothing right made of the suite. */
  readonly stubs: readonly StubFinding[];
  /** Cases of the model's that fell in a trial. */
  readonly removedCases: readonly RemovedCase[];
  /** Programs of this run that were tried on open cases. */
  readonly witnesses: readonly Witness[];
  /** Once sealed cases were run, no open case falls any more. */
  readonly hasSealedRun: boolean;
  /** What the peers wrote; null before they were asked. */
  readonly peerPrograms: readonly PeerProgram[] | null;
  /** The one of this attempt; null when none could be read. */
  readonly candidate: Candidate | null;
  /** How far other programs bear the candidate out; null when it was asked for alone. */
  readonly agreement: Agreement | null;
  readonly problem: AttemptProblem | null;
  readonly verdict: Verdict | null;
  /** Facts of the last failure, as the coder is shown them. */
  readonly feedback: string;
  readonly previousCode: string;
  /** One line a failed attempt, oldest first. */
  readonly lessons: readonly string[];
  readonly tried: readonly { readonly treeDigest: string; readonly attempt: number }[];
  readonly best: BestCandidate | null;
  readonly sealedFailures: SealedFailures;
  /** How often sealed cases were replaced. */
  readonly renewals: number;
  readonly outcome: "admitted" | "unproven" | "failed" | "cancelled" | null;
}

export const initialState: LoopState = {
  attempt: 0,
  contract: null,
  suite: null,
  stubs: [],
  removedCases: [],
  witnesses: [],
  hasSealedRun: false,
  peerPrograms: null,
  candidate: null,
  agreement: null,
  problem: null,
  verdict: null,
  feedback: "",
  previousCode: "",
  lessons: [],
  tried: [],
  best: null,
  sealedFailures: {},
  renewals: 0,
  outcome: null,
};

/** What a node changed. */
export type StateChange = Partial<LoopState>;
