import type { PolicyOutcome } from "../outcomes.ts";
import type { ChainRow } from "../read-rows.ts";
import { addOutcome, type OutcomeTable } from "../selection.ts";
import type { ChainOutcome } from "./run-chain.ts";

/** Attempts of recorded chains that are the same program as an earlier one of their chain. */
export interface RepeatFigures {
  readonly chains: number;
  readonly retries: number;
  readonly repeated: number;
  readonly repeatedPercent: number;
}

/** Adds what the recorded loop's gate, its bounds and ours made of one chain. */
export function addChain(table: OutcomeTable, chain: ChainRow, outcome: ChainOutcome): void {
  const { attempts } = chain;
  const passing = attempts.findIndex(({ test_bits: bits }) => /^1+$/.test(bits));
  const used = passing === -1 ? attempts.length : passing + 1;
  const add = (policy: string, index: number | undefined, answersUsed: number) =>
    addOutcome(table, policy, outcomeOf(chain, index, answersUsed));
  add("its own test passes (recorded)", passing === -1 ? undefined : passing, used);
  add("first attempt", 0, 1);
  add("last attempt", attempts.length - 1, attempts.length);
  const right = attempts.findIndex(({ hidden_pass: isRight }) => isRight);
  add("any attempt right", right === -1 ? undefined : right, attempts.length);
  const { admitted, agreement, answersUsed } = outcome;
  add("ours: loop, examples and filtered cases", admitted, answersUsed);
  add("ours: proven", agreement?.isAgreed === true ? admitted : undefined, answersUsed);
  const isStrict = agreement?.isAgreedStrictly === true;
  add("ours: proven strictly", isStrict ? admitted : undefined, answersUsed);
}

function outcomeOf(
  { attempts, chain_id: problem }: ChainRow,
  index: number | undefined,
  answersUsed: number,
): PolicyOutcome {
  const admitted = index === undefined ? undefined : attempts[index];
  return {
    problem,
    right: Number(admitted?.hidden_pass === true),
    wrong: Number(admitted?.hidden_pass === false),
    answersUsed,
  };
}

/** Counts retries that repeat a program of their chain, by the digests of their syntax trees. */
export function countRepeats(chains: readonly (readonly string[])[]): RepeatFigures {
  let retries = 0;
  let repeated = 0;
  for (const digests of chains) {
    retries += Math.max(0, digests.length - 1);
    repeated += digests.length - new Set(digests).size;
  }
  return {
    chains: chains.length,
    retries,
    repeated,
    repeatedPercent: Math.round((1_000 * repeated) / retries) / 10,
  };
}

/** What refused how many right and how many wrong attempts, the most first. */
export interface RefusalFigures {
  readonly by: string;
  readonly right: number;
  readonly wrong: number;
}

export function countRefusals(
  chains: readonly { readonly chain: ChainRow; readonly outcome: Pick<ChainOutcome, "refusals"> }[],
): readonly RefusalFigures[] {
  const labelled = chains.flatMap(({ chain, outcome }) =>
    outcome.refusals.map(({ attempt, by }) => ({
      by,
      isRight: chain.attempts[attempt]?.hidden_pass === true,
    })),
  );
  const rows = [...Map.groupBy(labelled, ({ by }) => by)].map(([by, all]) => {
    const right = all.filter(({ isRight }) => isRight).length;
    return { by, right, wrong: all.length - right };
  });
  return rows.toSorted((a, b) => b.right + b.wrong - a.right - a.wrong);
}
