import { best, type Choice, type Policy, passedWeight, type RecordedProblem } from "./recorded.ts";

/** The first program that answers anything. */
export const firstThatRuns: Policy = (problem) => first(problem, ({ runs }) => runs);

/** The first program that passes all of the model's own tests; none where there are no tests. */
export const allOwnTests: Policy = (problem) =>
  first(problem, ({ bits }) => bits.length > 0 && bits.every(Boolean));

/** A draw among the programs that pass most of the tests, each as often as it was written. */
export const mostTests: Policy = (problem) => ({
  chosen: best([...problem.programs.keys()], (index) => passedWeight(problem, index)),
  answersUsed: problem.programs.length,
});

function first(
  { programs }: RecordedProblem,
  isWanted: (program: RecordedProblem["programs"][number]) => boolean,
): Choice {
  const index = programs.findIndex(isWanted);
  return index === -1
    ? { chosen: [], answersUsed: programs.length }
    : { chosen: [index], answersUsed: index + 1 };
}
