import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { systemErrorCode } from "./errors.ts";

/** Returns a process and everything below it, parents first; an ended one has nothing below. */
export function linuxTree(pid: number): number[] {
  const pids = [pid];
  for (const thread of linuxThreads(pid)) {
    const children = readUnlessGone(`/proc/${pid}/task/${thread}/children`).trim();
    for (const child of children === "" ? [] : children.split(" ")) {
      pids.push(...linuxTree(Number(child)));
    }
  }
  return pids;
}

/** The ids of a process's threads; none when it has ended. */
export function linuxThreads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    // It has ended.
    return [];
  }
}

const buffer = Buffer.alloc(65_536);

/**
 * A file of /proc; empty when its process has ended. In fewer calls than `readFileSync` makes, which
 * asks for a size that these files do not have: a reading takes dozens of them.
 */
export function readUnlessGone(path: string): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, "r");
    let text = "";
    for (;;) {
      const count = readSync(descriptor, buffer, 0, buffer.length, null);
      if (count === 0) {
        return text;
      }
      text += buffer.toString("latin1", 0, count);
    }
  } catch {
    return "";
  } finally {
    if (descriptor !== undefined) {
      closeSync(descriptor);
    }
  }
}

/**
 * Says of those of `pids` that are in the process group which still run: of every process of the
 * machine when none are named, and then one counts as running until it is a zombie. Undefined when
 * that cannot be read: no descriptor is left.
 */
export function linuxGroupMembers(
  group: number,
  pids?: readonly number[],
): { readonly isRunning: boolean }[] | undefined {
  const names = pids ?? processNames();
  if (names === undefined) {
    return undefined;
  }
  const members: { isRunning: boolean }[] = [];
  for (const name of names) {
    const stat = readUnlessGone(`/proc/${name}/stat`);
    // The command's name stands in parentheses and may hold any character.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (stat !== "" && Number(fields[2]) === group) {
      members.push({ isRunning: !isZombie(fields) && (pids === undefined || hasMemory(fields)) });
    }
  }
  return members;
}

/** The file tells of the first thread, so that there must be no other. */
function isZombie(fields: readonly string[]): boolean {
  return fields[0] === "Z" && Number(fields[17]) <= 1;
}

/** What has none left, nor a second thread, can execute nothing: the kernel takes its mounts apart, say. */
function hasMemory(fields: readonly string[]): boolean {
  return Number(fields[17]) > 1 || Number(fields[20]) > 0;
}

function processNames(): string[] | undefined {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EMFILE" || code === "ENFILE") {
      return undefined;
    }
    throw error;
  }
}
