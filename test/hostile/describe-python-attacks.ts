import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BackendName } from "../../src/sandbox/backend.ts";
import { usableBackends } from "../support/usable-backends.ts";
import { type AttackedSandboxes, attack, openAttackedSandboxes } from "./attacked-sandboxes.ts";
import { hostileSample } from "./hostile-sample.ts";
import { pythonPrograms } from "./python-programs.ts";
import { missingIsFailure } from "./required-backends.ts";
import { describeOutcome } from "./run-hostile.ts";

const laneCount = 2;
/** A Python process takes a second of a core to start, and others use the cores too. */
const timeoutMs = 900_000;

/** Tests of one backend; a file each, so that they run beside one another. */
export function describePythonAttacks(backendName: BackendName): void {
  describe(`the hostile programs in Python on ${backendName}`, () => {
    let sandboxes: AttackedSandboxes;
    beforeAll(async () => {
      sandboxes = await openAttackedSandboxes("python", laneCount, [backendName]);
    });
    afterAll(async () => {
      expect(await sandboxes.close()).toEqual([]);
    });

    it("attack() reaches nothing outside when each of the programs runs", {
      timeout: timeoutMs,
    }, async () => {
      const [backend] = sandboxes.backends;
      if (backend?.sandbox === undefined) {
        const problem = backend?.problem ?? "it was not looked at";
        expect(missingIsFailure(backendName), `${backendName}: ${problem}`).toBe(false);
        return;
      }
      const { sandbox } = backend;
      const [strongest] = await usableBackends("python");
      const isStrongest = strongest?.name === backendName;
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
}
