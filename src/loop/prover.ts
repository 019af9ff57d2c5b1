import type { JsonValue, Language } from "../shared/json.ts";
import type { Contract } from "../verify/contract.ts";
import type { MutantTrial } from "../verify/mutation/try-mutants.ts";
import type { ObservedProgram } from "../verify/observe-programs.ts";
import type { Repeats } from "../verify/repeats.ts";
import type { StubTrial } from "../verify/stubs.ts";
import type { Case, Suite } from "../verify/suite.ts";
import type { Verdict } from "../verify/verdict.ts";

export interface RepeatRequest {
  readonly contract: Contract;
  readonly suite: Suite;
  readonly source: string;
  /** In which every case passed. */
  readonly first: Verdict;
  /** How often the suite is run in all, the first verdict included. */
  readonly runs: number;
}

export interface MutantRequest {
  readonly contract: Contract;
  readonly suite: Suite;
  readonly source: string;
  readonly maxMutants: number;
  /** The same request gives the same mutants and inputs. */
  readonly seed: number;
  /** Of the candidate, over all cases, in processor time where it was measured. */
  readonly slowestCallMs: number;
}

export interface ObserveRequest {
  readonly contract: Contract;
  readonly suite: Suite;
  /** Those of another language than the contract's keep the same contract, by position. */
  readonly programs: readonly { readonly source: string; readonly language: Language }[];
  readonly seed: number;
}

export interface Observation {
  readonly programs: readonly ObservedProgram[];
  /** The generated calls, in the order of the programs' last outcomes. */
  readonly inputs: readonly (readonly JsonValue[])[];
}

export type MutantOutcome =
  | { readonly kind: "tried"; readonly trial: MutantTrial }
  /** No mutant could be made of the source. */
  | { readonly kind: "unreadable"; readonly message: string };

/** What tests the tests: everything but the calls of the model. Executes in sandboxes only. */
export interface Prover {
  tryStubs(request: { readonly contract: Contract; readonly suite: Suite }): Promise<StubTrial>;
  /** Tries programs on the open cases, and on inputs generated from them. */
  observe(request: ObserveRequest): Promise<Observation>;
  repeat(request: RepeatRequest): Promise<Repeats>;
  tryMutants(request: MutantRequest): Promise<MutantOutcome>;
  /** Returns which mutants of an earlier request, given by id, these further cases kill. */
  killMutants(
    request: MutantRequest,
    ids: readonly string[],
    cases: readonly Case[],
  ): Promise<readonly string[]>;
}
