import type { Behaviour, WeighedCase } from "./behaviour.ts";

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
 * The peers of a candidate among programs: those that neither its model wrote nor are copies of it,
 * each behaviour's text once. Errors of one model cluster, so its other programs say little.
 */
export function peersOf(
  candidate: Pick<Behaviour, "origin" | "digest">,
  programs: readonly Behaviour[],
): readonly Behaviour[] {
  const byDigest = new Map<string, Behaviour>();
  for (const program of programs) {
    const isForeign = program.origin.model !== candidate.origin.model;
    if (isForeign && program.digest !== candidate.digest && !byDigest.has(program.digest)) {
      byDigest.set(program.digest, program);
    }
  }
  return [...byDigest.values()];
}
