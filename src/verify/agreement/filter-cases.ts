import type { Behaviour, WeighedCase } from "./behaviour.ts";
import { peerWeights } from "./peer-weights.ts";

/** Of the peers' weight; docs/arena.md has the figures on both sides of it. */
const fewestShareOfPeers = 0.25;

/**
 * One boolean a case: whether it may judge. Examples always may; a case that a model wrote when
 * peers with at least `fewestShareOfPeers` of their weight pass it. Without peers every case counts:
 * nobody is there to doubt it.
 */
export function countingCases(
  cases: readonly WeighedCase[],
  peers: readonly Behaviour[],
): readonly boolean[] {
  const weights = peerWeights(peers, cases);
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return cases.map(({ isExample }, index) => {
    const passing = peers.reduce(
      (sum, { passes }, peer) => sum + (passes[index] === true ? (weights[peer] ?? 0) : 0),
      0,
    );
    return isExample || peers.length === 0 || passing >= fewestShareOfPeers * all;
  });
}
