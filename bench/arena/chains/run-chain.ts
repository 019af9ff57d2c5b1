import type { Application } from "../../../src/application/application.ts";
import type { AgentEvent } from "../../../src/shared/events.ts";
import type { AgreementFinding } from "../../../src/verify/agreement/decisive-agreement.ts";
import type { ChainProblem } from "./chain-problem.ts";

export interface Refusal {
  /** Counted from 0. */
  readonly attempt: number;
  /** The loop's kind of failure, or `objection of peers`, `too few mutants noticed`. */
  readonly by: string;
}

/** How the real loop and the real gate ended on one chain. */
export interface ChainOutcome {
  readonly chainId: string;
  /** Index of the attempt that was admitted; undefined when none was. */
  readonly admitted: number | undefined;
  readonly agreement: AgreementFinding | undefined;
  /** Attempts that the loop asked the recording for. */
  readonly answersUsed: number;
  /** Attempts refused since their syntax tree was tried before. */
  readonly repeatsStopped: number;
  /** Equal syntax trees that were run a second time. */
  readonly repeatsRunAgain: number;
  readonly objections: number;
  /** Its suite noticed too little for a proof. */
  readonly isUnproven: boolean;
  readonly suitesRefused: number;
  /** Attempts that were lost, and what found them out. */
  readonly refusals: readonly Refusal[];
  /** Cases of the suite, sealed ones included. */
  readonly cases: number;
}

/** Plays one chain through `application`, whose model answers from the chain. */
export async function runChain(
  application: Application,
  problem: ChainProblem,
): Promise<ChainOutcome> {
  const { chain, goal, examples, readsGoal, treeDigests } = problem;
  const directive = application.runDirective(goal, {
    examples,
    goalExamples: readsGoal ? "take" : "ignore",
    again: true,
    language: "python",
  });
  const tally = new EventTally(treeDigests);
  for await (const event of directive) {
    tally.add(event);
  }
  const { status, attempts } = await directive.result;
  if (status === "unproven") {
    tally.refusals.push({ attempt: attempts - 1, by: "too few mutants noticed" });
  }
  const admitted = status === "completed" ? attempts - 1 : undefined;
  return {
    chainId: chain.chain_id,
    admitted,
    agreement: admitted === undefined ? undefined : problem.agreement(admitted),
    answersUsed: attempts,
    repeatsStopped: tally.repeated,
    repeatsRunAgain: tally.again,
    objections: tally.objections,
    isUnproven: status === "unproven",
    suitesRefused: tally.refused,
    refusals: tally.refusals,
    cases: tally.cases,
  };
}

/** What a run's events tell of it. */
class EventTally {
  repeated = 0;
  again = 0;
  objections = 0;
  cases = 0;
  refused = 0;
  readonly refusals: Refusal[] = [];
  readonly #treeDigests: readonly string[];
  readonly #judged = new Set<string>();
  #objectedTo = -1;

  constructor(treeDigests: readonly string[]) {
    this.#treeDigests = treeDigests;
  }

  add(event: AgentEvent): void {
    if (event.type === "verdict-reached") {
      this.#addVerdict(event.attempt);
      this.cases = event.cases;
    }
    if (event.type === "analysis-objected") {
      this.#objectedTo = event.attempt;
    }
    if (event.type === "attempt-failed") {
      const by = event.attempt === this.#objectedTo ? "objection of peers" : event.kind;
      this.refusals.push({ attempt: event.attempt - 1, by });
    }
    this.repeated += Number(event.type === "attempt-failed" && event.kind === "repeated");
    this.objections += Number(event.type === "analysis-objected");
    this.refused += Number(event.type === "suite-refused");
  }

  #addVerdict(attempt: number): void {
    const digest = this.#treeDigests[attempt - 1] ?? "";
    this.again += this.#judged.has(digest) ? 1 : 0;
    this.#judged.add(digest);
  }
}
