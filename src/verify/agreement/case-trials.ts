import type { Behaviour, WeighedCase } from "./behaviour.ts";
import { groupPrograms } from "./group-programs.ts";

/** Of the open cases at most this share may fall. */
const maxFallenShare = 0.2;
const fewestBehaviours = 2;

/**
 * Ids of the cases that deserve a trial: open, written by a model, and failed by every plausible
 * program (one that passes the examples), of which at least two behave differently. At most
 * `maxFallenShare` of the open cases, those first that weigh least. A trial decides; this only says
 * where to doubt.
 */
export function caseTrialCandidates(
  cases: readonly WeighedCase[],
  programs: readonly Behaviour[],
): readonly string[] {
  const plausible = programs.filter(({ passes }) =>
    cases.every(({ isExample }, index) => !isExample || passes[index] === true),
  );
  if (groupPrograms(plausible).length < fewestBehaviours) {
    return [];
  }
  const open = cases.filter(({ isSealed }) => !isSealed);
  const most = Math.floor(maxFallenShare * open.length);
  const doubted = cases.filter(
    ({ isExample, isSealed }, index) =>
      !isExample && !isSealed && plausible.every(({ passes }) => passes[index] !== true),
  );
  return doubted
    .toSorted((a, b) => a.weight - b.weight)
    .slice(0, most)
    .map(({ id }) => id);
}
