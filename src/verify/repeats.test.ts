import { describe, expect, it } from "vitest";
import { repeatSuite, variedBetween } from "./repeats.ts";
import { returnsCase } from "./testing/sample-suite.ts";
import type { CaseFinding, Verdict } from "./verdict.ts";

const suite = { cases: [returnsCase("c1", 1, 1), returnsCase("c2", 2, 2)] };

function verdict(runtime: string, ...failed: string[]): Verdict {
  const findings = suite.cases.map(({ id }): CaseFinding => {
    const outcome = { kind: "returned" as const, value: 1, printed: "", durationMs: 1 };
    const passed = !failed.includes(id);
    return { caseId: id, passed, sealed: false, detail: passed ? "" : "got 1", outcome };
  });
  return { passed: failed.length === 0, findings, runtime, backend: "x" };
}

describe("repeatSuite", () => {
  it("repeatSuite() runs the suite again until it ran as often as wanted", async () => {
    let times = 0;
    const first = verdict("cpython-3.14/wasm");
    const repeats = await repeatSuite(first, suite, 3, async () => {
      times += 1;
      return first;
    });
    expect(times).toBe(2);
    expect(repeats).toEqual({ runs: 3, varied: ["random seed"], wavering: [] });
  });

  it("repeatSuite() makes every call twice, the last first, and names a case that fails the second time", async () => {
    const asked: string[] = [];
    const { wavering } = await repeatSuite(verdict("deno-2.9"), suite, 2, async ({ cases }) => {
      asked.push(...cases.map(({ id }) => id));
      const again = verdict("deno-2.9", "c1");
      const renamed = again.findings.map((one) => ({ ...one, caseId: `${one.caseId} again` }));
      return { ...again, findings: renamed };
    });
    expect(asked).toEqual(["c2", "c1", "c2 again", "c1 again"]);
    expect(wavering.map(({ caseId }) => caseId)).toEqual(["c1"]);
  });

  it("repeatSuite() names run, runtime and first failure when a case wavers", async () => {
    const wasm = "cpython-3.14/wasm";
    const native = "cpython-3.11/native";
    const runs = [verdict(native, "c2"), verdict(native)];
    const first = { ...verdict(native), earlier: [verdict(wasm)] };
    const { wavering, varied } = await repeatSuite(
      first,
      suite,
      4,
      async () => runs.shift() ?? verdict(native),
    );
    expect(varied).toEqual(["hash seed", "random seed"]);
    expect(wavering).toMatchObject([
      { caseId: "c2", passed: false, detail: "run 3 of 4, on cpython-3.11/native: got 1" },
    ]);
  });

  it("repeatSuite() runs nothing when once is enough", async () => {
    const never = async (): Promise<never> => {
      throw new Error("not to be run");
    };
    const repeats = await repeatSuite(verdict("deno-2.9"), suite, 1, never);
    expect(repeats).toEqual({ runs: 1, varied: [], wavering: [] });
  });
});

describe("variedBetween", () => {
  it("variedBetween() names the hash seed only where each process draws its own", () => {
    expect(variedBetween(["cpython-3.14/wasm"])).toEqual(["random seed"]);
    expect(variedBetween(["deno-2.9"])).toEqual(["random seed"]);
    expect(variedBetween(["cpython-3.14/wasm", "cpython-3.11/native"])).toEqual([
      "hash seed",
      "random seed",
    ]);
  });
});
