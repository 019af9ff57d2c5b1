import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backendNames } from "../../src/sandbox/backend.ts";
import {
  type AttackedSandboxes,
  attack,
  openAttackedSandboxes,
  strongestOf,
} from "../hostile/attacked-sandboxes.ts";
import { bareSample, hostileSample } from "../hostile/hostile-sample.ts";
import { createHostileWorld } from "../hostile/hostile-world.ts";
import { pythonPrograms } from "../hostile/python-programs.ts";
import { missingIsFailure } from "../hostile/required-backends.ts";
import { runBare } from "../hostile/run-bare.ts";
import { describeOutcome } from "../hostile/run-hostile.ts";
import { describeWith } from "../support/requirements.ts";

const laneCount = 2;
/** A Python process takes a second of a core to start, and others use the cores too. */
const timeoutMs = 900_000;

let sandboxes: AttackedSandboxes;
beforeAll(async () => {
  sandboxes = await openAttackedSandboxes("python", laneCount);
});
afterAll(async () => {
  expect(await sandboxes.close()).toEqual([]);
});

describe("pythonPrograms", () => {
  it("pythonPrograms holds at least 125 attacks, each with a name of its own", () => {
    expect(new Set(pythonPrograms.map(({ name }) => name)).size).toBe(pythonPrograms.length);
    expect(pythonPrograms.length).toBeGreaterThanOrEqual(125);
    expect(pythonPrograms.filter(({ reachesBare }) => reachesBare).length).toBeGreaterThan(35);
  });
});

describe.each(backendNames)("the hostile programs in Python on %s", (backendName) => {
  it(`attack() reaches nothing outside when the programs run on ${backendName}`, {
    timeout: timeoutMs,
  }, async () => {
    const backend = sandboxes.backends.find(({ name }) => name === backendName);
    if (backend?.sandbox === undefined) {
      const problem = backend?.problem ?? "it was not looked at";
      expect(missingIsFailure(backendName), `${backendName}: ${problem}`).toBe(false);
      return;
    }
    const { sandbox } = backend;
    const isStrongest = backend === strongestOf(sandboxes);
    const programs = hostileSample(pythonPrograms, backendName, isStrongest);
    expect(programs).not.toEqual([]);
    await sandbox.warm();
    const findings = await attack(sandbox, programs, sandboxes.cacheDirectory, laneCount);
    const through = findings.filter(({ damage }) => damage !== undefined);
    const silent = findings.filter(({ attacked }) => !attacked);
    expect(through.map(({ name, damage }) => `${name}: ${damage}`)).toEqual([]);
    expect(silent.map(({ name, outcome }) => `${name}: ${describeOutcome(outcome)}`)).toEqual([]);
    expect(findings).toHaveLength(programs.length);
  });
});

describeWith("python3", "the hostile programs in Python without a sandbox", () => {
  it("runBare() sees what each program reaches when nothing holds it", {
    timeout: timeoutMs,
  }, async () => {
    const waiting = [...bareSample(pythonPrograms)];
    expect(waiting).not.toEqual([]);
    const unseen: string[] = [];
    const lane = async (): Promise<void> => {
      for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
        const world = await createHostileWorld();
        try {
          const { damage, outcome } = await runBare(program, world);
          if (damage === undefined) {
            unseen.push(`${program.name}: ${outcome.printed}`);
          }
        } finally {
          await world.close();
        }
      }
    };
    await Promise.all(Array.from({ length: laneCount }, lane));
    expect(unseen).toEqual([]);
  });
});
