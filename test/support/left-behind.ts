import { readdirSync, readFileSync } from "node:fs";

/** What a failure may leave behind; Linux counts it, elsewhere only the files are known. */
export interface Belongings {
  readonly processes: readonly string[];
  readonly openDescriptors: number;
  readonly temporaryFiles: readonly string[];
}

/** What this process holds at the moment, zombies left out; of files, whatever is in the folder. */
export function belongings(temporaryFolder: string): Belongings {
  return {
    processes: descendants(process.pid),
    openDescriptors: process.platform === "linux" ? readdirSync("/proc/self/fd").length : 0,
    temporaryFiles: readdirSync(temporaryFolder),
  };
}

/** Command lines of the living processes below one. */
function descendants(pid: number): string[] {
  if (process.platform !== "linux") {
    return [];
  }
  const table = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const parents = new Map(table.map((name) => [Number(name), parentOf(name)]));
  const isBelow = (child: number): boolean => {
    for (let at = parents.get(child); at !== undefined; at = parents.get(at)) {
      if (at === pid) return true;
    }
    return false;
  };
  return [...parents.keys()].filter(isBelow).map(commandLineOf).filter(Boolean);
}

function parentOf(pid: string): number | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`);
  const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return state === "Z" || parent === undefined ? undefined : Number(parent);
}

function commandLineOf(pid: number): string {
  return readOrNothing(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It ended while the table was read.
    return "";
  }
}
