import { describe, expect, it } from "vitest";
import { tryStubs } from "./stubs.ts";
import type { Case } from "./suite.ts";
import { propertyCase, returnsCase, sampleContract } from "./testing/sample-suite.ts";
import { ScriptSandbox, someLimits } from "./testing/script-sandbox.ts";

async function trialOf(...cases: Case[]) {
  const sandbox = new ScriptSandbox();
  const options = { contract: sampleContract, suite: { cases }, sandbox, limits: someLimits };
  const trial = await tryStubs(options);
  expect(sandbox.open).toBe(0);
  return { ...trial, starts: sandbox.started.length };
}

describe("tryStubs", () => {
  it("tryStubs() finds no stub that passes when the cases want something of their arguments", async () => {
    const trial = await trialOf(
      returnsCase("c1", 1, 2),
      returnsCase("c2", 2, 3),
      returnsCase("c3", "a", "b"),
      propertyCase("c4", 9, "result === 10"),
    );
    expect(trial.passing).toEqual([]);
    // None for a property either, since a case with an exact answer failed each stub before.
    expect(trial.starts).toBe(0);
    expect(trial.findings).toEqual([
      { stub: "returns-nothing", failedCases: 3 },
      { stub: "returns-constant", failedCases: 2 },
      { stub: "returns-first-argument", failedCases: 3 },
    ]);
  });

  it("tryStubs() names the constant when every case wants the same", async () => {
    const trial = await trialOf(returnsCase("c1", 1, "x"), returnsCase("c2", 2, "x"));
    expect(trial).toMatchObject({ passing: ['always returns "x"'], isConsistent: true });
  });

  it("tryStubs() names the stub that returns its argument when the cases want that", async () => {
    const trial = await trialOf(
      returnsCase("c1", 1, 1),
      returnsCase("c2", { $set: [2] }, { $set: [2] }),
    );
    expect(trial).toMatchObject({
      passing: ["returns its first argument as it is"],
      isConsistent: true,
    });
  });

  it("tryStubs() lets no suite of properties that are always true count as a claim", async () => {
    const trial = await trialOf(
      propertyCase("c1", 1, "true || result"),
      propertyCase("c2", 2, "result === result"),
    );
    expect(trial.passing.length).toBeGreaterThan(5);
    expect(trial.isConsistent).toBe(false);
  });

  it("tryStubs() starts a process where cases look at files", async () => {
    const filesAfter = [{ path: "out.txt", contentBase64: "YQ==" }];
    const trial = await trialOf({ ...returnsCase("c1", 1, null), filesAfter });
    expect(trial).toMatchObject({ starts: 1, passing: [] });
  });

  it("tryStubs() tries no first argument when the function has none", async () => {
    const sandbox = new ScriptSandbox();
    const { findings } = await tryStubs({
      contract: { ...sampleContract, parameters: [] },
      suite: { cases: [{ ...returnsCase("c1", 0, 5), args: [] }] },
      sandbox,
      limits: someLimits,
    });
    expect(findings.map(({ stub }) => stub)).toEqual(["returns-nothing", "returns-constant"]);
  });
});
