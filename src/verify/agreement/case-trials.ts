import type { Behaviour, WeighedCase } from "./behaviour.ts";

/** Of the open cases at most this share may fall. */
const maxFallenShare = 0.2;
const fewestBehaviours = 2;
/** Of the open cases a program must pass so many to speak against one. */
const plausibleShare = 0.5;

/** What a trial looks at of a program: all over the same cases. */
export type TriedProgram = Pick<Behaviour, "outcomes" | "passes">;

/** One that keeps somebody's own examples and at least half of the open cases may well be right. */
export function isPlausible(
  cases: readonly WeighedCase[],
  passes: TriedProgram["passes"],
): boolean {
  const open = [...cases.entries()].filter(([, { isSealed }]) => !isSealed);
  const passed = open.filter(([index]) => passes[index] === true);
  const keepsExamples = cases.every(({ isExample }, index) => !isExample || passes[index] === true);
  return keepsExamples && open.length > 0 && passed.length >= plausibleShare * open.length;
}

/**
 * Ids of the cases that deserve a trial: open, written by a model, and failed by every plausible
 * program, of which at least two behave differently. Those first that weigh least. A trial decides;
 * this only says where to doubt. `mostFallen` says how many may fall.
 */
export function caseTrialCandidates(
  cases: readonly WeighedCase[],
  programs: readonly TriedProgram[],
): readonly string[] {
  const plausible = programs.filter(({ passes }) => isPlausible(cases, passes));
  const behaviours = new Set(plausible.map(({ outcomes }) => JSON.stringify(outcomes)));
  if (behaviours.size < fewestBehaviours) {
    return [];
  }
  return cases
    .filter(
      ({ isExample, isSealed }, index) =>
        !isExample && !isSealed && plausible.every(({ passes }) => passes[index] !== true),
    )
    .toSorted((a, b) => a.weight - b.weight)
    .map(({ id }) => id);
}

/** How many more of the open cases may fall, where `fallen` did already and are not among them. */
export function mostFallen(openCases: number, fallen: number): number {
  return Math.max(0, Math.floor(maxFallenShare * (openCases + fallen)) - fallen);
}
