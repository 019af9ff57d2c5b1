import { best, groupsByBits, type Policy, passedWeight, samplesOf } from "./recorded.ts";

/**
 * CodeT's dual agreement: of the groups that pass the same tests, the one with the highest product
 * of the square root of its samples and its passed tests.
 *
 * @see Chen et al. 2022, arXiv 2207.10397
 */
export const codeT: Policy = (problem) => ({
  chosen: best(
    groupsByBits(problem),
    (members) => Math.sqrt(samplesOf(problem, members)) * passedWeight(problem, members[0] ?? -1),
  ).flat(),
  answersUsed: problem.programs.length,
});
