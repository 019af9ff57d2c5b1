import { defaultLimits } from "../src/sandbox/limits.ts";
import type { Sandbox, Subject } from "../src/sandbox/sandbox.ts";
import { variantsProgram } from "../src/sandbox/variants.ts";
import { mutantCases, mutants } from "./sandbox-skill.ts";
import { median } from "./statistics.ts";

export interface MutantFigures {
  readonly name: string;
  readonly mutants: number;
  readonly cases: number;
  /** Median of all calls of all mutants, the load included; a warm process was ready. */
  readonly totalMs: number;
  readonly processes: number;
}

/** All mutants in one process, each in a module or scope of its own (see `variantsProgram`). */
export async function measureMutants(
  sandbox: Sandbox,
  name: string,
  rounds: number,
): Promise<MutantFigures> {
  const variants = mutants(sandbox.language);
  const program = variantsProgram(sandbox.language, variants);
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await sandbox.warm();
    const startMs = performance.now();
    const started = await sandbox.start(program, defaultLimits);
    if (started.kind !== "started") {
      throw new Error(`the mutants did not load: ${JSON.stringify(started)}`);
    }
    await callAll(started.subject, variants.length);
    samples.push(performance.now() - startMs);
    await started.subject.close();
  }
  return {
    name,
    mutants: variants.length,
    cases: mutantCases.length,
    totalMs: median(samples),
    processes: 1,
  };
}

/** @throws {Error} when a mutant took the process with it: the figure would then be of something else. */
async function callAll(subject: Subject, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    for (const args of mutantCases) {
      const outcome = await subject.call({ args: [index, ...args] });
      if (outcome.kind === "died") {
        throw new Error(`mutant ${index} died: ${outcome.reason}, ${outcome.detail}`);
      }
    }
  }
}
