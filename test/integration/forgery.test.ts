import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { backendNames } from "../../src/sandbox/backend.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import type { Language } from "../../src/shared/json.ts";
import { type AttackedSandboxes, openAttackedSandboxes } from "../hostile/attacked-sandboxes.ts";
import { type Forgery, forgery, honestSkills, verdictOn } from "../hostile/forgery.ts";
import { pythonEveryError, pythonForgeries } from "../hostile/forgery-python.ts";
import { typescriptEveryError, typescriptForgeries } from "../hostile/forgery-typescript.ts";
import { testSize } from "../support/requirements.ts";
import { underCi } from "../support/under-ci.ts";

const timeoutMs = 900_000;
const forgeries: Readonly<Record<Language, readonly Forgery[]>> = {
  python: pythonForgeries,
  typescript: typescriptForgeries,
};
/** Known, and open: whoever mends the judge turns this red, and moves it into the tables. */
const everyError: Readonly<Record<Language, Forgery>> = {
  python: pythonEveryError,
  typescript: typescriptEveryError,
};
/** A Pyodide process a candidate: beneath the strongest backend only a part is tried by default. */
const share = underCi() ? 1 : testSize(6, 1);

describe.each(["python", "typescript"] as const)("judge() of forged %s skills", (language) => {
  let sandboxes: AttackedSandboxes;
  beforeAll(async () => {
    sandboxes = await openAttackedSandboxes(language, 2);
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

  it.each(backendNames)(
    "judge() counts no forgery as a pass, and the honest skills as one, when %s holds them",
    async (name) => {
      const backend = sandboxes.backends.find((candidate) => candidate.name === name);
      if (backend?.sandbox === undefined) {
        // Whether a backend must serve here is for its own tests; the one above wants at least one.
        expect(backend?.problem).toBeTypeOf("string");
        return;
      }
      const { sandbox } = backend;
      await sandbox.warm();
      for (const [entry, source] of Object.entries(honestSkills[language])) {
        const honest = forgery("honest", source, {
          entry: entry === "shout" ? "shout" : "arrange",
        });
        const verdict = await verdictOn(honest, sandbox, sandbox);
        expect(verdict.findings.filter(({ passed }) => !passed)).toEqual([]);
        expect(verdict.passed).toBe(true);
      }
      const part = sandbox === strongest(sandboxes) ? 1 : share;
      const tried = forgeries[language].filter((_, index) => index % part === 0);
      const passed: string[] = [];
      for (const forged of tried) {
        const verdict = await verdictOn(forged, sandbox, sandbox);
        if (verdict.passed) {
          passed.push(forged.name);
        }
      }
      expect(tried.length).toBeGreaterThan(0);
      expect(passed).toEqual([]);
    },
    timeoutMs,
  );

  it(
    "judge() takes one class that derives from every declared error for the first of them only",
    async () => {
      const sandbox = strongest(sandboxes);
      expect(sandbox).toBeDefined();
      if (sandbox !== undefined) {
        expect((await verdictOn(everyError[language], sandbox, sandbox)).passed).toBe(false);
      }
    },
    timeoutMs,
  );
});

function strongest({ backends }: AttackedSandboxes): Sandbox | undefined {
  return backends.find(({ sandbox }) => sandbox !== undefined)?.sandbox;
}
