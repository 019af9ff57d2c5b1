import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ProcessMeter, UsageReading } from "./process-usage.ts";
import { type ExceededLimit, watchResources } from "./resource-watch.ts";

const limits = { maxCpuMs: 1_000, maxMemoryBytes: 500 };

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function reading(cpuMs: number, residentBytes: number, highestResidentBytes = residentBytes) {
  return { cpuMs, residentBytes, highestResidentBytes };
}

/** Answers with the readings in turn; one that is asked for too often fails the test. */
function fakeMeter(readings: (UsageReading | undefined)[], canReset: boolean): ProcessMeter {
  const next = (): UsageReading | undefined => {
    if (readings.length === 0) {
      throw new Error("no reading is left");
    }
    return readings.shift();
  };
  const last = (): undefined => undefined;
  return { last, readKnown: next, readTree: async () => next(), resetPeak: () => canReset };
}

function watch(readings: (UsageReading | undefined)[], canReset = true) {
  const exceeded: ExceededLimit[] = [];
  const meter = fakeMeter(readings, canReset);
  const started = watchResources(meter, limits, (limit) => exceeded.push(limit));
  return { ...started, exceeded, readings };
}

describe("watchResources", () => {
  it("usage() counts from the call's beginning when the process had a life before", () => {
    const { usage, stop } = watch([reading(700, 100), reading(730, 120, 160)]);
    expect(usage()).toEqual({ cpuMs: 30, peakMemoryBytes: 160 });
    stop();
  });

  it("usage() counts on from the latest reading when there is one", () => {
    const meter = { ...fakeMeter([reading(9, 150)], true), last: () => reading(2, 100, 900) };
    const { usage, stop } = watchResources(meter, limits, () => {});
    expect(usage()).toEqual({ cpuMs: 7, peakMemoryBytes: 150 });
    stop();
  });

  it("usage() takes the highest sample when the kernel's peak is of an earlier call", async () => {
    const { usage, stop, readings } = watch(
      [reading(0, 100, 400), reading(1, 200, 400), reading(2, 110, 400), reading(3, 100, 400)],
      false,
    );
    await vi.advanceTimersByTimeAsync(100);
    expect(usage()).toEqual({ cpuMs: 3, peakMemoryBytes: 200 });
    expect(readings).toEqual([]);
    stop();
  });

  it("usage() keeps the last reading when the process is gone", async () => {
    const { usage, stop } = watch([reading(0, 100), reading(40, 300), undefined]);
    await vi.advanceTimersByTimeAsync(50);
    expect(usage()).toEqual({ cpuMs: 40, peakMemoryBytes: 300 });
    stop();
  });

  it("usage() is undefined when there never was a reading", () => {
    const { usage, stop } = watch([undefined, undefined]);
    expect(usage()).toBeUndefined();
    stop();
  });

  it.each([
    ["maxCpuMs", reading(1_601, 100)],
    ["maxMemoryBytes", reading(600, 501)],
    ["maxMemoryBytes", reading(600, 100, 501)],
  ] as const)(
    "watchResources() tells once of %s when it is passed, and looks no more",
    async (limit, last) => {
      const { exceeded, readings } = watch([reading(600, 100), reading(1_600, 500), last]);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(exceeded).toEqual([limit]);
      expect(readings).toEqual([]);
    },
  );

  it("watchResources() tells nothing when it is stopped", async () => {
    const { exceeded, stop } = watch([reading(0, 100)]);
    stop();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(exceeded).toEqual([]);
  });
});
