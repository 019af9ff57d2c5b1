import type { MutationEvidence, SurvivingMutant } from "../evidence.ts";
import { type Verdict, verdictsOf } from "../verdict.ts";
import { mutationScore, mutationShortage } from "./mutation-score.ts";
import type { MutantTrial, Survivor } from "./try-mutants.ts";

/** From the code alone, so that whoever repeats the proof gets the same mutants and inputs. */
export function mutantSeed(codeDigest: string): number {
  return Number.parseInt(codeDigest.slice(-8), 16);
}

/** Of a verdict, in processor time where it was measured. */
export function slowestCallMs(verdict: Verdict): number {
  // Without the first call of each process, which imports what the others find there.
  const calls = verdictsOf(verdict).flatMap(({ findings }) => findings.slice(1));
  return Math.max(0, ...calls.map(({ outcome }) => outcome.usage?.cpuMs ?? outcome.durationMs));
}

/** How many mutants differ from the code, how many perhaps, and the share of those that count. */
export function countSurvivors(killed: number, survivors: readonly Survivor[]) {
  const survived = survivors.filter(({ differences }) => differences.length > 0);
  const unknown = survivors.filter(({ differences }) => differences.length === 0);
  return { survived, unknown, score: mutationScore(killed, survived.length) };
}

interface ListedMutants {
  readonly killed: number;
  readonly trivial?: number;
  readonly survived: readonly unknown[];
  readonly unknown: readonly unknown[];
}

/** What evidence, or a trial under way, falls short of; see `mutationShortage`. */
export function shortageOfMutants(
  { killed, trivial = 0, survived, unknown }: ListedMutants,
  minimum: number,
) {
  const counts = { killed, trivial, survived: survived.length, unknown: unknown.length };
  return mutationShortage(counts, minimum);
}

export interface MutationResult {
  readonly trial: MutantTrial;
  /** Of the trial, and by the cases that came after it. */
  readonly killed: number;
  readonly survivors: readonly Survivor[];
  readonly minimum: number;
  readonly seed: number;
  readonly rounds: number;
}

export function mutationEvidence(result: MutationResult): MutationEvidence {
  const { trial, killed, survivors, minimum, seed, rounds } = result;
  const { survived, unknown, score } = countSurvivors(killed, survivors);
  return {
    made: trial.made,
    killed,
    survived: survived.map(toEvidence),
    unknown: unknown.map(toEvidence),
    equivalent: trial.equivalent,
    ...(trial.trivial > 0 ? { trivial: trial.trivial } : {}),
    score,
    minimum,
    generatedInputs: trial.generatedInputs,
    ...(trial.unanswered === undefined ? {} : { unanswered: trial.unanswered }),
    seed,
    rounds,
  };
}

function toEvidence({ operator, line, before, after }: Survivor): SurvivingMutant {
  return { operator, line, before, after };
}
