import { best, groupsByBits, type Policy, type RecordedProblem } from "./recorded.ts";

/** Priors of the four Beta functions: a wrong program seldom passes a wrong test. */
const wrongOnWrong = 10_000;
const shares = 10;

/**
 * B4's posterior: a group of programs and the tests that they pass are taken for the right ones, and
 * scored by four Beta functions: how the other programs do on those tests, and on the other tests, and
 * how many programs and tests there are. The priors are those that serve B4 best on these rows, of a
 * grid of powers of ten, so its figure is rather too good than too low.
 *
 * @see Chen et al., "B4: Towards Optimal Assessment of Plausible Code Solutions with Plausible
 * Tests", ASE 2024
 */
export const b4: Policy = (problem) => ({
  chosen: best(groupsByBits(problem), (members) => posterior(problem, members)).flat(),
  answersUsed: problem.programs.length,
});

function posterior(problem: RecordedProblem, members: readonly number[]): number {
  const own = problem.programs[members[0] ?? -1]?.bits ?? [];
  const isMember = new Set(members);
  const sums = { inside: 0, others: 0, right: 0, wrong: 0, passRight: 0, passWrong: 0 };
  for (const [test, isRight] of own.entries()) {
    sums[isRight ? "right" : "wrong"] += problem.testWeights[test] ?? 1;
  }
  for (const [index, { bits, samples }] of problem.programs.entries()) {
    sums[isMember.has(index) ? "inside" : "others"] += samples;
    for (const [test, passed] of isMember.has(index) ? [] : bits.entries()) {
      const weight = passed ? samples * (problem.testWeights[test] ?? 1) : 0;
      sums[own[test] === true ? "passRight" : "passWrong"] += weight;
    }
  }
  const { inside, others, right, wrong, passRight, passWrong } = sums;
  return (
    logBeta(passRight + 1, others * right - passRight + 1) +
    logBeta(passWrong + 1, others * wrong - passWrong + wrongOnWrong) +
    logBeta(inside + shares, others + 1) +
    logBeta(right + shares, wrong + 1)
  );
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Stirling's series, shifted until it is exact to some twelve digits. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  while (z < 10) {
    shift -= Math.log(z);
    z += 1;
  }
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5);
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
}
