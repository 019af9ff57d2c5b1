/*
 * What one run of a small skill with its cases costs, in a process nobody used before: ours on every
 * backend this machine has, a bare interpreter (the floor), sandbox-runtime and a plain Pyodide, in
 * turns. `--json` prints figures, `--plot FILE` draws them.
 */
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { type MutantFigures, measureMutants } from "./sandbox-mutants.ts";
import { findOwnWays, type OwnWay, runSkill } from "./sandbox-ours.ts";
import { findPeers, type Way } from "./sandbox-peers.ts";
import { plotSandboxFigures } from "./sandbox-plot.ts";
import { skillCases } from "./sandbox-skill.ts";
import { median, rounded } from "./statistics.ts";

export interface WayFigures {
  readonly name: string;
  readonly kind: Way["kind"];
  /** Until nothing of the run can execute any more: for ours, and for whoever starts a command. */
  readonly coldMs: number;
  /** Until the last answer, with processes ready; ours only. */
  readonly warmMs: number | null;
  readonly coldOfBarePython: number | null;
  readonly warmOfBarePython: number | null;
  readonly peakMebibytes: number;
  /** Sustained fresh runs a second, by how many run at once. */
  readonly runsPerSecond: Readonly<Record<number, number>>;
}

export interface SandboxFigures {
  readonly cores: number;
  readonly rounds: number;
  readonly ways: readonly WayFigures[];
  readonly mutants: readonly MutantFigures[];
  readonly missing: readonly string[];
}

interface Samples {
  readonly cold: number[];
  readonly warm: number[];
}

const parallelism = [1, 2, 4, 8, 16];

/**
 * A process that has just come up, or just ended, is busy for a while after it says so: compiling,
 * or giving back its memory. None of that is the time of whatever is measured next.
 */
const settleMs = 100;

async function measureSandbox(rounds: number, secondsEach: number): Promise<SandboxFigures> {
  const cores = availableParallelism();
  const { ways: peers, missing } = await findPeers();
  const own = await findOwnWays(cores);
  const ways: readonly Way[] = [...peers, ...own];
  try {
    const samples = new Map(ways.map((way) => [way.name, { cold: [], warm: [] } as Samples]));
    for (const way of ways) {
      // The first run fills the disk's caches; it is not counted.
      await way.runFresh();
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const way of ways) {
        await delay(settleMs);
        samples.get(way.name)?.cold.push(await timed(() => way.runFresh()));
      }
      for (const way of own) {
        samples.get(way.name)?.warm.push(await timeWarm(way));
        // Or the pool's next process would start beside whatever is measured next.
        await way.sandbox.warm();
      }
    }
    const bareMs = medianOf(samples.get("bare python3")?.cold);
    const figures: WayFigures[] = [];
    for (const way of ways) {
      figures.push(await describeWay(way, samples.get(way.name), bareMs, secondsEach));
    }
    const mutants: MutantFigures[] = [];
    for (const way of own) {
      mutants.push(await measureMutants(way.sandbox, way.name, 5));
    }
    return { cores, rounds, ways: figures, mutants, missing };
  } finally {
    await Promise.all(ways.map((way) => way.close()));
  }
}

async function describeWay(
  way: Way,
  samples: Samples | undefined,
  bareMs: number | null,
  secondsEach: number,
): Promise<WayFigures> {
  const coldMs = medianOf(samples?.cold) ?? Number.NaN;
  const warmMs = medianOf(samples?.warm);
  const peakBytes = await way.peakMemoryBytes();
  const runsPerSecond: Record<number, number> = {};
  for (const parallel of parallelism) {
    runsPerSecond[parallel] = await sustainedRate(way, parallel, secondsEach);
  }
  return {
    name: way.name,
    kind: way.kind,
    coldMs,
    warmMs,
    coldOfBarePython: ratio(coldMs, bareMs),
    warmOfBarePython: ratio(warmMs, bareMs),
    peakMebibytes: Math.round(peakBytes / 1024 ** 2),
    runsPerSecond,
  };
}

/** Its processes are ready, as they are while a model is typing. */
async function timeWarm(way: OwnWay): Promise<number> {
  await way.sandbox.warm();
  await delay(settleMs);
  const startMs = performance.now();
  let answeredMs = startMs;
  await runSkill(way.sandbox, () => {
    answeredMs = performance.now();
  });
  return answeredMs - startMs;
}

/** Whole runs finished, by `parallel` loops at once that start the next when one has ended. */
async function sustainedRate(way: Way, parallel: number, seconds: number): Promise<number> {
  const runOnce = isOwn(way) ? () => runSkill(way.sandbox) : () => way.runFresh();
  if (isOwn(way)) {
    await way.sandbox.warm();
  }
  const endMs = performance.now() + seconds * 1_000;
  const startMs = performance.now();
  let runs = 0;
  const loop = async (): Promise<void> => {
    do {
      await runOnce();
      runs += 1;
    } while (performance.now() < endMs);
  };
  await Promise.all(Array.from({ length: parallel }, loop));
  const rate = rounded(runs / ((performance.now() - startMs) / 1_000));
  if (isOwn(way)) {
    await way.sandbox.warm();
  }
  return rate;
}

function isOwn(way: Way): way is OwnWay {
  return way.kind === "ours";
}

async function timed(action: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await action();
  return performance.now() - startMs;
}

function medianOf(samples: readonly number[] | undefined): number | null {
  return samples === undefined || samples.length === 0 ? null : median(samples);
}

/** To a hundredth: a warm start is a small part of a bare one. */
function ratio(valueMs: number | null, bareMs: number | null): number | null {
  return valueMs === null || bareMs === null ? null : Math.round((valueMs / bareMs) * 100) / 100;
}

function lines(figures: SandboxFigures): string[] {
  const head = `a small skill with its ${skillCases.length} cases, medians of ${figures.rounds} interleaved rounds, ${figures.cores} cores; in brackets: times a bare python3`;
  const rows = figures.ways.map((way) => {
    const warm = way.warmMs === null ? "" : ` · warm ${way.warmMs} ms (${way.warmOfBarePython})`;
    const rates = parallelism.map((count) => way.runsPerSecond[count]).join(" / ");
    return (
      `${way.name}: cold ${way.coldMs} ms (${way.coldOfBarePython ?? "?"})${warm}` +
      ` · ${way.peakMebibytes} MiB · fresh runs a second, ${parallelism.join("/")} at once: ${rates}`
    );
  });
  const mutants = figures.mutants.map(
    (one) =>
      `${one.name}: ${one.mutants} mutants × ${one.cases} cases in ${one.totalMs} ms, ` +
      `${one.processes} process${one.processes === 1 ? "" : "es"}`,
  );
  const missing = figures.missing.map((name) => `not measured: ${name}`);
  return [head, ...rows, ...mutants, ...missing];
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      json: { type: "boolean", default: false },
      plot: { type: "string" },
      rounds: { type: "string", default: "12" },
      seconds: { type: "string", default: "3" },
    },
  });
  const figures = await measureSandbox(Number(values.rounds), Number(values.seconds));
  if (values.plot !== undefined) {
    await writeFile(values.plot, plotSandboxFigures(figures));
  }
  process.stdout.write(`${values.json ? JSON.stringify(figures) : lines(figures).join("\n")}\n`);
}
