import type { Case } from "./suite.ts";
import { expectationKey } from "./suite-reader.ts";

/**
 * All cases in an order that finds a wrong program early: one of each expectation in turn, and among
 * them from all over the list, the first and the last before what lies between. Its beginning is a
 * sample of the whole; the same cases give the same order.
 */
export function spreadCases(cases: readonly Case[]): readonly Case[] {
  const groups = [...Map.groupBy(cases, expectationKey).values()].map(spread);
  const longest = Math.max(0, ...groups.map(({ length }) => length));
  const ordered: Case[] = [];
  const turns = spread(groups);
  for (let round = 0; round < longest; round += 1) {
    ordered.push(...turns.flatMap((group) => group[round] ?? []));
  }
  return ordered;
}

/** The ends, then the middle of each stretch, the longest stretches first. */
function spread<T>(list: readonly T[]): readonly T[] {
  const ends = list.length < 2 ? [0] : [0, list.length - 1];
  const places = [...ends];
  let stretches: (readonly [number, number])[] = [[0, list.length - 1]];
  while (stretches.length > 0) {
    const halves: (readonly [number, number])[] = [];
    for (const [from, to] of stretches) {
      if (to - from < 2) {
        continue;
      }
      const middle = Math.floor((from + to) / 2);
      places.push(middle);
      halves.push([from, middle], [middle, to]);
    }
    stretches = halves;
  }
  return places.flatMap((place) => list.slice(place, place + 1));
}
