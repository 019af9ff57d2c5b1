import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openSandbox } from "../../src/sandbox/open-sandbox.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { runChaos } from "../chaos/run-chaos.ts";
import { seededRandom } from "../chaos/seeded-random.ts";
import { descendantsOf, processTable, type TableEntry } from "../hostile/process-table.ts";
import { testSize } from "../support/requirements.ts";
import { quickBackends } from "../support/usable-backends.ts";

const seed = 20_261_122;
const runs = testSize(14, 2_000, 200);
const warmUpRuns = testSize(8, 20, 20);
const hostKills = testSize(1, 20, 3);
const mebibyte = 1024 * 1024;

/** Another run of the tests may make and remove folders of these names meanwhile. */
async function ownTemporaryFiles(): Promise<readonly string[]> {
  const names = await readdir(tmpdir());
  return names.filter((name) => /sandbox|bwrap|deno|snapshot|pyodide/.test(name)).toSorted();
}

async function openAll(): Promise<readonly Sandbox[]> {
  const sandboxes: Sandbox[] = [];
  for (const language of ["python", "typescript"] as const) {
    for (const backend of await quickBackends(language)) {
      sandboxes.push(await openSandbox(language, { backend: backend.name, warmProcesses: 1 }));
    }
  }
  return sandboxes;
}

/** Those of the entries that still run, after up to 10 s. */
async function untilGone(entries: readonly TableEntry[]): Promise<readonly TableEntry[]> {
  let left = [...entries];
  for (let round = 0; round < 200 && left.length > 0; round += 1) {
    await delay(50);
    const now = await processTable();
    left = left.filter((entry) =>
      now.some(({ pid, startedAt }) => pid === entry.pid && startedAt === entry.startedAt),
    );
  }
  return left;
}

describe("chaos", () => {
  it("start() and call() never mix up two runs when processes are killed at random", async () => {
    const before = await ownTemporaryFiles();
    const sandboxes = await openAll();
    const random = seededRandom(seed);
    // The first runs fill caches and pools; memory is compared from there on.
    await runChaos({ sandboxes, runs: warmUpRuns, parallel: 2, random, kills: false });
    const report = await runChaos({ sandboxes, runs, parallel: 3, random, kills: true });
    const below = descendantsOf(process.pid, await processTable());
    await Promise.all(sandboxes.map((sandbox) => sandbox.close()));
    expect(report.faults).toEqual([]);
    expect(report).toMatchObject({ finished: runs, explained: runs });
    expect(report.kills).toBeGreaterThan(0);
    const sandboxed = below.filter(({ text }) => /runner|bwrap|python3/.test(text));
    expect(await untilGone(sandboxed)).toEqual([]);
    expect(await ownTemporaryFiles()).toEqual(before);
    const [early = 0] = report.residentBytes;
    const late = report.residentBytes.at(-1) ?? 0;
    expect(late).toBeLessThan(early * 1.5 + 64 * mebibyte);
  }, 1_200_000);

  it("no process outlives its host when that is killed at random instants", async () => {
    const random = seededRandom(seed + 1);
    for (let round = 0; round < hostKills; round += 1) {
      const script = fileURLToPath(new URL("../chaos/chaos-host.ts", import.meta.url));
      const host = spawn(process.execPath, [script, String(seed + round)], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const begun = once(host.stdout, "data").then(() => "begun");
      const ended = once(host, "exit").then(([code]) => `it ended with ${code}`);
      expect(await Promise.race([begun, ended])).toBe("begun");
      await delay(random() * 1_500);
      const below = descendantsOf(host.pid ?? 0, await processTable());
      expect(below.length).toBeGreaterThan(0);
      host.kill("SIGKILL");
      expect(await untilGone(below)).toEqual([]);
    }
  }, 600_000);
});
