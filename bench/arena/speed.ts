import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findPython } from "../sandbox-peers.ts";
import { median, rounded } from "../statistics.ts";
import type { ArenaTools } from "./observe.ts";

const run = promisify(execFile);
const rounds = 15;

export interface SpeedFigures {
  readonly executions: number;
  readonly processes: number;
  readonly perSecond: number;
  /** Null without a Python. */
  readonly plain: PlainFigures | null;
}

/** What a harness that starts `python3` could reach at most, and how many times that ours is. */
export interface PlainFigures {
  readonly startMs: number;
  /** With a process for each execution. */
  readonly anExecution: { readonly perSecond: number; readonly ratio: number };
  /** With a process for each program, which makes all its calls in no time. */
  readonly aProgram: { readonly perSecond: number; readonly ratio: number };
}

/**
 * Executions a second beside a plain harness that starts `python3`. That harness is given its best
 * case, an interpreter that starts and does nothing: recorded programs never run outside the sandbox,
 * so its time for them is left out. Ours includes every program that hung.
 */
export async function measureSpeed(counts: ArenaTools["counts"]): Promise<SpeedFigures> {
  const { executions, processes, programs, executionMs } = counts;
  const perSecond = (1_000 * executions) / executionMs;
  const interpreter = await findPython();
  const startMs = interpreter === undefined ? undefined : await bareStartMs(interpreter);
  const beside = (plainPerSecond: number) => ({
    perSecond: Math.round(plainPerSecond),
    ratio: rounded(perSecond / plainPerSecond),
  });
  const plain = (ms: number): PlainFigures => ({
    startMs: ms,
    anExecution: beside(1_000 / ms),
    aProgram: beside((1_000 * executions) / (programs * ms)),
  });
  return {
    executions,
    processes,
    perSecond: Math.round(perSecond),
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
