import type { Behaviour } from "./behaviour.ts";

/** Programs that gave the same outcome on every input. */
export interface BehaviourGroup {
  /** Indexes of its programs. */
  readonly members: readonly number[];
  readonly outcomes: readonly string[];
  /** How often a model wrote one of them. */
  readonly samples: number;
  /** Programs of equal syntax trees counted once: copies of one slip are one text. */
  readonly distinctTexts: number;
}

/** The groups of programs that behave alike, in the order of their first members. */
export function groupPrograms(programs: readonly Behaviour[]): readonly BehaviourGroup[] {
  const byOutcomes = new Map<string, number[]>();
  for (const [index, { outcomes }] of programs.entries()) {
    const key = JSON.stringify(outcomes);
    const members = byOutcomes.get(key);
    members === undefined ? byOutcomes.set(key, [index]) : members.push(index);
  }
  return [...byOutcomes.values()].map((members) => {
    const held = members.flatMap((index) => programs.slice(index, index + 1));
    return {
      members,
      outcomes: held[0]?.outcomes ?? [],
      samples: held.reduce((sum, { samples }) => sum + samples, 0),
      distinctTexts: new Set(held.map(({ treeDigest }) => treeDigest)).size,
    };
  });
}
