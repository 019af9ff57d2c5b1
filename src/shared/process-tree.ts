import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { setTimeout as delay, setImmediate as immediate } from "node:timers/promises";
import { systemErrorCode } from "./errors.ts";
import { linuxGroupMembers, linuxTree } from "./linux-processes.ts";

export interface StartProcessOptions {
  /** The whole environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Default: three pipes. */
  readonly stdio?: StdioOptions;
}

const pollIntervalMs = 2;
/** So often a known tree is looked at again at once: it dies within a millisecond, mostly. */
const quickAttempts = 20;
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

export interface KillOptions {
  /**
   * The tree is known to start nothing more. Who is in it is then looked up once, before the kill, and
   * only they are waited for, until they can execute nothing; otherwise every process of the machine is
   * asked for its group, until all of that are zombies or gone.
   */
  readonly isSettled?: boolean;
}

/**
 * Kills the child and its whole process group with SIGKILL and resolves when they are gone, or
 * after 5 s if the kernel does not let them go. May be called for a child that ended by itself
 * (what it left behind is killed), and twice.
 */
export async function killProcessTree(
  child: ChildProcess,
  options: KillOptions = {},
): Promise<void> {
  const pid = child.pid;
  if (pid === undefined) {
    return;
  }
  // What a child that has ended left behind is nobody's child any more.
  const isListed = options.isSettled === true && !hasEnded(child) && process.platform === "linux";
  const members = isListed ? linuxTree(pid) : undefined;
  const ended = hasEnded(child) ? undefined : waitForEnd(child);
  if (process.platform === "win32") {
    await killWindowsTree(pid);
  } else {
    signalGroup(pid, "SIGKILL");
  }
  await ended;
  await waitUntilGroupGone(pid, members);
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

async function waitUntilGroupGone(pid: number, members?: readonly number[]): Promise<void> {
  if (process.platform === "win32") {
    return;
  }
  const attempts = maxWaitMs / pollIntervalMs;
  for (let attempt = 0; attempt < attempts && isGroupRunning(pid, members); attempt += 1) {
    await (members === undefined || attempt >= quickAttempts ? delay(pollIntervalMs) : immediate());
  }
}

/** What runs nothing any more takes signals until its new parent, PID 1, gets round to it. */
function isGroupRunning(group: number, members: readonly number[] | undefined): boolean {
  if (!signalGroup(group, 0)) {
    return false;
  }
  if (process.platform !== "linux") {
    return true;
  }
  const found = (members && linuxGroupMembers(group, members)) ?? [];
  // Somebody answers who is no member: everybody is asked.
  const known = found.length > 0 ? found : linuxGroupMembers(group);
  return known === undefined || known.some(({ isRunning }) => isRunning);
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
