import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findPython } from "../sandbox-peers.ts";
import { median, rounded } from "../statistics.ts";
import type { ArenaTools } from "./observe.ts";
import { percent } from "./statistics.ts";

const run = promisify(execFile);
const rounds = 15;

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
 * time that the programs' own code took here, calls that were cut off after 0.1 s included.
 */
export async function measureSpeed(counts: ArenaTools["counts"]): Promise<SpeedFigures> {
  const { executions, processes, programs, executionMs, insideMs } = counts;
  const perSecond = (1_000 * executions) / executionMs;
  const interpreter = await findPython();
  const startMs = interpreter === undefined ? undefined : await bareStartMs(interpreter);
  const beside = (plainMs: number): Beside => ({
    perSecond: Math.round((1_000 * executions) / plainMs),
    ratio: rounded(plainMs / executionMs),
  });
  const plain = (ms: number): PlainFigures => ({
    startMs: ms,
    anExecution: beside(executions * ms),
    aProgram: beside(programs * ms),
    aProgramAndCalls: beside(programs * ms + insideMs),
  });
  return {
    executions,
    processes,
    perSecond: Math.round(perSecond),
    insidePercent: percent(insideMs, executionMs),
    plain: startMs === undefined ? null : plain(startMs),
  };
}

async function bareStartMs(interpreter: string): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startMs = performance.now();
    await run(interpreter, ["-c", "pass"]);
    samples.push(performance.now() - startMs);
  }
  return median(samples);
}
