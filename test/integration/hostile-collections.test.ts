import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BackendName, backendNames } from "../../src/sandbox/backend.ts";
import {
  type AttackedSandboxes,
  attack,
  openAttackedSandboxes,
} from "../hostile/attacked-sandboxes.ts";
import type { HostileProgram } from "../hostile/hostile-program.ts";
import { missingIsFailure } from "../hostile/required-backends.ts";
import { describeOutcome } from "../hostile/run-hostile.ts";
import { describeWith, recordedDataPath, testSize } from "../support/requirements.ts";

const laneCount = 2;
const timeoutMs = 1_800_000;

/** Each program as it was collected; nobody prepared it for a sandbox, so it says no mark itself. */
function readCollection(file: string): HostileProgram[] {
  const text = gunzipSync(readFileSync(recordedDataPath(file))).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { id, code } = JSON.parse(line) as { id: string; code: string };
      return {
        name: id,
        language: "python",
        topic: "process",
        goal: "whatever the program was collected for",
        source: wholeProgram(code),
      };
    });
}

/** As `__main__`, since that is how it was meant to be run. */
function wholeProgram(code: string): string {
  const literal = JSON.stringify(code);
  return [
    "def f(world):",
    "    print('attacking', flush=True)",
    "    scope = {'__name__': '__main__', '__builtins__': __builtins__}",
    `    exec(compile(${literal}, 'program.py', 'exec'), scope)`,
    "",
  ].join("\n");
}

/** Spread over the whole, so that each kind is in it. */
function sampleOf(
  programs: readonly HostileProgram[],
  quickCount: number,
): readonly HostileProgram[] {
  const count = testSize(quickCount, programs.length);
  const step = Math.max(1, Math.floor(programs.length / count));
  return programs.filter((_program, index) => index % step === 0).slice(0, count);
}

/** In the quick form a process of Pyodide costs a second of a core, one of bubblewrap little. */
const quickCounts: Readonly<Record<BackendName, { redcode: number; escapes: number }>> = {
  bubblewrap: { redcode: 40, escapes: 17 },
  "deno-seccomp": { redcode: 12, escapes: 6 },
  deno: { redcode: 4, escapes: 2 },
};

describeWith("recorded data", "collected hostile programs", () => {
  let sandboxes: AttackedSandboxes;
  beforeAll(async () => {
    sandboxes = await openAttackedSandboxes("python", laneCount);
  });
  afterAll(async () => {
    expect(await sandboxes.close()).toEqual([]);
  });

  describe.each(backendNames)("on %s", (backendName) => {
    it.each([
      ["hostile-redcode.jsonl.gz", 405, quickCounts[backendName].redcode],
      ["hostile-escapes.jsonl.gz", 17, quickCounts[backendName].escapes],
    ])(
      "attack() reaches nothing outside when the programs of %s run",
      { timeout: timeoutMs },
      async (file, expectedCount, quickCount) => {
        const all = readCollection(file);
        expect(all).toHaveLength(expectedCount);
        const programs = sampleOf(all, quickCount);
        const backend = sandboxes.backends.find(({ name }) => name === backendName);
        if (backend?.sandbox === undefined) {
          const problem = backend?.problem ?? "it was not looked at";
          expect(missingIsFailure(backendName), `${backendName}: ${problem}`).toBe(false);
          return;
        }
        await backend.sandbox.warm();
        const { cacheDirectory } = sandboxes;
        const findings = await attack(backend.sandbox, programs, cacheDirectory, laneCount);
        const through = findings.filter(({ damage }) => damage !== undefined);
        const silent = findings.filter(({ attacked }) => !attacked);
        expect(through.map(({ name, damage }) => `${name}: ${damage}`)).toEqual([]);
        expect(silent.map(({ name, outcome }) => `${name}: ${describeOutcome(outcome)}`)).toEqual(
          [],
        );
      },
    );
  });
});
