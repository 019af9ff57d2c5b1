import type { Behaviour, WeighedCase } from "./behaviour.ts";
import { independenceOf } from "./independence.ts";

/** A peer that passes somebody's examples is worth twenty that do not. */
const plausibleWeight = 1.05;
const implausibleWeight = 0.05;

/** One weight a peer: whether it passes every example; all weigh the same where there is none. */
export function peerWeights(
  peers: readonly Behaviour[],
  cases: readonly WeighedCase[],
): readonly number[] {
  return peers.map(({ passes }) => {
    const isPlausible = cases.every(({ isExample }, index) => !isExample || passes[index] === true);
    return isPlausible ? plausibleWeight : implausibleWeight;
  });
}

/**
 * The peers of a candidate among programs: those that another model wrote, each text once and none a
 * verbatim copy of the candidate. Errors of one model cluster, so its other programs say little; two
 * models that write the same syntax tree in other words are two witnesses.
 */
export function peersOf(
  candidate: Pick<Behaviour, "origin" | "textDigest">,
  programs: readonly Behaviour[],
): readonly Behaviour[] {
  const byText = new Map<string, Behaviour>();
  for (const program of programs) {
    const isForeign = independenceOf(candidate.origin, program.origin) === "other model";
    const isCopy = program.textDigest === candidate.textDigest || byText.has(program.textDigest);
    if (isForeign && !isCopy) {
      byText.set(program.textDigest, program);
    }
  }
  return [...byText.values()];
}
