/** killed ÷ (killed + survived), from 0 to 1; null when there is nothing to count. */
export function mutationScore(killed: number, survived: number): number | null {
  return killed + survived === 0 ? null : killed / (killed + survived);
}

/**
 * Whether a suite notices enough. Where nothing can be counted it does only if no mutant is left that
 * perhaps differs: a suite that notices none of them has shown nothing.
 */
export function isScoreEnough(
  score: number | null,
  unknown: number,
  minMutationScore: number,
): boolean {
  return score === null ? unknown === 0 : score >= minMutationScore;
}
