import { digestBytes } from "../shared/digest.ts";
import type { Contract } from "../verify/contract.ts";
import type { Evidence, MutationEvidence } from "../verify/evidence.ts";
import {
  mutantSeed,
  mutationEvidence,
  slowestCallMs,
} from "../verify/mutation/mutation-evidence.ts";
import type { Suite } from "../verify/suite.ts";
import type { Verdict } from "../verify/verdict.ts";
import type { Parts } from "./parts.ts";
import { buildProver } from "./prover.ts";

export interface EvidenceRequest {
  readonly contract: Contract;
  readonly suite: Suite;
  readonly source: string;
  /** In which every case passed. */
  readonly verdict: Verdict;
  readonly signal: AbortSignal | undefined;
}

/**
 * Tests a suite that a source has passed: stubs, flake runs, mutants, whatever needs no model. The
 * same request gives the same evidence, so that a proof can be repeated.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export type GatherEvidence = (request: EvidenceRequest) => Promise<Evidence>;

export async function gatherEvidence(parts: Parts, request: EvidenceRequest): Promise<Evidence> {
  const { contract, suite, source, verdict, signal } = request;
  const { config } = parts;
  const prover = buildProver({
    reference: await parts.referenceSandbox(contract.language),
    sandbox: await parts.sandbox(contract.language),
    reader: await parts.reader(),
    ...{ config, signal },
  });
  const { flakeRuns } = config;
  const stubs = await prover.tryStubs({ contract, suite });
  const repeats = await prover.repeat({ contract, suite, source, first: verdict, runs: flakeRuns });
  const mutation = config.maxMutants === 0 ? undefined : await tryMutants(parts, prover, request);
  return {
    strength: "proven",
    stubs: stubs.findings,
    flakiness: {
      runs: repeats.runs,
      varied: repeats.varied,
      quarantined: repeats.wavering.map(({ caseId, detail }) => ({ caseId, detail })),
    },
    ...(mutation === undefined ? {} : { mutation }),
    removedCases: [],
    // Nobody reads results here, and no program was chosen among others.
    stepsOff: [
      "analysis",
      ...(mutation === undefined ? ["mutants"] : []),
      ...(flakeRuns < 2 ? ["flake runs"] : []),
    ],
  };
}

async function tryMutants(
  { config }: Parts,
  prover: ReturnType<typeof buildProver>,
  { contract, suite, source, verdict }: EvidenceRequest,
): Promise<MutationEvidence | undefined> {
  const seed = mutantSeed(digestBytes(source));
  const outcome = await prover.tryMutants({
    ...{ contract, suite, source, seed },
    maxMutants: config.maxMutants,
    slowestCallMs: slowestCallMs(verdict),
  });
  if (outcome.kind === "unreadable") {
    return undefined;
  }
  const { trial } = outcome;
  const { killed, survivors } = trial;
  const minimum = config.minMutationScore;
  return mutationEvidence({ trial, killed, survivors, minimum, seed, rounds: 0 });
}
