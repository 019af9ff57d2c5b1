import type { Evidence } from "../verify/evidence.ts";
import type { Disproof, Proving } from "./proof.ts";
import { proveMutants } from "./prove-mutants.ts";
import { provePeers } from "./prove-peers.ts";
import { proveRepeats } from "./prove-repeats.ts";
import type { Run } from "./run.ts";
import type { LoopState } from "./state.ts";

export type Proof =
  | {
      readonly kind: "proven" | "unproven";
      readonly proving: Proving;
      readonly evidence: Evidence;
      /** What a proof would still need; empty when proven. */
      readonly missing: readonly string[];
    }
  | Disproof;

/**
 * The second half of ANALYZE: a candidate that passed is not yet proven. Its suite must give the same
 * verdicts again, and notice changes of the code. The model is asked only where it notices too few, or
 * where other programs answer otherwise.
 */
export async function prove(run: Run, state: LoopState, proving: Proving): Promise<Proof> {
  const repeated = await proveRepeats(run, proving);
  if (repeated.kind === "disproved") {
    return repeated;
  }
  const compared = await provePeers(run, state, repeated.proving);
  if (compared.kind === "disproved") {
    return compared;
  }
  const mutated = await proveMutants(run, compared.proving);
  if (mutated.kind === "disproved") {
    return mutated;
  }
  const { mutation, shortage } = mutated;
  const evidence: Evidence = {
    strength: state.agreement?.isStrict === true ? "proven strictly" : "proven",
    stubs: state.stubs,
    flakiness: repeated.flakiness,
    ...(mutation === undefined ? {} : { mutation }),
    ...(state.agreement === null ? {} : { agreement: state.agreement.evidence }),
    removedCases: state.removedCases,
    stepsOff: stepsOff(run),
  };
  const missing = shortage === undefined ? [] : [shortage];
  const kind = missing.length === 0 ? "proven" : "unproven";
  return { kind, proving: mutated.proving, evidence, missing };
}

function stepsOff({ settings }: Run): readonly string[] {
  return [
    ...(settings.analysis ? [] : ["analysis"]),
    ...(settings.maxMutants > 0 ? [] : ["mutants"]),
    ...(settings.flakeRuns < 2 ? ["flake runs"] : []),
  ];
}
