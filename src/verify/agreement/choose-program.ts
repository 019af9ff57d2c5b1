import { type Behaviour, isErrorKey, type WeighedCase } from "./behaviour.ts";
import { countingCases } from "./filter-cases.ts";
import { type BehaviourGroup, groupPrograms } from "./group-programs.ts";

/** What speaks for a group of programs that behave alike, each part by itself. */
export interface GroupFeatures {
  /** How many different texts behave so; copies of one slip are one text. */
  readonly distinctTexts: number;
  /** From 0 to 1: how much of all distinct texts gives the group's answers, a mean over the inputs. */
  readonly softAgreement: number;
  /** Weights together of the passed cases that count (`countingCases`). */
  readonly passedWeight: number;
  /** Whether it gives one answer whatever it is asked. */
  readonly isConstant: boolean;
  /** Share of inputs on which it raises or dies. */
  readonly errorShare: number;
}

export interface ScoredGroup extends BehaviourGroup {
  readonly features: GroupFeatures;
  readonly score: number;
}

/** Fitted by cross-validation over problems; docs/arena.md says how, and how far to trust them. */
const groupWeights = {
  distinctTexts: 1,
  softAgreement: 0.6,
  passedWeight: 0.6,
  isConstant: -1.5,
  errorShare: -0.5,
};
/** Keeps the logarithm of an agreement of nothing finite. */
const softFloor = 0.02;

/**
 * The groups of programs that behave alike, the best first: a weighted sum of logarithms of how many
 * different texts are in a group, how far other groups agree with it input by input, and how much
 * of the cases it passes, less where it answers a constant or raises. Equal scores keep the order of
 * their first members. Meant for many programs of a weak model whose own cases are mostly wrong; it
 * says which program is likeliest right, never that it is right.
 */
export function rankGroups(
  programs: readonly Behaviour[],
  cases: readonly WeighedCase[],
): readonly ScoredGroup[] {
  const groups = groupPrograms(programs);
  const counts = countingCases(cases, programs);
  const counting = cases.map((one, index) =>
    counts[index] === true ? one : { ...one, weight: 0 },
  );
  return groups
    .map((group) => {
      const features = featuresOf(group, groups, programs, counting);
      return { ...group, features, score: scoreOf(features) };
    })
    .sort((a, b) => b.score - a.score);
}

/**
 * Index of the program to keep: of the best group that has an eligible one, the text that was written
 * most often, formatting and names of locals aside; of equals the first. Examples are law: while one
 * such group passes all of them, no group that fails one is chosen.
 */
export function chooseProgram(
  programs: readonly Behaviour[],
  cases: readonly WeighedCase[],
  isEligible: (index: number) => boolean = () => true,
): number | undefined {
  const eligible = rankGroups(programs, cases).flatMap(({ members }) => {
    const own = members.filter(isEligible);
    return own.length === 0 ? [] : [own];
  });
  const isLawful = (members: readonly number[]) =>
    cases.every(
      ({ isExample }, index) => !isExample || programs[members[0] ?? -1]?.passes[index] === true,
    );
  const members = eligible.find(isLawful) ?? eligible[0] ?? [];
  const held = members.flatMap((index) => programs.slice(index, index + 1));
  const written = (index: number) =>
    held.reduce(
      (sum, { treeDigest, samples }) =>
        sum + (treeDigest === programs[index]?.treeDigest ? samples : 0),
      0,
    );
  return members.toSorted((a, b) => written(b) - written(a) || a - b)[0];
}

function scoreOf(features: GroupFeatures): number {
  return (
    groupWeights.distinctTexts * Math.log(features.distinctTexts) +
    groupWeights.softAgreement * Math.log(features.softAgreement + softFloor) +
    groupWeights.passedWeight * Math.log1p(features.passedWeight) +
    groupWeights.isConstant * Number(features.isConstant) +
    groupWeights.errorShare * features.errorShare
  );
}

function featuresOf(
  group: BehaviourGroup,
  groups: readonly BehaviourGroup[],
  programs: readonly Behaviour[],
  cases: readonly WeighedCase[],
): GroupFeatures {
  const { outcomes, distinctTexts } = group;
  const passes = programs[group.members[0] ?? -1]?.passes ?? [];
  const answers = outcomes.filter((outcome) => !isErrorKey(outcome));
  return {
    distinctTexts,
    softAgreement: softAgreement(group, groups),
    passedWeight: cases.reduce(
      (sum, { weight }, index) => sum + (passes[index] === true ? weight : 0),
      0,
    ),
    isConstant: new Set(answers).size <= 1,
    errorShare: outcomes.length === 0 ? 0 : 1 - answers.length / outcomes.length,
  };
}

function softAgreement(group: BehaviourGroup, groups: readonly BehaviourGroup[]): number {
  const all = groups.reduce((sum, { distinctTexts }) => sum + distinctTexts, 0);
  let agreed = 0;
  for (const [index, outcome] of group.outcomes.entries()) {
    for (const other of isErrorKey(outcome) ? [] : groups) {
      agreed += other.outcomes[index] === outcome ? other.distinctTexts : 0;
    }
  }
  const most = all * group.outcomes.length;
  return most === 0 ? 0 : agreed / most;
}
