import { SeededRandom } from "../../src/verify/generated-inputs/seeded-random.ts";

const resamples = 2_000;

/** The middle 95 % of the statistic over resampled problems; the same every time. */
export function bootstrapInterval<Problem>(
  problems: readonly Problem[],
  statistic: (sample: readonly Problem[]) => number,
): readonly [number, number] {
  const random = new SeededRandom(20_261_126);
  const values = Array.from({ length: resamples }, () =>
    statistic(problems.flatMap(() => random.pick(problems) ?? [])),
  ).toSorted((a, b) => a - b);
  const at = (share: number) => values[Math.floor(share * (values.length - 1))] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}

/** In per cent, to a tenth; NaN of nothing. */
export function percent(part: number, whole: number): number {
  return Math.round((1_000 * part) / whole) / 10;
}
