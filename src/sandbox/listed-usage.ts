import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { ProcessMeter, UsageReading } from "./process-usage.ts";

const run = promisify(execFile);

/** The meter of a system without /proc: it lists processes, which is too slow for every call. */
export function createListedMeter(pid: number): ProcessMeter {
  let last: UsageReading | undefined;
  return {
    last: () => last,
    readKnown: () => undefined,
    readTree: async () => {
      const reading = await (process.platform === "win32" ? readTasklist(pid) : readPs(pid));
      last = reading ?? last;
      return reading;
    },
    resetPeak: () => false,
  };
}

async function readPs(pid: number): Promise<UsageReading | undefined> {
  try {
    const { stdout } = await run("ps", ["-axo", "pgid=,rss=,time="]);
    return parsePs(stdout, pid);
  } catch {
    // No list, no reading; the wall clock still ends the call.
    return undefined;
  }
}

/** The sandbox is a process group of its own, so the group's members are its tree. */
export function parsePs(listing: string, group: number): UsageReading | undefined {
  let isAnyAlive = false;
  let residentBytes = 0;
  let cpuMs = 0;
  for (const line of listing.split("\n")) {
    const [pgid, resident, time = ""] = line.trim().split(/\s+/);
    if (Number(pgid) === group) {
      isAnyAlive = true;
      residentBytes += Number(resident) * 1024;
      cpuMs += clockMs(time);
    }
  }
  return isAnyAlive ? reading(cpuMs, residentBytes) : undefined;
}

async function readTasklist(pid: number): Promise<UsageReading | undefined> {
  try {
    const filter = ["/V", "/FI", `PID eq ${pid}`, "/FO", "CSV", "/NH"];
    const { stdout } = await run("tasklist", filter, { windowsHide: true });
    return parseTasklist(stdout);
  } catch {
    // No list, no reading; the wall clock still ends the call.
    return undefined;
  }
}

/** The fifth column is the memory in kibibytes, with separators of the country; the eighth the time. */
export function parseTasklist(listing: string): UsageReading | undefined {
  const columns = [...listing.matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text);
  const memory = columns[4]?.replaceAll(/\D/g, "");
  return memory === undefined || memory === ""
    ? undefined
    : reading(clockMs(columns[7] ?? ""), Number(memory) * 1024);
}

function reading(cpuMs: number, residentBytes: number): UsageReading {
  return { cpuMs, residentBytes, highestResidentBytes: residentBytes };
}

/** `1-02:03:04`, `02:03:04`, `2:03.45` */
function clockMs(text: string): number {
  const [clock = "", days = "0"] = text.split("-").toReversed();
  const seconds = clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  return (Number(days) * 86_400 + seconds) * 1000;
}
