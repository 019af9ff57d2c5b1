/** A problem as the peers' policies see it: recorded bits, never what we executed. */
export interface RecordedProblem {
  readonly programs: readonly RecordedProgram[];
  /** How often each test was written. */
  readonly testWeights: readonly number[];
}

export interface RecordedProgram {
  /** One boolean a test. */
  readonly bits: readonly boolean[];
  readonly samples: number;
  /** Whether it answers anything at all without an error. */
  readonly runs: boolean;
}

/** What a policy chose: equals among which it draws, or nothing; and how many answers it looked at. */
export interface Choice {
  /** Indexes of programs; a draw goes by their samples. */
  readonly chosen: readonly number[];
  readonly answersUsed: number;
}

export type Policy = (problem: RecordedProblem) => Choice;

/** Programs that pass the same tests. */
export function groupsByBits(problem: RecordedProblem): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [index, { bits }] of problem.programs.entries()) {
    const key = bits.map(Number).join("");
    const members = groups.get(key);
    members === undefined ? groups.set(key, [index]) : members.push(index);
  }
  return [...groups.values()];
}

export function samplesOf(problem: RecordedProblem, members: readonly number[]): number {
  return members.reduce((sum, index) => sum + (problem.programs[index]?.samples ?? 0), 0);
}

/** Weight of the tests that the program passes. */
export function passedWeight(problem: RecordedProblem, index: number): number {
  const bits = problem.programs[index]?.bits ?? [];
  return bits.reduce(
    (sum, passed, test) => sum + (passed ? (problem.testWeights[test] ?? 1) : 0),
    0,
  );
}

/** The entries with the highest score. */
export function best<Item>(items: readonly Item[], score: (item: Item) => number): Item[] {
  const scored = items.map((item) => ({ item, score: score(item) }));
  const highest = Math.max(...scored.map((one) => one.score));
  return scored.filter((one) => one.score >= highest - 1e-9).map(({ item }) => item);
}
