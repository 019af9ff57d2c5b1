import type { DeathReason, TaggedValue } from "../sandbox/sandbox.ts";
import type { MutationOperator } from "../syntax/mutant.ts";
import type { Independence } from "./agreement/independence.ts";

/**
 * `proven`: every case passed, the suite was tested itself. `proven strictly`: independent programs
 * agree as well, on inputs that nobody wrote a case for.
 */
export type Strength = "proven" | "proven strictly";

/** A program that does nothing right; a suite that lets it pass judges nobody. */
export interface StubFinding {
  readonly stub: "returns-nothing" | "returns-constant" | "returns-first-argument";
  readonly failedCases: number;
}

/** Runs of the whole suite on one candidate, each in a fresh process with other seeds. */
export interface FlakinessEvidence {
  readonly runs: number;
  /** What differed between the runs: `clock`, `hash seed`, `random seed`. */
  readonly varied: readonly string[];
  /** What the further runs took for now, in their order; absent where no run had a clock of its own. */
  readonly clocks?: readonly string[];
  /** Cases whose verdict wavered; they judge no more. */
  readonly quarantined: readonly { readonly caseId: string; readonly detail: string }[];
}

/** A change of the code that no case of the suite noticed. */
export interface SurvivingMutant {
  readonly operator: MutationOperator;
  readonly line: number;
  readonly before: string;
  readonly after: string;
}

/** Generated inputs that the code gave no answer to. */
export interface UnansweredInputs {
  /** All that the code was called with; fewer than were generated where it died too often. */
  readonly tried: number;
  /** What ended it, on how many; a `timeout` is that of mutants, which is shorter than a skill's. */
  readonly deaths: readonly {
    readonly reason: DeathReason;
    readonly inputs: number;
    /** The arguments of one such call, the simplest that was tried. */
    readonly example: readonly TaggedValue[];
  }[];
}

export interface MutationEvidence {
  readonly made: number;
  readonly killed: number;
  /** A generated input tells them from the code, and no case does. */
  readonly survived: readonly SurvivingMutant[];
  /** Nothing told them apart: perhaps equivalent, perhaps not; not counted. */
  readonly unknown: readonly SurvivingMutant[];
  /** Compiled to the same code; not counted. */
  readonly equivalent: number;
  /**
   * They raise an error for each case that wants a result, so that a case that says nothing notices
   * them as well; not counted. Absent when there was none.
   */
  readonly trivial?: number;
  /** killed ÷ (killed + survived), from 0 to 1; null when there was nothing to count. */
  readonly score: number | null;
  readonly minimum: number;
  readonly generatedInputs: number;
  /** Absent when the code answered all that were tried; where no mutant is left, none is. */
  readonly unanswered?: UnansweredInputs;
  readonly seed: number;
  /** Times the tester was asked about an input that tells a mutant apart. */
  readonly rounds: number;
}

/** What independent programs say on the cases and on generated inputs. */
export interface AgreementEvidence {
  readonly programs: number;
  /** Distinct behaviours among them. */
  readonly behaviours: number;
  /** Share of decisive generated inputs on which the program gives the answer most peers give. */
  readonly agreement: number | null;
  readonly decisiveInputs: number;
  /** Where the programs came from, the most independent first: other models, prompts, languages. */
  readonly sources: readonly string[];
  /** The peers by what sets them apart; certificates of earlier versions lack it. */
  readonly peers?: readonly PeerGroup[];
}

/** Peers of one kind, and how independent they turned out to be. */
export interface PeerGroup {
  readonly kind: Independence;
  readonly programs: number;
  /** So many of them have the syntax tree of the program itself, and say little. */
  readonly sameText: number;
  /** Share of generated inputs on which they answer as the program does; null without inputs. */
  readonly sameAnswers: number | null;
}

/** A case that a model wrote and that was taken out after a trial. */
export interface RemovedCase {
  readonly caseId: string;
  readonly text: string;
  readonly reason: string;
}

/** How much of a large suite tested it. All of it judged the code. */
export interface SampledSuite {
  /** In the flake runs, and for stubs unless one passed these. */
  readonly cases: number;
  readonly of: number;
  /** That each surviving mutant has passed. */
  readonly mutantCases: number;
}

/** Everything that was found out about a suite and a candidate beyond the verdicts on its cases. */
export interface Evidence {
  readonly strength: Strength;
  readonly stubs: readonly StubFinding[];
  readonly flakiness: FlakinessEvidence;
  readonly mutation?: MutationEvidence;
  readonly agreement?: AgreementEvidence;
  readonly removedCases: readonly RemovedCase[];
  /** Of a large suite; absent when every case was used. */
  readonly sampled?: SampledSuite;
  /** Optional steps that the settings left out: `analysis`, `mutants`, `flake runs`. */
  readonly stepsOff: readonly string[];
}
