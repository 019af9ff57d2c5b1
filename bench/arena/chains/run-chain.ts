import type { Application } from "../../../src/application/application.ts";
import type { AgreementFinding } from "../../../src/verify/agreement/decisive-agreement.ts";
import type { ChainProblem } from "./chain-problem.ts";

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
  const judged = new Set<string>();
  const counts = { repeated: 0, again: 0, objections: 0, cases: 0, refused: 0 };
  for await (const event of directive) {
    if (event.type === "attempt-failed" && event.kind === "repeated") {
      counts.repeated += 1;
    } else if (event.type === "verdict-reached") {
      const digest = treeDigests[event.attempt - 1] ?? "";
      counts.again += judged.has(digest) ? 1 : 0;
      judged.add(digest);
      counts.cases = event.cases;
    } else if (event.type === "analysis-objected") {
      counts.objections += 1;
    } else if (event.type === "suite-refused") {
      counts.refused += 1;
    }
  }
  const { status, attempts } = await directive.result;
  const admitted = status === "completed" ? attempts - 1 : undefined;
  return {
    chainId: chain.chain_id,
    admitted,
    agreement: admitted === undefined ? undefined : problem.agreement(admitted),
    answersUsed: attempts,
    repeatsStopped: counts.repeated,
    repeatsRunAgain: counts.again,
    objections: counts.objections,
    isUnproven: status === "unproven",
    suitesRefused: counts.refused,
    cases: counts.cases,
  };
}
