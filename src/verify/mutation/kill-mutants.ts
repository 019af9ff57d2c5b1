import type { Program, Sandbox, SandboxCall } from "../../sandbox/sandbox.ts";
import { variantsProgram } from "../../sandbox/variants.ts";
import type { Contract } from "../contract.ts";
import { judgeOutcome } from "../judge-case.ts";
import { withKeptChecker } from "../kept-programs.ts";
import { PropertyChecker } from "../property-checker.ts";
import { exactFirst } from "../stubs.ts";
import type { Case } from "../suite.ts";
import {
  separateProcesses,
  sharedProcess,
  type VariantOptions,
  type VariantProcess,
} from "../variant-process.ts";

/** So many processes work at once, each taking the next mutant that nobody has. */
const lanes = 2;
/** Fewer are tried by one: a process more costs more than it saves. */
const fewestForLanes = 10;
/** Cases on which a mutant that failed without an answer is asked for one: as good as all of them. */
const maxFurtherCalls = 20;

export interface KillOptions extends VariantOptions {
  readonly contract: Contract;
  readonly cases: readonly Case[];
  /** The unchanged program, which passes every case. */
  readonly candidate: Program;
  readonly mutants: readonly Program[];
}

/** Indexes of mutants, in order; those that are in neither list were killed. */
export interface TriedMutants {
  /** They pass every case. */
  readonly alive: readonly number[];
  /** They raise an error for each case that wants a result: whatever a case says, it notices. */
  readonly trivial: readonly number[];
}

/**
 * Tries every mutant on the cases. One that dies or takes too long is noticed. Mutants share processes,
 * `lanes` at once; the unchanged program is called last in each, and where it fails there, a mutant had
 * patched what they share: all of that process are then tried again, each in a fresh process.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function killMutants(options: KillOptions): Promise<TriedMutants> {
  const { candidate, mutants } = options;
  const variants = [...mutants, candidate];
  const program = variantsProgram(candidate.language, variants);
  const waiting = mutants.map((_, index) => index);
  return await withKeptChecker(options.sandbox, async (checker) => {
    const lane = () => workOff(waiting, program, variants, { ...options, checker });
    const length = mutants.length < fewestForLanes ? 1 : lanes;
    const tried = (await Promise.all(Array.from({ length }, lane))).flat();
    const withFate = (wanted: Fate) =>
      tried.flatMap(({ index, fate }) => (fate === wanted ? [index] : [])).toSorted(ascending);
    return { alive: withFate("alive"), trivial: withFate("trivial") };
  });
}

type Fate = "alive" | "killed" | "trivial";

interface TriedMutant {
  readonly index: number;
  readonly fate: Fate;
}

function ascending(a: number, b: number): number {
  return a - b;
}

interface LaneOptions extends KillOptions {
  /** Evaluates properties for all lanes. */
  readonly checker: Sandbox;
}

async function workOff(
  waiting: number[],
  program: Program,
  variants: readonly Program[],
  options: LaneOptions,
): Promise<readonly TriedMutant[]> {
  const mine: number[] = [];
  const take = () => {
    const next = waiting.shift();
    if (next !== undefined) {
      mine.push(next);
    }
    return next;
  };
  const control = variants.length - 1;
  const together = await withProcess(sharedProcess(program, options), options, async (fateOf) => {
    const tried = await fates(take, fateOf);
    return mine.length === 0 || (await fateOf(control)) === "alive" ? tried : undefined;
  });
  if (together !== undefined) {
    return together;
  }
  const again = [...mine];
  return await withProcess(separateProcesses(variants, options), options, async (fateOf) =>
    // A machine on which the unchanged program fails as well says nothing of its mutants.
    (await fateOf(control)) === "alive"
      ? fates(() => again.shift(), fateOf)
      : mine.map((index) => ({ index, fate: "alive" })),
  );
}

async function fates(
  next: () => number | undefined,
  fateOf: (index: number) => Promise<Fate>,
): Promise<readonly TriedMutant[]> {
  const tried: TriedMutant[] = [];
  for (let index = next(); index !== undefined; index = next()) {
    tried.push({ index, fate: await fateOf(index) });
  }
  return tried;
}

async function withProcess<T>(
  process: VariantProcess,
  options: LaneOptions,
  work: (fateOf: (index: number) => Promise<Fate>) => Promise<T>,
): Promise<T> {
  const checker = new PropertyChecker(options.checker, options.limits);
  try {
    return await work((index) => fateOf(index, process, checker, options));
  } finally {
    await Promise.all([process.close(), checker.close()]);
  }
}

async function fateOf(
  index: number,
  process: VariantProcess,
  checker: PropertyChecker,
  { cases, contract, signal }: KillOptions,
): Promise<Fate> {
  const ordered = exactFirst(cases);
  let isAnswering = !cases.some(wantsResult);
  for (const [at, testCase] of ordered.entries()) {
    const outcome = await process.call(index, callOf(testCase));
    isAnswering ||= outcome.kind === "returned";
    const failure = await judgeOutcome(testCase, outcome, contract, checker, signal);
    if (failure !== undefined) {
      const others = ordered.slice(at + 1).filter(wantsResult);
      // To learn of one that died whether it answers elsewhere costs a time limit and a process.
      isAnswering ||= outcome.kind === "died" || (await givesResult(index, process, others));
      return isAnswering ? "killed" : "trivial";
    }
  }
  return "alive";
}

/** The unchanged program has a result for each of the cases. */
async function givesResult(
  index: number,
  process: VariantProcess,
  cases: readonly Case[],
): Promise<boolean> {
  for (const testCase of cases.slice(0, maxFurtherCalls)) {
    const { kind } = await process.call(index, callOf(testCase));
    if (kind !== "raised") {
      return true;
    }
  }
  return false;
}

function wantsResult({ kind }: Case): boolean {
  return kind !== "raises";
}

function callOf({ args, files, filesAfter }: Case): SandboxCall {
  return { args, files, collectFiles: filesAfter.length > 0 };
}
