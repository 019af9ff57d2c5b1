import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Language } from "../../src/shared/json.ts";
import type { Verdict } from "../../src/verify/verdict.ts";
import {
  type AttackedSandboxes,
  openAttackedSandboxes,
  strongestOf,
} from "../hostile/attacked-sandboxes.ts";
import { type Forgery, forgery, honestSkills, verdictOn } from "../hostile/forgery.ts";
import { pythonEveryError, pythonForgeries, pythonPlanting } from "../hostile/forgery-python.ts";
import {
  typescriptEveryError,
  typescriptForgeries,
  typescriptPlanting,
} from "../hostile/forgery-typescript.ts";
import { quickShare } from "../support/quick-share.ts";
import { quickSandboxes } from "../support/usable-backends.ts";

const timeoutMs = 900_000;
const forgeries: Readonly<Record<Language, readonly Forgery[]>> = {
  python: pythonForgeries,
  typescript: typescriptForgeries,
};
const everyError: Readonly<Record<Language, Forgery>> = {
  python: pythonEveryError,
  typescript: typescriptEveryError,
};
const planting: Readonly<Record<Language, Forgery>> = {
  python: pythonPlanting,
  typescript: typescriptPlanting,
};
/** A Pyodide process a candidate: beneath the strongest backend only every so-manieth is tried. */
const strongestStep = 8;
const quickStep = 60;
const laneCount = 4;

describe.each(["python", "typescript"] as const)("judge() of forged %s skills", (language) => {
  let sandboxes: AttackedSandboxes;
  beforeAll(async () => {
    sandboxes = await openAttackedSandboxes(language, 1);
  }, timeoutMs);
  afterAll(async () => {
    expect(await sandboxes.close()).toEqual([]);
  });

  it("the table holds at least 25 forgeries, each under a name of its own", () => {
    const names = new Set(forgeries[language].map(({ name }) => name));
    expect(names.size).toBe(forgeries[language].length);
    expect(names.size).toBeGreaterThanOrEqual(25);
  });

  it("openSandbox() opens at least one backend to deceive", () => {
    expect(sandboxes.backends.filter(({ sandbox }) => sandbox !== undefined)).not.toEqual([]);
  });

  it(
    "judge() counts no forgery as a pass, and the honest skills as one, on any backend",
    async () => {
      const opened = sandboxes.backends.flatMap(({ sandbox }) => sandbox ?? []);
      for (const sandbox of quickSandboxes(opened)) {
        const isStrongest = sandbox === strongestOf(sandboxes)?.sandbox;
        const offset = sandboxes.backends.findIndex((backend) => backend.sandbox === sandbox);
        const honestStep = isStrongest ? 1 : 4;
        const right = quickShare(Object.entries(honestSkills[language]), honestStep, offset);
        expect(right).not.toEqual([]);
        for (const [entry, source] of right) {
          const honest = forgery("honest", source, {
            entry: entry === "shout" ? "shout" : "arrange",
          });
          const { findings, passed } = await verdictOn(honest, sandbox, sandbox);
          const failed = findings.filter((finding) => !finding.passed);
          expect([sandbox.backend, failed, passed]).toEqual([sandbox.backend, [], true]);
        }
        const step = isStrongest ? strongestStep : quickStep;
        const tried = quickShare(forgeries[language], step, offset);
        const verdicts = await verdictsOn(tried, sandbox);
        expect(verdicts.size).toBeGreaterThan(0);
        expect(verdicts.size).toBe(tried.length);
        const passing = [...verdicts].filter(([, { passed }]) => passed);
        expect([sandbox.backend, passing.map(([name]) => name)]).toEqual([sandbox.backend, []]);
      }
    },
    3 * timeoutMs,
  );

  it(
    "judge() finds nothing that the same code planted when it was judged before, on any backend",
    async () => {
      const opened = sandboxes.backends.flatMap(({ sandbox }) => sandbox ?? []);
      for (const sandbox of quickSandboxes(opened)) {
        for (const turn of [1, 2]) {
          const verdict = await verdictOn(planting[language], sandbox, sandbox);
          expect([sandbox.backend, turn, verdict.passed]).toEqual([sandbox.backend, turn, false]);
          expect(verdict.findings.some(({ passed }) => !passed)).toBe(true);
        }
      }
    },
    timeoutMs,
  );

  it(
    "judge() takes one class that derives from every declared error for the first of them only",
    async () => {
      const sandbox = strongestOf(sandboxes)?.sandbox;
      expect(sandbox).toBeDefined();
      if (sandbox !== undefined) {
        expect((await verdictOn(everyError[language], sandbox, sandbox)).passed).toBe(false);
      }
    },
    timeoutMs,
  );
});

/** By the name of the forgery; some of them wait for a time limit, so there is more than one lane. */
async function verdictsOn(
  tried: readonly Forgery[],
  sandbox: Sandbox,
): Promise<ReadonlyMap<string, Verdict>> {
  const waiting = [...tried];
  const verdicts = new Map<string, Verdict>();
  const lane = async (): Promise<void> => {
    for (let forged = waiting.shift(); forged !== undefined; forged = waiting.shift()) {
      verdicts.set(forged.name, await verdictOn(forged, sandbox, sandbox));
    }
  };
  await Promise.all(Array.from({ length: laneCount }, lane));
  return verdicts;
}
