import { describe, expect, it } from "vitest";
import { describeDeath } from "./limit-texts.ts";
import { defaultLimits } from "./limits.ts";

const used = { elapsedMs: 15_012, usage: { cpuMs: 14_961.2, peakMemoryBytes: 44 * 1024 * 1024 } };

describe("describeDeath", () => {
  it("describeDeath() names the limit passed, its setting, and what was used when all is known", () => {
    const death = { reason: "timeout", detail: "it took too long", limit: "timeoutMs" } as const;
    expect(describeDeath(death, defaultLimits, used)).toBe(
      "it took too long; allowed: 15000 ms (executionTimeoutMs); " +
        "used: 15000 ms, 15000 ms CPU, 44 MiB memory at its peak",
    );
  });

  it.each([
    ["timeout", "15000 ms (executionTimeoutMs), 20000 ms (maxCpuMs)"],
    [
      "out-of-memory",
      "1073741824 bytes (maxMemoryBytes), 256 MiB of heap of Deno (no setting changes it), " +
        "512 MiB of WebAssembly memory (no setting changes it), " +
        "512 MiB of address space of the system's Python (no setting changes it)",
    ],
    ["output-limit", "1048576 bytes (maxOutputBytes), 1048576 bytes (maxMessageBytes)"],
    ["file-limit", "64 files (maxFiles), 16777216 bytes (maxFileBytes)"],
    ["process-limit", "0 processes, 0 threads, no setting changes it"],
  ] as const)(
    "describeDeath() names every limit of %s when nobody said which",
    (reason, allowed) => {
      expect(describeDeath({ reason, detail: "x" }, defaultLimits)).toBe(`x; allowed: ${allowed}`);
    },
  );

  it.each([
    ["addressSpace", "512 MiB of address space of the system's Python (no setting changes it)"],
    ["heap", "256 MiB of heap of Deno (no setting changes it)"],
    ["wasmMemory", "512 MiB of WebAssembly memory (no setting changes it)"],
  ] as const)("describeDeath() names %s alone when that limit was met", (limit, allowed) => {
    const death = { reason: "out-of-memory", detail: "x", limit } as const;
    expect(describeDeath(death, defaultLimits)).toBe(`x; allowed: ${allowed}`);
  });

  it("describeDeath() names only what may have been met when the runtime has no more limits", () => {
    const death = {
      reason: "out-of-memory",
      detail: "x",
      mayBeMet: ["maxMemoryBytes", "heap"],
    } as const;
    expect(describeDeath(death, defaultLimits)).toBe(
      "x; allowed: 1073741824 bytes (maxMemoryBytes), 256 MiB of heap of Deno (no setting changes it)",
    );
  });

  it("describeDeath() names maxMemoryBytes too when it is less than the limit that was met", () => {
    const death = { reason: "out-of-memory", detail: "x", limit: "addressSpace" } as const;
    const text = describeDeath(death, { ...defaultLimits, maxMemoryBytes: 1_000 });
    expect(text).toContain("512 MiB of address space");
    expect(text).toContain("1000 bytes (maxMemoryBytes)");
  });

  it("describeDeath() names no limit when none was passed", () => {
    const death = { reason: "crashed", detail: "it was closed" } as const;
    expect(describeDeath(death, defaultLimits)).toBe("it was closed");
    expect(describeDeath(death, defaultLimits, { elapsedMs: 3, usage: undefined })).toBe(
      "it was closed; used: 3 ms",
    );
  });
});
