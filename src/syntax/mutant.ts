/** What a mutant changes; chosen across the whole code, so that every kind of slip is asked about. */
export const mutationOperators = [
  "arithmetic",
  "comparison",
  "boundary",
  "constant",
  "condition",
  "logical",
  "statement-removed",
  "arguments-swapped",
  "off-by-one",
  "early-return",
  "error-type",
  "decorator-removed",
  "base-removed",
  "annotation-removed",
] as const;

export type MutationOperator = (typeof mutationOperators)[number];

/** A source with one change in its syntax tree that a good suite must notice. */
export interface Mutant {
  /** `m1`, `m2`, … in the order of the source. */
  readonly id: string;
  readonly operator: MutationOperator;
  /** From 1, of the original. */
  readonly line: number;
  /**
   * The changed expression or statement and what became of it, one line of at most some 120
   * characters each; an early return is shown with the statement that it stands before.
   */
  readonly before: string;
  readonly after: string;
  /** The whole changed source; it parses, and its tree differs from the original's and every other's. */
  readonly source: string;
}

export interface MutationOptions {
  /** At most so many, spread over functions, lines and operators. */
  readonly maxMutants: number;
  /** The same source, options and seed give the same mutants. */
  readonly seed: number;
  /** Names of errors that callers know; others are swapped only where the source catches some itself. */
  readonly errors?: readonly string[];
  /** The public function; code that it cannot reach is changed last. */
  readonly entry: string;
}
