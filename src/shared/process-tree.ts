import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { systemErrorCode } from "./errors.ts";

export interface StartProcessOptions {
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default: three pipes. */
  readonly stdio?: StdioOptions;
}

const pollIntervalMs = 2;
const cheapAttempts = 1;
/** A process in uninterruptible sleep cannot be killed; waiting longer would only hang the caller. */
const maxWaitMs = 5_000;

/**
 * Returns a child process that leads a process group of its own, so that it can be killed together
 * with everything it starts. A program that cannot be started shows as the child's `error` event,
 * never as a throw. Does not end the child when this process dies: the child must watch its stdin.
 */
export function startProcess(
  command: string,
  args: readonly string[],
  options: StartProcessOptions,
): ChildProcess {
  const child = spawn(command, [...args], {
    env: { ...options.env },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: options.stdio ?? "pipe",
    // A group of its own on POSIX. On Windows it would open a console window instead.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  // Without a listener a failed start would throw in the host; callers add their own to learn of it.
  child.on("error", () => {});
  withStreams(child);
  return child;
}

/** Where no descriptor is left Node makes no streams at all, against its own types. */
function withStreams(child: ChildProcess): void {
  const { stdio }: { stdio?: ChildProcess["stdio"] } = child;
  if (stdio === undefined) {
    const none: ChildProcess["stdio"] = [null, null, null, null, null];
    Object.assign(child, { stdin: null, stdout: null, stderr: null, stdio: none });
  }
}

/**
 * Kills the child and its whole process group with SIGKILL and resolves when they are gone, or
 * after 5 s if the kernel does not let them go. May be called for a child that ended by itself
 * (what it left behind is killed), and twice.
 */
export async function killProcessTree(child: ChildProcess): Promise<void> {
  const pid = child.pid;
  if (pid === undefined) {
    return;
  }
  const ended = hasEnded(child) ? undefined : waitForEnd(child);
  if (process.platform === "win32") {
    await killWindowsTree(pid);
  } else {
    signalGroup(pid, "SIGKILL");
  }
  await ended;
  await waitUntilGroupGone(pid);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function waitForEnd(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, maxWaitMs);
    child.once("exit", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Returns false when no process of the group is left. */
function signalGroup(pid: number, signal: "SIGKILL" | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "ESRCH") {
      return false;
    }
    // macOS answers EPERM for a group that holds nothing but zombies.
    if (systemErrorCode(error) === "EPERM") {
      return false;
    }
    throw error;
  }
}

async function waitUntilGroupGone(pid: number): Promise<void> {
  if (process.platform === "win32") {
    return;
  }
  const attempts = maxWaitMs / pollIntervalMs;
  for (let attempt = 0; attempt < attempts && isGroupRunning(pid, attempt); attempt += 1) {
    await delay(pollIntervalMs);
  }
}

/** A zombie runs nothing, but takes signals until its new parent, PID 1, gets round to it. */
function isGroupRunning(group: number, attempt: number): boolean {
  if (!signalGroup(group, 0)) {
    return false;
  }
  // Reading every process of the machine takes longer than PID 1 usually does.
  if (process.platform !== "linux" || attempt < cheapAttempts) {
    return true;
  }
  const states = linuxGroupStates(group);
  return states === undefined || states.some((state) => state !== "Z");
}

/** Undefined when the table cannot be read: no descriptor is left for it. */
function linuxGroupStates(group: number): string[] | undefined {
  const names = processNames();
  if (names === undefined) {
    return undefined;
  }
  const states: string[] = [];
  for (const name of names) {
    const stat = /^\d+$/.test(name) ? readStat(name) : "";
    // The command's name stands in parentheses and may hold any character.
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state !== undefined && Number(processGroup) === group) {
      states.push(state);
    }
  }
  return states;
}

function processNames(): string[] | undefined {
  try {
    return readdirSync("/proc");
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === "EMFILE" || code === "ENFILE") {
      return undefined;
    }
    throw error;
  }
}

function readStat(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    // It ended while the folder was read.
    return "";
  }
}

async function killWindowsTree(pid: number): Promise<void> {
  const killer = spawn("taskkill", ["/PID", String(pid), "/T", "/F"], {
    stdio: "ignore",
    windowsHide: true,
  });
  await new Promise<void>((resolve) => {
    killer.once("exit", () => resolve());
    killer.once("error", () => resolve());
  });
}
