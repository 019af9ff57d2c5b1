import { canonicalJson, digestBytes } from "../shared/digest.ts";
import type { Contract } from "../verify/contract.ts";
import type { Evidence, MutationEvidence, StubFinding } from "../verify/evidence.ts";
import {
  mutantSeed,
  mutationEvidence,
  slowestCallMs,
} from "../verify/mutation/mutation-evidence.ts";
import type { Survivor } from "../verify/mutation/try-mutants.ts";
import { clocksOf } from "../verify/repeats.ts";
import { spreadCases } from "../verify/spread-cases.ts";
import type { Case, Suite } from "../verify/suite.ts";
import type { Verdict } from "../verify/verdict.ts";
import type { Parts } from "./parts.ts";
import { buildProver } from "./prover.ts";

/** A larger suite is tested on so many of its cases, so that 10,000 of them take bounded time. */
const maxTestingCases = 500;
/** Of mutants that no case of those notices, on the other cases. */
const maxFurtherCalls = 20_000;

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
 * same request gives the same evidence, so that a proof can be repeated. Bounded in calls, not in
 * time: `Evidence.sampled` says what of a large suite was used.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export type GatherEvidence = (request: EvidenceRequest) => Promise<Evidence>;

export async function gatherEvidence(parts: Parts, request: EvidenceRequest): Promise<Evidence> {
  const { contract, source, verdict, signal } = request;
  const { config } = parts;
  const prover = buildProver({
    reference: await parts.referenceSandbox(contract.language),
    sandbox: await parts.sandbox(contract.language),
    reader: await parts.reader(),
    ...{ config, signal },
  });
  const { flakeRuns } = config;
  const sample = sampleOf(request.suite);
  const { suite } = sample;
  const stubs = await tryStubs(prover, request, sample);
  const repeats = await prover.repeat({ contract, suite, source, first: verdict, runs: flakeRuns });
  const mutants =
    config.maxMutants === 0 ? undefined : await tryMutants(parts, prover, request, sample);
  return {
    strength: "proven",
    stubs,
    flakiness: {
      runs: repeats.runs,
      varied: repeats.varied,
      ...clocksOf(repeats),
      quarantined: repeats.wavering.map(({ caseId, detail }) => ({ caseId, detail })),
    },
    ...(mutants === undefined ? {} : { mutation: mutants.mutation }),
    removedCases: [],
    ...(sample.rest.length === 0
      ? {}
      : {
          sampled: {
            cases: suite.cases.length,
            of: request.suite.cases.length,
            mutantCases: mutants?.cases ?? 0,
          },
        }),
    // Nobody reads results here, and no program was chosen among others.
    stepsOff: [
      "analysis",
      ...(config.maxMutants === 0 ? ["mutants"] : []),
      ...(flakeRuns < 2 ? ["flake runs"] : []),
    ],
  };
}

interface Sample {
  readonly suite: Suite;
  /** What is left out, in the order in which it would be taken. */
  readonly rest: readonly Case[];
}

function sampleOf(suite: Suite): Sample {
  if (suite.cases.length <= maxTestingCases) {
    return { suite, rest: [] };
  }
  const cases = spreadCases(suite.cases);
  return {
    suite: { cases: cases.slice(0, maxTestingCases) },
    rest: cases.slice(maxTestingCases),
  };
}

type BuiltProver = ReturnType<typeof buildProver>;

/** A stub that passes the sample has to pass every case before anything is said of it. */
async function tryStubs(
  prover: BuiltProver,
  { contract, suite }: EvidenceRequest,
  sample: Sample,
): Promise<readonly StubFinding[]> {
  const { findings, passing } = await prover.tryStubs({ contract, suite: sample.suite });
  return passing.length === 0 || sample.rest.length === 0
    ? findings
    : (await prover.tryStubs({ contract, suite })).findings;
}

interface TriedMutants {
  readonly mutation: MutationEvidence;
  /** So many cases each surviving mutant has passed. */
  readonly cases: number;
}

/** A case more can only kill more: the score on a part of the suite is never above that of the whole. */
async function tryMutants(
  { config }: Parts,
  prover: BuiltProver,
  { contract, source, verdict }: EvidenceRequest,
  { suite, rest }: Sample,
): Promise<TriedMutants | undefined> {
  const seed = mutantSeed(digestBytes(source));
  const request = {
    ...{ contract, suite, source, seed },
    maxMutants: config.maxMutants,
    slowestCallMs: slowestCallMs(verdict),
  };
  const outcome = await prover.tryMutants(request);
  if (outcome.kind === "unreadable") {
    return undefined;
  }
  const { trial } = outcome;
  const kill = async (left: readonly Survivor[], cases: readonly Case[]) => {
    const ids = left.map(({ id }) => id);
    const isNothing = ids.length === 0 || cases.length === 0;
    const noticed = isNothing ? [] : await prover.killMutants(request, ids, cases);
    return left.filter(({ id }) => !noticed.includes(id));
  };
  // Cases that make a call which is known to tell a mutant apart spare it the thousands before them.
  const left = await kill(trial.survivors, casesThatTell(trial.survivors, rest));
  const further = rest.slice(0, Math.floor(maxFurtherCalls / Math.max(1, left.length)));
  const survivors = await kill(left, further);
  const killed = trial.killed + trial.survivors.length - survivors.length;
  const minimum = config.minMutationScore;
  return {
    mutation: mutationEvidence({ trial, killed, survivors, minimum, seed, rounds: 0 }),
    cases: suite.cases.length + (trial.survivors.length === 0 ? 0 : further.length),
  };
}

function casesThatTell(survivors: readonly Survivor[], cases: readonly Case[]): readonly Case[] {
  const keyOf = ({ args }: Pick<Case, "args">) => canonicalJson([...args]);
  const telling = new Set(survivors.flatMap(({ differences }) => differences.map(keyOf)));
  return cases.filter((one) => telling.has(keyOf(one)));
}
