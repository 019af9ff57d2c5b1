/** killed ÷ (killed + survived), from 0 to 1; null when there is nothing to count. */
export function mutationScore(killed: number, survived: number): number | null {
  return killed + survived === 0 ? null : killed / (killed + survived);
}

export interface MutantCounts {
  readonly killed: number;
  readonly survived: number;
  readonly unknown: number;
  /** Noticed by any case whatever, and so no merit of the suite; none where it is left out. */
  readonly trivial?: number;
}

/**
 * What a suite's mutants fall short of, or undefined when it notices enough. Unknown ones are not
 * counted in the score, but where they are more than those that are noticed or could be, most of the
 * code is beyond every case and every generated input: code that hides there, or hangs on them, would
 * have shown nothing.
 */
export function mutationShortage(
  { killed, survived, unknown, trivial = 0 }: MutantCounts,
  minMutationScore: number,
):
  | "none-made"
  | "only-trivial"
  | "none-noticed"
  | "mostly-unknown"
  | "too-few-noticed"
  | undefined {
  const counted = killed + survived;
  if (counted === 0) {
    const isMade = unknown > 0 || trivial > 0;
    return isMade ? (unknown === 0 ? "only-trivial" : "none-noticed") : "none-made";
  }
  if (killed / counted < minMutationScore) {
    return "too-few-noticed";
  }
  return unknown > counted + trivial ? "mostly-unknown" : undefined;
}
