import type { Conversion } from "./adapter/adapt-problem.ts";
import type { AblationRow } from "./chains/ablate-chains.ts";
import type { GatePoint } from "./gate.ts";
import type { PolicyFigures } from "./outcomes.ts";
import type { ChainRepeats } from "./play-collections.ts";
import type { Beside, SpeedFigures } from "./speed.ts";

export interface CollectionFigures {
  readonly collection: string;
  readonly problems: number;
  readonly seconds: number;
  readonly conversion: Conversion;
  /** Share of the recorded asserts that became cases, in per cent. */
  readonly convertedPercent: number;
  readonly policies: readonly PolicyFigures[];
  readonly curve: readonly GatePoint[];
  readonly repeats?: ChainRepeats;
  readonly ablation?: readonly AblationRow[];
}

export interface ArenaFigures {
  readonly runtime: string;
  readonly backend: string;
  readonly collections: readonly CollectionFigures[];
  readonly speed: SpeedFigures;
}

/** The figures as lines of text. */
export function reportLines(figures: ArenaFigures): string[] {
  const { speed, collections, runtime, backend } = figures;
  return [
    `executed on ${runtime} in ${backend}`,
    ...collections.flatMap(collectionLines),
    "",
    ...speedLines(speed),
  ];
}

function speedLines(figures: SpeedFigures): string[] {
  const { executions, processes, perSecond, insidePercent, plain } = figures;
  const ours = `executions a second: ${perSecond} (${executions} in ${processes} processes), ${insidePercent} % of the time in the programs' own code`;
  if (plain === null) {
    return [`${ours}; python3 is not installed`];
  }
  const beside = (name: string, { perSecond: most, ratio }: Beside) =>
    `  one start of python3 ${name}: at most ${most} a second, ours ${ratio} times`;
  return [
    `${ours}; a bare start of python3: ${plain.startMs} ms`,
    beside("an execution, which does nothing else", plain.anExecution),
    beside("a program, its calls for nothing", plain.aProgram),
    beside("a program, its calls taking what they take here", plain.aProgramAndCalls),
  ];
}

function collectionLines(figures: CollectionFigures): string[] {
  const { returns, property, unreadable, unfit } = figures.conversion;
  return [
    "",
    `## ${figures.collection}: ${figures.problems} problems, ${figures.seconds} s`,
    `asserts: ${returns} as values, ${property} as properties, ${unfit} against the contract, ${unreadable} unreadable; ${figures.convertedPercent} % converted`,
    row(["policy", "solved", "% [95 %]", "wrong", "wrong ÷ admitted", "answers"]),
    ...figures.policies.map(policyLine),
    ...curveLines(figures.curve),
    ...repeatLines(figures.repeats),
    ...ablationLines(figures.ablation ?? []),
  ];
}

function policyLine(one: PolicyFigures): string {
  const [low, high] = one.solvedInterval;
  return row([
    one.policy,
    String(one.solved),
    `${one.solvedPercent} [${low}, ${high}]`,
    String(one.wrong),
    one.wrongPercent === null ? "–" : `${one.wrongPercent} %`,
    String(one.answersUsed),
  ]);
}

const widths = [42, 8, 22, 8, 18, 8];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => cell.padEnd(widths[index] ?? 10))
    .join(" ")
    .trimEnd();
}

function curveLines(curve: readonly GatePoint[]): string[] {
  return curve.length === 0
    ? []
    : [
        "the gate, all candidates: right accepted / wrong accepted, %",
        ...curve.map(
          ({ rule, right, wrong, rightCount, wrongCount, wrongInterval: [low, high] }) =>
            `  ${rule.padEnd(42)} ${right} / ${wrong} [${low}, ${high}] (${rightCount} / ${wrongCount})`,
        ),
      ];
}

function ablationLines(rows: readonly AblationRow[]): string[] {
  return rows.length === 0
    ? []
    : [
        "the loop with one part left out: right, wrong, unproven, answers, suites that a stub passed",
        ...rows.map(
          ({ name, right, wrong, unproven, answersUsed, suitesRefused }) =>
            `  ${name.padEnd(42)} ${right} / ${wrong} / ${unproven} / ${answersUsed} / ${suitesRefused}`,
        ),
      ];
}

function repeatLines(repeats: ChainRepeats | undefined): string[] {
  return repeats === undefined
    ? []
    : [
        `retries of all ${repeats.recorded.chains} chains: ${repeats.recorded.retries}, the same syntax tree as an earlier attempt: ${repeats.recorded.repeated} (${repeats.recorded.repeatedPercent} %)`,
        `in the chains played: ${repeats.stopped} repeats stopped, ${repeats.runAgain} run again, ${repeats.objections} objections by peers`,
        "what refused attempts in them: right / wrong",
        ...repeats.refusals.map(({ by, right, wrong }) => `  ${by.padEnd(42)} ${right} / ${wrong}`),
      ];
}
