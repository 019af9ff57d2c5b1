import type { Conversion } from "./adapter/adapt-problem.ts";
import type { GatePoint } from "./gate.ts";
import type { PolicyFigures } from "./outcomes.ts";
import type { ChainRepeats } from "./play-collections.ts";
import type { SpeedFigures } from "./speed.ts";

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

function speedLines({ executions, processes, perSecond, plain }: SpeedFigures): string[] {
  const ours = `executions a second: ${perSecond} (${executions} in ${processes} processes)`;
  return plain === null
    ? [`${ours}; python3 is not installed`]
    : [
        `${ours}; a bare python3 start: ${plain.startMs} ms`,
        `one start an execution: at most ${plain.anExecution.perSecond}, ours ${plain.anExecution.ratio} times; one start a program, its calls for nothing: at most ${plain.aProgram.perSecond}, ours ${plain.aProgram.ratio} times`,
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

function repeatLines(repeats: ChainRepeats | undefined): string[] {
  return repeats === undefined
    ? []
    : [
        `retries of all ${repeats.recorded.chains} chains: ${repeats.recorded.retries}, the same syntax tree as an earlier attempt: ${repeats.recorded.repeated} (${repeats.recorded.repeatedPercent} %)`,
        `in the chains played: ${repeats.stopped} repeats stopped, ${repeats.runAgain} run again, ${repeats.objections} objections by peers`,
      ];
}
