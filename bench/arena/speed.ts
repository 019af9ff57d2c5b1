import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { findPython } from "../sandbox-peers.ts";
import { median } from "../statistics.ts";
import type { ArenaTools } from "./observe.ts";

const run = promisify(execFile);
const rounds = 15;

export interface SpeedFigures {
  readonly executions: number;
  readonly processes: number;
  readonly perSecond: number;
  /** What a process for each execution could reach at most; null without a Python. */
  readonly plainPerSecond: number | null;
  readonly ratio: number | null;
}

/**
 * Executions a second beside a plain harness that starts `python3` for each. That harness is given
 * its best case, an interpreter that starts and does nothing: recorded programs never run outside
 * the sandbox, so its time for them is left out. Ours includes every program that hung.
 */
export async function measureSpeed(counts: ArenaTools["counts"]): Promise<SpeedFigures> {
  const perSecond = (1_000 * counts.executions) / counts.executionMs;
  const interpreter = await findPython();
  const plainMs = interpreter === undefined ? undefined : await bareStartMs(interpreter);
  return {
    executions: counts.executions,
    processes: counts.processes,
    perSecond: Math.round(perSecond),
    plainPerSecond: plainMs === undefined ? null : Math.round(1_000 / plainMs),
    ratio: plainMs === undefined ? null : Math.round((perSecond * plainMs) / 100) / 10,
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
