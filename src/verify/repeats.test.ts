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
    const clocks = ["2032-02-29T23:30:00Z", "2021-12-31T06:15:00Z"];
    const varied = ["clock", "random seed"];
    expect(repeats).toEqual({ runs: 3, varied, clocks, wavering: [], byClock: [] });
  });

  it("repeatSuite() makes every call twice, the last first, and names a case that fails the second time", async () => {
    const asked: string[] = [];
    const { wavering } = await repeatSuite(verdict("deno-2.9"), suite, 2, async ({ cases }) => {
      asked.push(...cases.map(({ id }) => id));
      const again = verdict("deno-2.9", "c1");
      const renamed = again.findings.map((one) => ({ ...one, caseId: `${one.caseId} again` }));
      return { ...again, findings: renamed };
    });
    expect(asked.slice(0, 4)).toEqual(["c2", "c1", "c2 again", "c1 again"]);
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
    expect(varied).toEqual(["clock", "hash seed", "random seed"]);
    expect(wavering).toMatchObject([
      { caseId: "c2", passed: false, detail: "run 3 of 4, on cpython-3.11/native: got 1" },
    ]);
  });

  it("repeatSuite() runs nothing when once is enough", async () => {
    const never = async (): Promise<never> => {
      throw new Error("not to be run");
    };
    const repeats = await repeatSuite(verdict("deno-2.9"), suite, 1, never);
    expect(repeats).toEqual({ runs: 1, varied: [], clocks: [], wavering: [], byClock: [] });
  });

  it("repeatSuite() says that a case depends on the clock when only another clock fails it, twice", async () => {
    const now = verdict("deno-2.9");
    const nowMs = Date.parse("2026-11-27T09:00:00Z");
    const isLeapDay = (offsetMs: number) =>
      new Date(nowMs + offsetMs).toISOString().startsWith("2032-02-29");
    const offsets: number[] = [];
    const { wavering, byClock, runs } = await repeatSuite(
      now,
      suite,
      3,
      async (_again, { clockOffsetMs }) => {
        offsets.push(clockOffsetMs);
        return isLeapDay(clockOffsetMs) ? verdict("deno-2.9", "c2") : now;
      },
      { nowMs, namesClock: true },
    );
    // Every clock, since the code names one; the first again without it, and with it.
    expect(runs).toBe(5);
    expect(offsets).toHaveLength(6);
    expect(offsets.slice(1, 3)).toEqual([0, offsets[0]]);
    expect(byClock).toEqual(["c2"]);
    expect(wavering).toMatchObject([
      {
        caseId: "c2",
        detail:
          "it depends on the clock, take day or time as an argument: at 2032-02-29 23:30 UTC, a Sunday (run 2 of 5, on deno-2.9): got 1",
      },
    ]);
  });

  it("repeatSuite() does not blame the clock when a case fails by the machine's too", async () => {
    const found = verdict("deno-2.9", "c1");
    const { wavering, byClock } = await repeatSuite(
      verdict("deno-2.9"),
      suite,
      2,
      async () => found,
    );
    expect(byClock).toEqual([]);
    expect(wavering).toMatchObject([{ caseId: "c1", detail: "run 2 of 2, on deno-2.9: got 1" }]);
  });

  it("repeatSuite() does not blame the clock when a case that failed by it holds by it again", async () => {
    const runs = [verdict("deno-2.9", "c1")];
    const passed = verdict("deno-2.9");
    const { byClock } = await repeatSuite(passed, suite, 2, async () => runs.shift() ?? passed);
    expect(byClock).toEqual([]);
  });

  it("repeatSuite() tells which further run is the first, and that it has another hash seed where one can be had", async () => {
    const passed = verdict("cpython-3.14/wasm");
    const first: boolean[] = [];
    const { varied } = await repeatSuite(
      passed,
      suite,
      3,
      async (_again, { isFirst }) => {
        first.push(isFirst);
        return passed;
      },
      { canReseed: true },
    );
    expect(first).toEqual([true, false]);
    expect(varied).toEqual(["clock", "hash seed", "random seed"]);
  });
});

describe("variedBetween", () => {
  it("variedBetween() names the hash seed only where each process draws its own", () => {
    expect(variedBetween(["cpython-3.14/wasm"])).toEqual(["clock", "random seed"]);
    expect(variedBetween(["deno-2.9"])).toEqual(["clock", "random seed"]);
    expect(variedBetween(["cpython-3.14/wasm"], true)).toContain("hash seed");
    expect(variedBetween(["cpython-3.14/wasm", "cpython-3.11/native"])).toEqual([
      "clock",
      "hash seed",
      "random seed",
    ]);
  });
});
