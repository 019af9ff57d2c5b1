import { describe, expect, it } from "vitest";
import { defaultLimits } from "./limits.ts";
import { provenSandbox } from "./proven-sandbox.ts";
import type { Program, Sandbox } from "./sandbox.ts";
import type { SelfTestReport } from "./self-test.ts";
import type { KeptSelfTest, SelfTestCache } from "./self-test-cache.ts";

const program: Program = { language: "python", source: "", entry: "f", fileName: "f.py" };
const dayMs = 24 * 3_600_000;

function fakes(reports: SelfTestReport[], kept?: KeptSelfTest) {
  const calls: string[] = [];
  const time = { nowMs: 5_000, monotonicMs: 10 };
  const sandbox: Sandbox = {
    language: "python",
    backend: "fake",
    runtime: "fake-1",
    start: async () => {
      calls.push("start");
      return { kind: "died", reason: "crashed", detail: "", printed: "", durationMs: 0 };
    },
    warm: async () => {
      calls.push("warm");
    },
    close: async () => {},
  };
  const cache: SelfTestCache = {
    read: async () => kept,
    store: async (report) => {
      calls.push("store");
      return { report, testedAtMs: time.nowMs, validForMs: dayMs };
    },
  };
  const test = async (): Promise<SelfTestReport> => {
    calls.push("test");
    const report = reports.shift();
    if (report === undefined) {
      throw new Error("tested more often than expected");
    }
    return report;
  };
  const clocks = { now: () => time.nowMs, monotonic: () => time.monotonicMs };
  return { calls, time, proven: provenSandbox(sandbox, cache, test, clocks) };
}

const report = (held: boolean): SelfTestReport => ({
  backend: "fake",
  runtime: "fake-1",
  passed: held,
  findings: [{ name: "read_file", kind: "file", held, detail: "returned a secret" }],
});

describe("provenSandbox", () => {
  it("provenSandbox() tests once when several programs start", async () => {
    const { calls, proven } = fakes([report(true)]);
    await Promise.all([proven.start(program, defaultLimits), proven.start(program, defaultLimits)]);
    await proven.warm();
    expect(calls).toEqual(["test", "store", "start", "start", "warm"]);
  });

  it("provenSandbox() starts nothing when a probe did not hold, until a new test holds", async () => {
    const { calls, proven } = fakes([report(false), report(true)]);
    for (const begin of [() => proven.start(program, defaultLimits), () => proven.warm()]) {
      await expect(begin()).rejects.toMatchObject({
        code: "SANDBOX_UNAVAILABLE",
        message: expect.stringContaining("read_file (returned a secret)"),
      });
    }
    expect(calls).toEqual(["test", "store"]);
    expect((await proven.test(true)).report.passed).toBe(true);
    await proven.start(program, defaultLimits);
    expect(calls).toEqual(["test", "store", "test", "store", "start"]);
  });

  it("provenSandbox() does not test when a kept pass still counts", async () => {
    const kept = { report: report(true), testedAtMs: 0, validForMs: 1_000 };
    const { calls, proven } = fakes([], kept);
    await proven.start(program, defaultLimits);
    expect(calls).toEqual(["start"]);
  });

  it.each([
    ["a day has passed", { nowMs: dayMs, monotonicMs: dayMs }],
    ["the day's clock was set forward", { nowMs: dayMs, monotonicMs: 1 }],
    ["the day's clock was set back", { nowMs: -1, monotonicMs: 1 }],
    ["only the other clock went on", { nowMs: 1, monotonicMs: dayMs }],
  ])("provenSandbox() tests again when %s", async (_title, { nowMs, monotonicMs }) => {
    const { calls, time, proven } = fakes([report(true), report(false)]);
    await proven.start(program, defaultLimits);
    time.nowMs += nowMs;
    time.monotonicMs += monotonicMs;
    await expect(proven.start(program, defaultLimits)).rejects.toMatchObject({
      code: "SANDBOX_UNAVAILABLE",
    });
    expect(calls).toEqual(["test", "store", "start", "test", "store"]);
  });

  it("provenSandbox() tests again the next time when the test itself could not be made", async () => {
    const { calls, proven } = fakes([]);
    await expect(proven.start(program, defaultLimits)).rejects.toThrow("more often");
    await expect(proven.start(program, defaultLimits)).rejects.toThrow("more often");
    expect(calls).toEqual(["test", "test"]);
  });
});
