import type { AgreementEvidence } from "./evidence.ts";
import { noAnswer, type ObservedProgram } from "./observe-programs.ts";
import type { Case } from "./suite.ts";

/** A program with where it came from. */
export interface RankedProgram extends ObservedProgram {
  /** Programs of the same text, names of locals and formatting aside, are one. */
  readonly treeDigest: string;
  /** False for one that only votes. */
  readonly isCandidate: boolean;
  /** From another model than the candidates. */
  readonly isIndependent: boolean;
}

export interface Ranking {
  /** Of the candidate that goes on, among the programs; undefined when none is one. */
  readonly best: number | undefined;
  readonly evidence: Omit<AgreementEvidence, "sources">;
  /** At every input at least half of the weight agrees, that of independent programs among it. */
  readonly isStrict: boolean;
}

/** A test that fewer programs pass than this share of their weight counts for nothing. */
const leastWitnesses = 0.3;
/** Where one answer holds this share of the weight, the input decides. */
const decisiveShare = 0.6;
const fewestIndependent = 2;
const smallWeight = 0.05;

/**
 * Weighs programs by what others say, not by the number of tests that each passes: programs that
 * behave alike are one group, worth its distinct texts × the tests that it passes, each as far as
 * other programs bear it out × how far the outputs of the others agree with its own. Somebody's own
 * examples come first. The earlier one wins between equals.
 */
export function rankPrograms(
  programs: readonly RankedProgram[],
  openCases: readonly Case[],
): Ranking {
  const weights = programs.map((one) => weightOf(one, openCases));
  const groups = Map.groupBy(programs.keys(), (index) => behaviourOf(programs[index]));
  const scores = programs.map((program, index) => {
    const group = groups.get(behaviourOf(program)) ?? [];
    const texts = new Set(group.map((member) => programs[member]?.treeDigest)).size;
    return (
      texts * testsOf(program, programs, weights, openCases) * agreementOf(index, programs, weights)
    );
  });
  const candidates = [...programs.keys()].filter((index) => programs[index]?.isCandidate);
  const [best] = candidates.toSorted(
    (a, b) =>
      examplesOf(programs[b], openCases) - examplesOf(programs[a], openCases) ||
      (scores[b] ?? 0) - (scores[a] ?? 0) ||
      a - b,
  );
  const decided = best === undefined ? [] : decidedBy(best, programs, weights);
  const agreed = decided.filter(Boolean).length;
  return {
    best,
    evidence: {
      programs: programs.length,
      behaviours: groups.size,
      agreement: decided.length === 0 ? null : agreed / decided.length,
      decisiveInputs: decided.length,
    },
    isStrict: best !== undefined && isStrict(best, programs, weights),
  };
}

function behaviourOf(program: ObservedProgram | undefined): string {
  return JSON.stringify([Object.values(program?.caseAnswers ?? {}), program?.inputAnswers]);
}

function examplesOf(program: ObservedProgram | undefined, openCases: readonly Case[]): number {
  const own = openCases.filter(({ origin }) => origin === "example");
  return own.filter(({ id }) => program?.passed.includes(id)).length;
}

/** A program that fails somebody's own example hardly counts; without examples, its open cases say. */
function weightOf(program: ObservedProgram, openCases: readonly Case[]): number {
  const own = openCases.filter(({ origin }) => origin === "example").length;
  const share =
    own > 0
      ? Number(examplesOf(program, openCases) === own)
      : program.passed.length / Math.max(1, openCases.length);
  return smallWeight + share;
}

function testsOf(
  program: RankedProgram,
  programs: readonly RankedProgram[],
  weights: readonly number[],
  openCases: readonly Case[],
): number {
  const total = sum(weights);
  const shares = openCases.map(({ id, origin }) => {
    const share = sum(weights.filter((_, index) => programs[index]?.passed.includes(id))) / total;
    return { id, weight: origin === "example" || share >= leastWitnesses ? share : 0 };
  });
  const passed = shares.filter(({ id }) => program.passed.includes(id));
  return smallWeight + sum(passed.map(({ weight }) => weight));
}

/** Mean over the inputs of the weight that gives the same answer; errors agree with nobody. */
function agreementOf(
  index: number,
  programs: readonly RankedProgram[],
  weights: readonly number[],
): number {
  const answers = programs[index]?.inputAnswers ?? [];
  const shares = answers.map((answer, input) =>
    isAnswer(answer) ? weightOfAnswer(answer, input, programs, weights) : 0,
  );
  return smallWeight + sum(shares) / Math.max(1, shares.length);
}

/** For each input on which some answer is decisive, whether this program gives it. */
function decidedBy(
  index: number,
  programs: readonly RankedProgram[],
  weights: readonly number[],
): readonly boolean[] {
  const own = programs[index]?.inputAnswers ?? [];
  const others = [...programs.keys()].filter((other) => other !== index);
  const voters = others.flatMap((other) => programs[other] ?? []);
  const voting = others.flatMap((other) => weights[other] ?? []);
  return own.flatMap((answer, input) => {
    const given = new Set(voters.map(({ inputAnswers }) => inputAnswers[input] ?? noAnswer));
    const decisive = [...given].find(
      (one) => isAnswer(one) && weightOfAnswer(one, input, voters, voting) >= decisiveShare,
    );
    return decisive === undefined ? [] : [decisive === answer];
  });
}

function isStrict(
  index: number,
  programs: readonly RankedProgram[],
  weights: readonly number[],
): boolean {
  const others = [...programs.keys()].filter((other) => other !== index);
  const voters = others.flatMap((other) => programs[other] ?? []);
  const voting = others.flatMap((other) => weights[other] ?? []);
  const own = programs[index]?.inputAnswers ?? [];
  return (
    voters.filter((one) => one.isIndependent).length >= fewestIndependent &&
    own.length > 0 &&
    own.every((answer, input) => weightOfAnswer(answer, input, voters, voting) >= 0.5)
  );
}

function weightOfAnswer(
  answer: string,
  input: number,
  programs: readonly RankedProgram[],
  weights: readonly number[],
): number {
  const same = weights.filter((_, index) => programs[index]?.inputAnswers[input] === answer);
  return sum(same) / Math.max(smallWeight, sum(weights));
}

function isAnswer(text: string): boolean {
  return text.startsWith("returns ");
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
