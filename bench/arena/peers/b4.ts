import { best, groupsByBits, type Policy, type RecordedProblem, samplesOf } from "./recorded.ts";

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
  const right = problem.programs[members[0] ?? -1]?.bits ?? [];
  const isMember = new Set(members);
  const others = problem.programs.filter((_, index) => !isMember.has(index));
  const onRight = countPasses(problem, others, right);
  const onWrong = countPasses(
    problem,
    others,
    right.map((bit) => !bit),
  );
  return (
    logBeta(onRight.passed + 1, onRight.failed + 1) +
    logBeta(onWrong.passed + 1, onWrong.failed + wrongOnWrong) +
    logBeta(samplesOf(problem, members) + shares, sumSamples(others) + 1) +
    logBeta(onRight.tests + shares, onWrong.tests + 1)
  );
}

/** How often the programs pass the wanted tests, by samples and by how often a test was written. */
function countPasses(
  { testWeights }: RecordedProblem,
  programs: RecordedProblem["programs"],
  isWanted: readonly boolean[],
): { tests: number; passed: number; failed: number } {
  const weights = isWanted.map((wanted, test) => (wanted ? (testWeights[test] ?? 1) : 0));
  const tests = weights.reduce((sum, weight) => sum + weight, 0);
  const passed = programs.reduce(
    (sum, { bits, samples }) =>
      sum + samples * weights.reduce((total, weight, test) => total + (bits[test] ? weight : 0), 0),
    0,
  );
  return { tests, passed, failed: tests * sumSamples(programs) - passed };
}

function sumSamples(programs: RecordedProblem["programs"]): number {
  return programs.reduce((sum, { samples }) => sum + samples, 0);
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
