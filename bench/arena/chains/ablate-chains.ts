import type { Config } from "../../../src/config/schema.ts";
import type { ChainProblem } from "./chain-problem.ts";
import { playChains } from "./play-chains.ts";
import type { ChainOutcome } from "./run-chain.ts";

/** The product with one of its parts left out. */
interface Ablation {
  readonly name: string;
  readonly config?: Partial<Config>;
  readonly change?: (problem: ChainProblem) => ChainProblem;
}

/** How the loop ended on all chains: what it admitted, and what it held back as unproven. */
export interface AblationRow {
  readonly name: string;
  readonly right: number;
  readonly wrong: number;
  readonly unproven: number;
  readonly answersUsed: number;
  /** Suites that a program passed which does nothing. */
  readonly suitesRefused: number;
}

const ablations: readonly Ablation[] = [
  { name: "without filtering cases by peers", change: withEveryCase },
  { name: "without mutants", config: { maxMutants: 0 } },
  { name: "without objections of peers", config: { analysis: false } },
  { name: "without sealed cases", config: { sealedShare: 0 } },
  { name: "without flake runs", config: { flakeRuns: 1 } },
  { name: "without examples", change: withoutExamples },
];

/**
 * Plays the chains once for each part that can be left out.
 *
 * @param whole how they ended with all parts
 */
export async function ablateChains(
  problems: readonly ChainProblem[],
  whole: readonly ChainOutcome[],
): Promise<readonly AblationRow[]> {
  const rows = [rowOf("all of it", problems, whole)];
  for (const { name, config = {}, change = (problem: ChainProblem) => problem } of ablations) {
    const changed = problems.map(change);
    const outcomes = await playChains(changed, config);
    rows.push(rowOf(name, changed, outcomes));
    // Each takes minutes: whoever waits sees how far it has come.
    console.error(JSON.stringify(rows.at(-1)));
  }
  return rows;
}

function withEveryCase(problem: ChainProblem): ChainProblem {
  return { ...problem, script: { ...problem.script, cases: problem.everyCase } };
}

function withoutExamples(problem: ChainProblem): ChainProblem {
  return { ...problem, examples: [], readsGoal: false };
}

function rowOf(
  name: string,
  problems: readonly ChainProblem[],
  outcomes: readonly ChainOutcome[],
): AblationRow {
  const labels = new Map(
    problems.map(({ chain }) => [chain.chain_id, chain.attempts.map((one) => one.hidden_pass)]),
  );
  const admitted = outcomes.flatMap(({ chainId, admitted: index }) =>
    index === undefined ? [] : [labels.get(chainId)?.[index] === true],
  );
  const sum = (count: (outcome: ChainOutcome) => number) =>
    outcomes.reduce((total, outcome) => total + count(outcome), 0);
  return {
    name,
    right: admitted.filter((isRight) => isRight).length,
    wrong: admitted.filter((isRight) => !isRight).length,
    unproven: sum(({ isUnproven }) => Number(isUnproven)),
    answersUsed: sum(({ answersUsed }) => answersUsed),
    suitesRefused: sum(({ suitesRefused }) => suitesRefused),
  };
}
