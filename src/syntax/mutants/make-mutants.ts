import type { Mutant, MutationOptions } from "../mutant.ts";
import { UnreadableSource } from "../unreadable.ts";
import { applyChange, type Change, describeChange } from "./change.ts";
import { chooseChanges } from "./choose-changes.ts";

/**
 * Characters that are parsed to judge the mutants of one source: a source of a megabyte gets few
 * mutants instead of none. A count, not a clock, so that the same source gives the same mutants.
 */
const maxJudgedCharacters = 2_000_000;
/** Changes that turn out to be no mutant, for each that was asked for. */
const maxTriesPerMutant = 4;

/**
 * Returns the chosen changes as mutants in the order of the source. `digest` reads a whole source
 * under the language's judge; what it cannot read is no mutant, and one whose tree equals the
 * original's or another mutant's is left out.
 *
 * @throws {UnreadableSource} when the original itself cannot be read
 */
export function makeMutants(
  source: string,
  changes: readonly Change[],
  options: MutationOptions,
  digest: (source: string) => string,
): Mutant[] {
  const seen = new Set([digest(source)]);
  const chosen: { readonly change: Change; readonly source: string }[] = [];
  const affordable = Math.max(2, Math.floor(maxJudgedCharacters / Math.max(1, source.length)));
  let tries = Math.min(options.maxMutants * maxTriesPerMutant, affordable);
  for (const change of chooseChanges(changes, options.seed)) {
    if (chosen.length >= options.maxMutants || tries <= 0) break;
    tries -= 1;
    const mutated = applyChange(source, change);
    const found = digestOrNothing(mutated, digest);
    if (found === undefined || seen.has(found)) continue;
    seen.add(found);
    chosen.push({ change, source: mutated });
  }
  return chosen
    .toSorted((a, b) => inOrder(a.change, b.change))
    .map(({ change, source: mutated }, index) => ({
      id: `m${index + 1}`,
      operator: change.operator,
      line: change.line,
      ...describeChange(source, change),
      source: mutated,
    }));
}

function digestOrNothing(source: string, digest: (source: string) => string): string | undefined {
  try {
    return digest(source);
  } catch (error) {
    if (error instanceof UnreadableSource) return undefined;
    throw error;
  }
}

function inOrder(a: Change, b: Change): number {
  if (a.start !== b.start) return a.start - b.start;
  if (a.end !== b.end) return a.end - b.end;
  return a.replacement < b.replacement ? -1 : 1;
}
