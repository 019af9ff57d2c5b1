import { describe, expect, it } from "vitest";
import { defaultLimits } from "./limits.ts";
import { provenSandbox } from "./proven-sandbox.ts";
import type { Program, Sandbox } from "./sandbox.ts";
import type { SelfTestReport } from "./self-test.ts";
import type { SelfTestCache } from "./self-test-cache.ts";

const program: Program = { language: "python", source: "", entry: "f", fileName: "f.py" };

function fakes(reports: SelfTestReport[], passed = false) {
  const calls: string[] = [];
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
    hasPassed: async () => passed,
    storePassed: async () => {
      calls.push("store");
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
  return { calls, proven: provenSandbox(sandbox, cache, test) };
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

  it("provenSandbox() starts nothing when a probe did not hold, and tests again the next time", async () => {
    const { calls, proven } = fakes([report(false), report(true)]);
    await expect(proven.start(program, defaultLimits)).rejects.toMatchObject({
      code: "SANDBOX_UNAVAILABLE",
      message: expect.stringContaining("read_file (returned a secret)"),
    });
    expect(calls).toEqual(["test"]);
    await proven.start(program, defaultLimits);
    expect(calls).toEqual(["test", "test", "store", "start"]);
  });

  it("provenSandbox() does not test when the cache says it has passed", async () => {
    const { calls, proven } = fakes([], true);
    await proven.start(program, defaultLimits);
    expect(calls).toEqual(["start"]);
  });
});
