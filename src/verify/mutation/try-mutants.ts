import type { ExecutionLimits, Program, Sandbox, TaggedValue } from "../../sandbox/sandbox.ts";
import type { Mutant } from "../../syntax/mutant.ts";
import type { Contract } from "../contract.ts";
import type { SurvivingMutant, UnansweredInputs } from "../evidence.ts";
import type { Case, Suite } from "../suite.ts";
import { killMutants } from "./kill-mutants.ts";
import { compileToSameCode } from "./same-code.ts";
import { type Difference, tellApart } from "./tell-apart.ts";

/** A mutant slower than this many times the candidate's slowest call has been noticed. */
const slownessFactor = 10;
/** Of processor time, which a busy machine does not stretch; a first call imports what it needs. */
const leastCpuMs = 200;
/** For what waits without computing. */
const leastTimeoutMs = 2_000;

/** A mutant with the program that a sandbox can hold. */
export interface PreparedMutant {
  readonly mutant: Mutant;
  readonly program: Program;
}

export interface MutantTrialOptions {
  readonly contract: Contract;
  readonly suite: Suite;
  readonly candidate: Program;
  readonly mutants: readonly PreparedMutant[];
  readonly inputs: readonly (readonly TaggedValue[])[];
  /** The fastest that holds: what a mutant does admits nothing, so any runtime will do. */
  readonly sandbox: Sandbox;
  readonly limits: ExecutionLimits;
  /** Of the candidate, over all cases. */
  readonly slowestCallMs: number;
  readonly signal: AbortSignal | undefined;
}

export interface Survivor extends SurvivingMutant {
  readonly id: string;
  /** Calls that tell it from the candidate, the simplest first; none when nothing did. */
  readonly differences: readonly Difference[];
}

export interface MutantTrial {
  readonly made: number;
  readonly killed: number;
  /** They raise an error for each case that wants a result; not among the killed. */
  readonly trivial: number;
  /** Compiled to the candidate's own code. */
  readonly equivalent: number;
  readonly survivors: readonly Survivor[];
  readonly generatedInputs: number;
  /** Absent when the candidate answered all that were tried, and in older journals. */
  readonly unanswered?: UnansweredInputs;
}

/**
 * Tries every mutant on the suite, and what is left on generated inputs.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function tryMutants(options: MutantTrialOptions): Promise<MutantTrial> {
  const { mutants, candidate, sandbox, suite, inputs, signal } = options;
  const { alive, trivial } = await triedOn(options, mutants, suite.cases);
  const programs = alive.map(({ program }) => program);
  const limits = mutantLimits(options);
  const same = await compileToSameCode(candidate, programs, sandbox, limits, signal);
  const different = alive.filter((_, index) => same[index] !== true);
  const { differences, unanswered } = await tellApart({
    contract: options.contract,
    candidate,
    mutants: different.map(({ program }) => program),
    inputs,
    files: filesForGenerated(suite),
    sandbox,
    limits,
    signal,
  });
  return {
    made: mutants.length,
    killed: mutants.length - alive.length - trivial.length,
    trivial: trivial.length,
    equivalent: alive.length - different.length,
    survivors: different.map(({ mutant }, index) => ({
      id: mutant.id,
      operator: mutant.operator,
      line: mutant.line,
      before: mutant.before,
      after: mutant.after,
      differences: differences[index] ?? [],
    })),
    generatedInputs: inputs.length,
    ...(unanswered === undefined ? {} : { unanswered }),
  };
}

/** The work folder of generated calls: that of the first open case which has files. */
export function filesForGenerated({ cases }: Suite): Case["files"] {
  return cases.find((one) => !one.sealed && one.files.length > 0)?.files ?? [];
}

/** Those of the mutants that pass the cases. @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED */
export async function aliveAfter(
  options: MutantTrialOptions,
  mutants: readonly PreparedMutant[],
  cases: readonly Case[],
): Promise<readonly PreparedMutant[]> {
  return (await triedOn(options, mutants, cases)).alive;
}

async function triedOn(
  options: MutantTrialOptions,
  mutants: readonly PreparedMutant[],
  cases: readonly Case[],
) {
  const { alive, trivial } = await killMutants({
    contract: options.contract,
    cases,
    candidate: options.candidate,
    mutants: mutants.map(({ program }) => program),
    sandbox: options.sandbox,
    limits: mutantLimits(options),
    signal: options.signal,
  });
  const those = (indexes: readonly number[]) => indexes.flatMap((index) => mutants[index] ?? []);
  return { alive: those(alive), trivial: those(trivial) };
}

function mutantLimits({ limits, slowestCallMs }: MutantTrialOptions): ExecutionLimits {
  const enoughMs = Math.ceil(slowestCallMs * slownessFactor);
  return {
    ...limits,
    timeoutMs: Math.min(limits.timeoutMs, Math.max(leastTimeoutMs, enoughMs)),
    maxCpuMs: Math.min(limits.maxCpuMs, Math.max(leastCpuMs, enoughMs)),
  };
}
