import { createLinuxMeter } from "./linux-usage.ts";
import { createListedMeter } from "./listed-usage.ts";

/** What the processes of a tree hold and have used together, as the kernel counts it. */
export interface UsageReading {
  /** Of all threads, those that have ended included; counts from the start of the processes. */
  readonly cpuMs: number;
  readonly residentBytes: number;
  /** The highest resident memory since the start, or since `resetPeak()` where it answered true. */
  readonly highestResidentBytes: number;
}

/** Measures one process and all below it, without asking any of them. */
export interface ProcessMeter {
  /** The latest reading; undefined when there was none yet. */
  last(): UsageReading | undefined;
  /** Of the processes known by `readTree()`, or at first; undefined when they are gone, or off Linux. */
  readKnown(): UsageReading | undefined;
  /** Looks for processes below again; undefined when all are gone. */
  readTree(): Promise<UsageReading | undefined>;
  /** Lets the highest resident memory count from now; false where the kernel cannot. */
  resetPeak(): boolean;
}

/** Returns the meter of this system: `/proc` on Linux, elsewhere the system's list of processes. */
export function createProcessMeter(pid: number): ProcessMeter {
  return process.platform === "linux" ? createLinuxMeter(pid) : createListedMeter(pid);
}
