/*
 * What a start costs: `autodidact --help` against `node -e 0`, both on this Node, run in turns so
 * that a slow moment of the machine meets both. Wanted: under 3 times.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

export interface StartFigures {
  readonly node: string;
  readonly runs: number;
  readonly nodeMs: number;
  readonly helpMs: number;
  readonly ratio: number;
  readonly wantedRatio: number;
}

const wantedRatio = 3;

/** Returns medians of `runs` interleaved starts, in milliseconds. */
export function measureStart(runs: number): StartFigures {
  const command = fileURLToPath(new URL("../bin/autodidact.mjs", import.meta.url));
  const empty = ["-e", "0"];
  const help = [command, "--help"];
  // The first start writes the compile cache; users pay that once per version.
  timeStart(empty);
  timeStart(help);
  const pairs = Array.from({ length: runs }, () => ({
    node: timeStart(empty),
    help: timeStart(help),
  }));
  const nodeMs = median(pairs.map((pair) => pair.node));
  const helpMs = median(pairs.map((pair) => pair.help));
  const ratio = helpMs / nodeMs;
  return { node: process.versions.node, runs, nodeMs, helpMs, ratio, wantedRatio };
}

function timeStart(args: readonly string[]): number {
  const startedMs = performance.now();
  const { status, error } = spawnSync(process.execPath, args, { stdio: "ignore" });
  const durationMs = performance.now() - startedMs;
  if (status !== 0) {
    throw new Error(`Start ${args.join(" ")}: the exit code is ${status}, 0 is wanted`, {
      cause: error,
    });
  }
  return durationMs;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2;
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, runs: { type: "string", default: "25" } },
  });
  const isClone = existsSync(new URL("../src/main.ts", import.meta.url));
  const figures = { ...measureStart(Number(values.runs)), from: isClone ? "source" : "dist" };
  if (values.json === true) {
    console.log(JSON.stringify(figures));
  } else {
    const { node, runs, nodeMs, helpMs, ratio } = figures;
    console.log(
      `Node ${node}, ${runs} runs each: node -e 0 ${nodeMs.toFixed(1)} ms, --help ${helpMs.toFixed(1)} ms: ${ratio.toFixed(2)} times (wanted: under ${wantedRatio})`,
    );
  }
  process.exitCode = figures.ratio < wantedRatio ? 0 : 1;
}
