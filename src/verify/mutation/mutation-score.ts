/** killed ÷ (killed + survived), from 0 to 1; null when there is nothing to count. */
export function mutationScore(killed: number, survived: number): number | null {
  return killed + survived === 0 ? null : killed / (killed + survived);
}

export interface MutantCounts {
  readonly killed: number;
  readonly survived: number;
  readonly unknown: number;
}

/**
 * What a suite's mutants fall short of, or undefined when it notices enough. Unknown ones are not
 * counted in the score, but where they are more than those that count, most of the code is beyond every
 * case and every generated input: code that hides there, or hangs on them, would have shown nothing.
 */
export function mutationShortage(
  { killed, survived, unknown }: MutantCounts,
  minMutationScore: number,
): "none-made" | "none-noticed" | "mostly-unknown" | "too-few-noticed" | undefined {
  const counted = killed + survived;
  if (counted === 0) {
    return unknown === 0 ? "none-made" : "none-noticed";
  }
  if (killed / counted < minMutationScore) {
    return "too-few-noticed";
  }
  return unknown > counted ? "mostly-unknown" : undefined;
}
