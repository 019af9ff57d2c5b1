import { accessSync, constants, existsSync } from "node:fs";
import { unlink } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { AgentError } from "./errors.ts";
import { fileError, sqliteErrorCode } from "./file-error.ts";

export interface LockOptions {
  /**
   * Milliseconds to wait for another holder; 0 tries once. Behind others of this process: since the last
   * of them left.
   */
  readonly waitMs: number;
  readonly signal?: AbortSignal;
}

export interface Lock {
  /** Calling it again does nothing. */
  release(): void;
}

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_CANTOPEN = 14;
/** The longest delay that a timer of Node can hold. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const FIRST_POLL_MS = 1;
const LONGEST_POLL_MS = 20;

/** For each lock file of this process: settles when the last one in the queue has left. */
const queues = new Map<string, Promise<void>>();
/** When the queue of a lock file last moved. */
const movedAt = new Map<string, number>();

/**
 * Takes the lock that the file stands for; one holder at a time on this machine, also within one
 * process, where waiters are served in order. The kernel frees it when the process dies, so
 * nobody waits for a dead one. The file is created and stays. Not for network file systems
 * without locking, and the file must not be removed while it is in use.
 *
 * @throws {AgentError} LOCK_TIMEOUT after `waitMs`; ABORTED; WORKSPACE_READ_ONLY or DISK_FULL
 *   when the file cannot be made.
 * @see https://www.sqlite.org/lockingv3.html for the lock that BEGIN IMMEDIATE takes
 */
export async function acquireLock(path: string, options: LockOptions): Promise<Lock> {
  const file = resolve(path);
  const previous = queues.get(file) ?? Promise.resolve();
  const { promise: left, resolve: leave } = Promise.withResolvers<void>();
  const mine = previous.then(() => left);
  queues.set(file, mine);
  const leaveQueue = (): void => {
    leave();
    void mine.then(() => {
      if (queues.get(file) !== mine) return;
      queues.delete(file);
      movedAt.delete(file);
    });
  };
  try {
    throwIfAborted(file, options.signal);
    await waitForTurn(previous, file, options);
    const deadline = performance.now() + options.waitMs;
    const holder = await waitForHolder(file, deadline, options.signal);
    const leaveAsHolder = (): void => {
      // One that gave up waiting moved nothing: whoever holds it still does.
      movedAt.set(file, performance.now());
      leaveQueue();
    };
    return { release: releaseOnce(holder, leaveAsHolder) };
  } catch (error) {
    leaveQueue();
    throw fileError(`Locking ${basename(file)}`, file, error);
  }
}

function releaseOnce(holder: DatabaseSync, leaveQueue: () => void): () => void {
  let isReleased = false;
  return () => {
    if (isReleased) return;
    isReleased = true;
    // Closing ends the transaction, and with it the kernel's lock.
    holder.close();
    leaveQueue();
  };
}

/** The time counts from when the queue last moved: hundreds of short turns are nobody's hanging. */
async function waitForTurn(
  previous: Promise<void>,
  file: string,
  { waitMs, signal }: LockOptions,
): Promise<void> {
  const turn = previous.then(() => "turn" as const);
  let deadline = performance.now() + waitMs;
  for (;;) {
    const outcome = await Promise.race([turn, sleepUntil(deadline, turn, signal)]);
    if (outcome === "turn") return;
    if (outcome === "aborted") return throwIfAborted(file, signal);
    const moved = (movedAt.get(file) ?? Number.NEGATIVE_INFINITY) + waitMs;
    if (moved <= performance.now()) throw lockTimeout(file);
    deadline = moved;
  }
}

async function sleepUntil(
  deadline: number,
  unless: Promise<unknown>,
  signal: AbortSignal | undefined,
): Promise<"timeout" | "aborted"> {
  const timer = new AbortController();
  void unless.then(() => timer.abort());
  const signals = signal === undefined ? [timer.signal] : [timer.signal, signal];
  const remainingMs = Math.min(LONGEST_TIMER_MS, Math.max(0, deadline - performance.now()));
  return sleep(remainingMs, "timeout" as const, { signal: AbortSignal.any(signals) }).catch(
    () => "aborted" as const,
  );
}

async function waitForHolder(
  file: string,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<DatabaseSync> {
  const waiting = `${file}-waiting`;
  // Whoever waits longest holds this second lock, and newcomers line up behind it: without it a
  // process that releases and takes again at once would starve one that polls.
  if (!existsSync(waiting)) {
    const holder = tryLock(file);
    if (holder !== undefined) return holder;
  }
  const turnstile = await pollLock(waiting, file, deadline, signal);
  try {
    return await pollLock(file, file, deadline, signal);
  } finally {
    // Fairness alone depends on this file, so removing it under another's eyes does no harm.
    await unlink(waiting).catch(() => undefined);
    turnstile.close();
  }
}

async function pollLock(
  path: string,
  file: string,
  deadline: number,
  signal: AbortSignal | undefined,
): Promise<DatabaseSync> {
  for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(LONGEST_POLL_MS, pauseMs * 1.5)) {
    throwIfAborted(file, signal);
    const holder = tryLock(path);
    if (holder !== undefined) return holder;
    const remainingMs = deadline - performance.now();
    if (remainingMs <= 0) throw lockTimeout(file);
    await sleep(Math.min(pauseMs, remainingMs), undefined, signal ? { signal } : {}).catch(
      () => undefined,
    );
  }
}

function tryLock(path: string): DatabaseSync | undefined {
  const database = openDatabase(path);
  try {
    // Nothing is ever written, so a journal file beside the lock would be litter.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE");
    return database;
  } catch (error) {
    database.close();
    const code = sqliteErrorCode(error);
    if (code === SQLITE_BUSY || code === SQLITE_LOCKED) return undefined;
    throw error;
  }
}

function openDatabase(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { timeout: 0 });
  } catch (error) {
    // SQLite does not say why it cannot open a file; the folder's own error does. The lock file
    // itself must never be opened here: closing it again would drop the kernel's locks on it.
    if (sqliteErrorCode(error) === SQLITE_CANTOPEN)
      accessSync(`${dirname(path)}/.`, constants.W_OK);
    throw error;
  }
}

function throwIfAborted(file: string, signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new AgentError(
    "ABORTED",
    `Locking ${basename(file)}: the wait was aborted before the lock was free; nothing was changed; start again.`,
    { blame: "caller", cause: signal.reason },
  );
}

function lockTimeout(file: string): AgentError {
  return new AgentError(
    "LOCK_TIMEOUT",
    `Locking ${basename(file)}: another process holds ${file}; it has to be free; wait for that process or end it, then try again.`,
    { blame: "environment", isRetryable: true },
  );
}
