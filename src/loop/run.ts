import type { RunJournal } from "../journal/journal.ts";
import type { Memory } from "../memory/memory.ts";
import type { Spending } from "../model/budget/spending.ts";
import type { SafetyReader } from "../safety/safety.ts";
import type { Clock } from "../shared/clock.ts";
import type { EventListener } from "../shared/events.ts";
import type { Language } from "../shared/json.ts";
import type { SkillLibrary } from "../skills/library.ts";
import type { ProofCost, ProofPolicy } from "../verify/certificate.ts";
import type { Contract } from "../verify/contract.ts";
import type { DraftCase } from "../verify/draft-case.ts";
import type { Case, DroppedCase, Suite } from "../verify/suite.ts";
import type { CaseFinding, Verdict } from "../verify/verdict.ts";
import type { Peer } from "./peers.ts";
import type { Prover } from "./prover.ts";
import type { RoleModels } from "./role-models.ts";

export interface Directive {
  readonly id: string;
  readonly goal: string;
  /** The skill's name, already reserved. */
  readonly skill: string;
  readonly language: Language;
  /** Lines `ARGS => RESULT`, already checked to be readable. */
  readonly examples: readonly string[];
  /** Files every case finds in its work folder. */
  readonly inputs: Case["files"];
}

export interface LoopSettings {
  readonly maxIterations: number;
  readonly analysis: boolean;
  readonly suiteCases: number;
  readonly sealedShare: number;
  /** How often a suite is run on a candidate that passed; 1 only once. */
  readonly flakeRuns: number;
  /** 0 makes none. */
  readonly maxMutants: number;
  readonly minMutationScore: number;
  /** Programs to ask for in each attempt. */
  readonly candidates: number;
}

export interface JudgeRequest {
  readonly contract: Contract;
  readonly suite: Suite;
  readonly source: string;
  /** Passed before: every case is tried, whatever fails, and none a second time in a fresh process. */
  readonly isRepeat?: boolean;
  /** How far the clock it is judged by is ahead of the machine's, in milliseconds. Default: 0. */
  readonly clockOffsetMs?: number;
  readonly onFinding?: (finding: CaseFinding) => void;
}

export interface VettedCases {
  readonly cases: readonly DraftCase[];
  readonly dropped: readonly DroppedCase[];
}

/** Everything one directive's run works with; built by the application, one a run. */
export interface Run {
  readonly directive: Directive;
  readonly settings: LoopSettings;
  /** Whom to ask in which role. */
  readonly models: RoleModels;
  /** Says where recorded answers come from; absent when a live model gives them. */
  readonly recordingLabel?: string;
  /** Allows a call, or stops the run, and counts what it cost. */
  readonly spending: Spending;
  /** Asked for a program each, which votes and is never admitted. */
  readonly peers: readonly Peer[];
  readonly journal: RunJournal;
  readonly memory: Memory;
  readonly skills: SkillLibrary;
  readonly safety: SafetyReader;
  readonly clock: Clock;
  readonly emit: EventListener;
  /** Absent when nobody is asked. */
  readonly confirm: (() => Promise<boolean>) | undefined;
  readonly signal: AbortSignal | undefined;
  /** Makes the suite's calls in a sandbox and compares the answers outside it. */
  judge(request: JudgeRequest): Promise<Verdict>;
  /** Tests the tests, and what has passed them, further. */
  readonly prover: Prover;
  /** Throws out property cases that nobody could pass, nobody fail, or that contradict an example. */
  vetCases(
    cases: readonly DraftCase[],
    contract: Contract,
    examples: readonly DraftCase[],
  ): Promise<VettedCases>;
  /** The settings that a proof is made under, for its certificate. */
  readonly policy: ProofPolicy;
  /** What the run took until now. */
  cost(): ProofCost;
  /** Calls made of each role, so that answers are found again by their order. */
  readonly calls: CallCounter;
}

/** Counts model calls by role; the same on every replay, since replaying makes the same calls. */
export class CallCounter {
  readonly #counts = new Map<string, number>();
  readonly #models = new Set<string>();
  #requests = 0;

  /** Returns the order of this call, from 0. */
  next(role: string): number {
    const order = this.#counts.get(role) ?? 0;
    this.#counts.set(role, order + 1);
    return order;
  }

  /** Notes a request that is sent, or was: a call whose first model is down costs two. */
  requested(): void {
    this.#requests += 1;
  }

  requests(): number {
    return this.#requests;
  }

  /** Notes who answered: a run that was resumed may have asked another model than it began with. */
  answered(model: string): void {
    this.#models.add(model);
  }

  /** Names of all models that answered, the first one first. */
  models(): readonly string[] {
    return [...this.#models];
  }

  total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
