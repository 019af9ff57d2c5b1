import type { Program, Sandbox } from "../../sandbox/sandbox.ts";
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

export interface KillOptions extends VariantOptions {
  readonly contract: Contract;
  readonly cases: readonly Case[];
  /** The unchanged program, which passes every case. */
  readonly candidate: Program;
  readonly mutants: readonly Program[];
}

/**
 * Returns the indexes of the mutants that pass every case, in order. One that dies or takes too long
 * is noticed, and so killed. Mutants share processes, `lanes` at once; the unchanged program is
 * called last in each, and where it fails there, a mutant had patched what they share: all of that
 * process are then tried again, each in a fresh process.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function findSurvivors(options: KillOptions): Promise<readonly number[]> {
  const { candidate, mutants } = options;
  const variants = [...mutants, candidate];
  const program = variantsProgram(candidate.language, variants);
  const waiting = mutants.map((_, index) => index);
  return await withKeptChecker(options.sandbox, async (checker) => {
    const lane = () => workOff(waiting, program, variants, { ...options, checker });
    const length = mutants.length < fewestForLanes ? 1 : lanes;
    const survivors = await Promise.all(Array.from({ length }, lane));
    return survivors.flat().toSorted((a, b) => a - b);
  });
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
): Promise<readonly number[]> {
  const mine: number[] = [];
  const take = () => {
    const next = waiting.shift();
    if (next !== undefined) {
      mine.push(next);
    }
    return next;
  };
  const control = variants.length - 1;
  const survivors = await withProcess(sharedProcess(program, options), options, async (passes) => {
    const alive = await passing(take, passes);
    return mine.length === 0 || (await passes(control)) ? alive : undefined;
  });
  if (survivors !== undefined) {
    return survivors;
  }
  const again = [...mine];
  return await withProcess(separateProcesses(variants, options), options, async (passes) =>
    // A machine on which the unchanged program fails as well says nothing of its mutants.
    (await passes(control)) ? passing(() => again.shift(), passes) : mine,
  );
}

async function passing(
  next: () => number | undefined,
  passes: (index: number) => Promise<boolean>,
): Promise<number[]> {
  const alive: number[] = [];
  for (let index = next(); index !== undefined; index = next()) {
    if (await passes(index)) {
      alive.push(index);
    }
  }
  return alive;
}

async function withProcess<T>(
  process: VariantProcess,
  options: LaneOptions,
  work: (passes: (index: number) => Promise<boolean>) => Promise<T>,
): Promise<T> {
  const checker = new PropertyChecker(options.checker, options.limits);
  try {
    return await work((index) => passesAll(index, process, checker, options));
  } finally {
    await Promise.all([process.close(), checker.close()]);
  }
}

async function passesAll(
  index: number,
  process: VariantProcess,
  checker: PropertyChecker,
  { cases, contract, signal }: KillOptions,
): Promise<boolean> {
  for (const testCase of exactFirst(cases)) {
    const outcome = await process.call(index, {
      args: testCase.args,
      files: testCase.files,
      collectFiles: testCase.filesAfter.length > 0,
    });
    if ((await judgeOutcome(testCase, outcome, contract, checker, signal)) !== undefined) {
      return false;
    }
  }
  return true;
}
