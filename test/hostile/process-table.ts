import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
/** `PF_KTHREAD` of Linux, among the flags in `/proc/ID/stat`. */
const kernelThreadFlag = 0x20_00_00;

export interface TableEntry {
  readonly pid: number;
  readonly parentPid: number;
  /** Its command line, and on Linux its environment. */
  readonly text: string;
  /** Tells two processes with the same id apart. */
  readonly startedAt: string;
}

/** Returns every process of this machine that this user can see. */
export async function processTable(): Promise<TableEntry[]> {
  if (process.platform !== "linux") {
    return await psTable();
  }
  const names = await readdir("/proc");
  const entries = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map(linuxEntry));
  return entries.filter((entry) => entry !== undefined);
}

/** Returns the entries of the table below a process, itself left out. */
export function descendantsOf(pid: number, table: readonly TableEntry[]): TableEntry[] {
  const children = table.filter((entry) => entry.parentPid === pid);
  return children.flatMap((child) => [child, ...descendantsOf(child.pid, table)]);
}

async function linuxEntry(name: string): Promise<TableEntry | undefined> {
  try {
    const stat = await readFile(`/proc/${name}/stat`, "utf8");
    // The name, in brackets, may hold blanks and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A thread of the kernel's has neither command line nor environment, and there are many.
    if (fields[0] === "Z" || (Number(fields[6]) & kernelThreadFlag) !== 0) {
      return undefined;
    }
    const commandLine = await readFile(`/proc/${name}/cmdline`, "utf8");
    const environment = await readFile(`/proc/${name}/environ`, "utf8").catch(() => "");
    return {
      pid: Number(name),
      parentPid: Number(fields[1]),
      text: `${commandLine}\0${environment}`,
      startedAt: fields[19] ?? "",
    };
  } catch {
    // It ended between two readings.
    return undefined;
  }
}

async function psTable(): Promise<TableEntry[]> {
  const { stdout } = await run("ps", ["-axwwo", "pid=,ppid=,lstart=,command="]);
  return stdout.split("\n").flatMap((line) => {
    const [, pid, parentPid, startedAt = "", text = ""] =
      /^\s*(\d+)\s+(\d+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/.exec(line) ?? [];
    return pid === undefined
      ? []
      : [{ pid: Number(pid), parentPid: Number(parentPid), text, startedAt }];
  });
}
