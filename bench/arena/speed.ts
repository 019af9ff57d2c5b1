import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { median, rounded } from "../statistics.ts";
import type { ArenaTools } from "./observe.ts";
import { percent } from "./statistics.ts";

const run = promisify(execFile);

export interface SpeedFigures {
  readonly executions: number;
  readonly processes: number;
  readonly perSecond: number;
  /** How much of the time went into the programs' own code. */
  readonly insidePercent: number;
  /** Null without a Python. */
  readonly plain: PlainFigures | null;
}

/** What a harness that starts `python3` could reach, and how many times that ours is. */
export interface PlainFigures {
  readonly startMs: number;
  /** With a process for each execution, that does nothing else. */
  readonly anExecution: Beside;
  /** With a process for each program, which makes all its calls in no time. */
  readonly aProgram: Beside;
  /** With a process for each program, whose calls take what they took here. */
  readonly aProgramAndCalls: Beside;
}

export interface Beside {
  readonly perSecond: number;
  readonly ratio: number;
}

/**
 * Executions a second beside a plain harness that starts `python3`. Recorded programs never run outside
 * the sandbox, so that harness is computed: from interpreters that start and do nothing, and from the
 * time that the programs' own code took here, calls that were cut off after 0.1 s included. Interpreters are
 * started between the problems, so that both meet the same load.
 */
export function measureSpeed(counts: ArenaTools["counts"]): SpeedFigures {
  const { executions, processes, programs, executionMs, insideMs, startsMs } = counts;
  const perSecond = (1_000 * executions) / executionMs;
  const beside = (plainMs: number): Beside => ({
    perSecond: Math.round((1_000 * executions) / plainMs),
    ratio: rounded(plainMs / executionMs),
  });
  const plain = (ms: number): PlainFigures => ({
    startMs: rounded(ms),
    anExecution: beside(executions * ms),
    aProgram: beside(programs * ms),
    aProgramAndCalls: beside(programs * ms + insideMs),
  });
  return {
    executions,
    processes,
    perSecond: Math.round(perSecond),
    insidePercent: percent(insideMs, executionMs),
    plain: startsMs.length === 0 ? null : plain(median(startsMs)),
  };
}

/** Milliseconds that one interpreter took which starts and does nothing. */
export async function bareStartMs(interpreter: string): Promise<number> {
  const startMs = performance.now();
  await run(interpreter, ["-c", "pass"]);
  return performance.now() - startMs;
}
