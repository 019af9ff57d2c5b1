import { writeFileSync } from "node:fs";
import { linuxThreads, linuxTree, readUnlessGone } from "../shared/linux-processes.ts";
import type { ProcessMeter, UsageReading } from "./process-usage.ts";

/** The unit of /proc/PID/stat, the same on every Linux that Node runs on. */
const tickMs = 10;
const nanosecondsPerMs = 1_000_000;
/** What the kernel takes for "let the peak count from now", see proc(5). */
const resetPeakCommand = "5";

/** Reads synchronously: a file of /proc takes the kernel microseconds, a thread pool takes longer. */
export function createLinuxMeter(pid: number): ProcessMeter {
  let known = linuxTree(pid);
  let last: UsageReading | undefined;
  const read = (): UsageReading | undefined => {
    const reading = readAll(known);
    last = reading ?? last;
    return reading;
  };
  return {
    last: () => last,
    readKnown: read,
    readTree: async () => {
      known = linuxTree(pid);
      return read();
    },
    resetPeak: () => known.map(resetPeak).every(Boolean),
  };
}

function readAll(pids: readonly number[]): UsageReading | undefined {
  let isAnyAlive = false;
  const sum = { cpuMs: 0, residentBytes: 0, highestResidentBytes: 0 };
  for (const pid of pids) {
    const status = readUnlessGone(`/proc/${pid}/status`);
    isAnyAlive ||= status !== "";
    // In kibibytes, where statm counts pages, whose size differs between kernels. A zombie has none.
    sum.residentBytes += kibibytes(/^VmRSS:\s+(\d+) kB$/m, status);
    sum.highestResidentBytes += kibibytes(/^VmHWM:\s+(\d+) kB$/m, status);
    sum.cpuMs += status === "" ? 0 : cpuMsOf(pid, status);
  }
  return isAnyAlive ? sum : undefined;
}

function kibibytes(pattern: RegExp, status: string): number {
  return Number(pattern.exec(status)?.[1] ?? 0) * 1024;
}

/**
 * The threads that run are counted in nanoseconds, but those that have ended only in ticks of 10 ms:
 * the greater of both is nearer. Children that were waited for are counted in ticks.
 */
function cpuMsOf(pid: number, status: string): number {
  const stat = readUnlessGone(`/proc/${pid}/stat`);
  // The command's name stands in parentheses and may hold any character.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
  let nanoseconds = 0;
  const threads = /^Threads:\s+1$/m.test(status)
    ? [`/proc/${pid}`]
    : linuxThreads(pid).map((thread) => `/proc/${pid}/task/${thread}`);
  for (const thread of threads) {
    const [ran = ""] = readUnlessGone(`${thread}/schedstat`).split(" ");
    nanoseconds += Number(ran);
  }
  const own = Math.max((user + system) * tickMs, nanoseconds / nanosecondsPerMs);
  return own + (childUser + childSystem) * tickMs;
}

function resetPeak(pid: number): boolean {
  try {
    writeFileSync(`/proc/${pid}/clear_refs`, resetPeakCommand);
    return true;
  } catch {
    // Of another user, gone, or a kernel without it: then a peak counts when it rises.
    return false;
  }
}
