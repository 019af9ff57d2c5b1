import { bootstrapInterval, percent } from "./statistics.ts";

/** What one policy did with one problem. */
export interface PolicyOutcome {
  readonly problem: string;
  /** The chance that it admitted a right program, a wrong one; both 0 where it admitted none. */
  readonly right: number;
  readonly wrong: number;
  readonly answersUsed: number;
}

/** One policy's line in the table. */
export interface PolicyFigures {
  readonly policy: string;
  readonly kind: "peer" | "ours" | "bound";
  readonly problems: number;
  readonly solved: number;
  readonly solvedPercent: number;
  readonly solvedInterval: readonly [number, number];
  readonly wrong: number;
  /** Wrong admissions ÷ admissions, in per cent; null where it admitted nothing. */
  readonly wrongPercent: number | null;
  readonly answersUsed: number;
}

export function figuresOf(
  policy: string,
  kind: PolicyFigures["kind"],
  outcomes: readonly PolicyOutcome[],
): PolicyFigures {
  const sum = (key: "right" | "wrong" | "answersUsed", of = outcomes) =>
    of.reduce((total, outcome) => total + outcome[key], 0);
  const [solved, wrong] = [sum("right"), sum("wrong")];
  const [low, high] = bootstrapInterval(outcomes, (sample) => sum("right", sample));
  const count = outcomes.length;
  return {
    policy,
    kind,
    problems: count,
    solved: Math.round(10 * solved) / 10,
    solvedPercent: percent(solved, count),
    solvedInterval: [percent(low, count), percent(high, count)],
    wrong: Math.round(10 * wrong) / 10,
    wrongPercent: solved + wrong > 0 ? percent(wrong, solved + wrong) : null,
    answersUsed: sum("answersUsed"),
  };
}
