import type { ProcessMeter, UsageReading } from "./process-usage.ts";
import type { ResourceUsage } from "./sandbox.ts";

const intervalMs = 50;

export interface ResourceLimits {
  readonly maxCpuMs: number;
  readonly maxMemoryBytes: number;
}

export type ExceededLimit = keyof ResourceLimits;

/** Measures one call; whoever starts it must stop it. */
export interface ResourceWatch {
  /** What the call has used so far; the last reading once the process is gone, undefined without one. */
  usage(): ResourceUsage | undefined;
  stop(): void;
}

/**
 * Counts a process tree's processor time and resident memory from now until it is stopped, and calls
 * `onExceeded` once when one passes its limit. A sample every 50 ms: what grows faster meets the
 * kernel's limits on Linux.
 */
export function watchResources(
  meter: ProcessMeter,
  limits: ResourceLimits,
  onExceeded: (limit: ExceededLimit, usage: ResourceUsage) => void,
): ResourceWatch {
  // The end of the call before is the beginning of this one: half the readings, and what a program
  // leaves running in between counts too.
  const counter = new UsageCounter(meter.resetPeak(), meter.last() ?? meter.readKnown());
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  const sample = async (): Promise<void> => {
    counter.add(await meter.readTree());
    if (isStopped) {
      return;
    }
    const usage = counter.usage;
    const limit = usage && exceeded(usage, limits);
    if (usage !== undefined && limit !== undefined) {
      isStopped = true;
      onExceeded(limit, usage);
      return;
    }
    timer = setTimeout(() => void sample(), intervalMs).unref();
  };
  // Never what keeps the host alive: while a call is under way, its process does.
  timer = setTimeout(() => void sample(), intervalMs).unref();
  return {
    usage: () => {
      counter.add(meter.readKnown());
      return counter.usage;
    },
    stop: () => {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}

function exceeded(usage: ResourceUsage, limits: ResourceLimits): ExceededLimit | undefined {
  if (usage.peakMemoryBytes > limits.maxMemoryBytes) {
    return "maxMemoryBytes";
  }
  return usage.cpuMs > limits.maxCpuMs ? "maxCpuMs" : undefined;
}

/** Turns readings since a process's start into the usage of one call. */
class UsageCounter {
  readonly #isPeakReset: boolean;
  #first: UsageReading | undefined;
  #usage: ResourceUsage | undefined;

  constructor(isPeakReset: boolean, first: UsageReading | undefined) {
    this.#isPeakReset = isPeakReset;
    this.#first = first;
    if (first !== undefined) {
      this.#usage = { cpuMs: 0, peakMemoryBytes: first.residentBytes };
    }
  }

  get usage(): ResourceUsage | undefined {
    return this.#usage;
  }

  add(reading: UsageReading | undefined): void {
    if (reading === undefined) {
      return;
    }
    this.#first ??= reading;
    const hasRisen = reading.highestResidentBytes > this.#first.highestResidentBytes;
    const peak =
      this.#isPeakReset || hasRisen ? reading.highestResidentBytes : reading.residentBytes;
    // A process of the tree that ended takes its counts along; what was seen stays seen.
    this.#usage = {
      cpuMs: Math.max(this.#usage?.cpuMs ?? 0, reading.cpuMs - this.#first.cpuMs),
      peakMemoryBytes: Math.max(this.#usage?.peakMemoryBytes ?? 0, peak),
    };
  }
}
