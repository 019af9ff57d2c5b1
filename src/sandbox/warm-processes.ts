import { AgentError } from "../shared/errors.ts";

/** What the pool needs of a process; `RunnerProcess` is one. */
export interface PooledProcess {
  readonly death: object | undefined;
  /** Resolves when it can take a program; rejects when it never will. In the background the host may end. */
  ready(isBackground?: boolean): Promise<void>;
  kill(): Promise<void>;
  keepHostAlive(isNeeded: boolean): void;
  onGone(callback: () => void): void;
}

export interface WarmProcessesOptions {
  /** How many stand ready. */
  readonly count: number;
  /** After so long without `warm()` or `take()` the idle ones are killed. */
  readonly idleMs: number;
  /** Calls back once, without keeping the host alive; returns how to take it back. */
  readonly after?: (ms: number, callback: () => void) => () => void;
}

/** Idle processes that died one after another before the pool gives up until it is asked again. */
const maxIdleDeaths = 8;

/** Starting a process holds the host up for milliseconds: whoever took one sends its program first. */
const refillDelayMs = 8;

/**
 * Processes that have run nothing yet; each is taken once and replaced in the background: one at a
 * time and only while nobody waits, since a start costs as much processor time as many calls.
 */
export class WarmProcesses<Process extends PooledProcess> {
  readonly #start: () => Promise<Process>;
  readonly #count: number;
  readonly #idleMs: number;
  readonly #after: (ms: number, callback: () => void) => () => void;
  /** Oldest first. */
  readonly #idle: IdleProcess<Process>[] = [];
  readonly #all = new Set<Process>();
  readonly #launching = new Set<Promise<unknown>>();
  #isWanted = false;
  #isClosed = false;
  #waiting = 0;
  #idleDeaths = 0;
  #stopTimer = (): void => {};
  #stopRefill = (): void => {};

  constructor(start: () => Promise<Process>, options: WarmProcessesOptions) {
    this.#start = start;
    this.#count = options.count;
    this.#idleMs = options.idleMs;
    this.#after = options.after ?? afterUnlessHostEnds;
  }

  /** Starts what is missing, all at once, and resolves when every idle process is ready. */
  async warm(): Promise<void> {
    this.#isWanted = this.#count > 0;
    await this.#inUse(async () => {
      while (!this.#isClosed && this.#idle.length < this.#count) {
        this.#addIdle();
      }
      await Promise.all(this.#idle.map(async ({ launched }) => (await launched).ready()));
    });
  }

  /**
   * Returns a ready process that nobody else gets; one that is not ready on abort is killed.
   *
   * @throws {AgentError} SANDBOX_UNAVAILABLE
   */
  async take(signal?: AbortSignal): Promise<Process> {
    return await this.#inUse(async () => {
      const process =
        (await this.#takeIdle(signal)) ?? (await readyOne(this.#launch(), { signal }));
      if (signal?.aborted === true) {
        // Nobody waits for it any more.
        await process.kill();
      }
      return process;
    });
  }

  /** Kills every process ever started here that still lives, idle or in use. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#stopTimer();
    this.#stopRefill();
    this.#idle.length = 0;
    await Promise.allSettled(this.#launching);
    await Promise.all([...this.#all].map((process) => process.kill()));
    this.#all.clear();
  }

  /** While anybody waits nothing is refilled or dropped; idle time begins when nobody does. */
  async #inUse<Result>(action: () => Promise<Result>): Promise<Result> {
    // What kept dying is tried again for whoever asks.
    this.#idleDeaths = 0;
    this.#stopTimer();
    this.#waiting += 1;
    let hasWorked = false;
    try {
      const result = await action();
      hasWorked = true;
      return result;
    } finally {
      this.#waiting -= 1;
      if (this.#waiting === 0 && !this.#isClosed) {
        this.#stopTimer();
        this.#stopTimer = this.#after(this.#idleMs, () => this.#dropIdle());
      }
      // What cannot start is not tried again before the next asks.
      if (hasWorked) {
        this.#stopRefill();
        this.#stopRefill = this.#after(refillDelayMs, () => this.#refill());
      }
    }
  }

  #dropIdle(): void {
    for (const { launched } of this.#idle.splice(0)) {
      void launched.then(
        (process) => process.kill(),
        () => undefined,
      );
    }
  }

  /** One that is ready before one that is starting; undefined when none came of it. */
  async #takeIdle(signal: AbortSignal | undefined): Promise<Process | undefined> {
    const ready = this.#idle.findIndex(({ isReady }) => isReady);
    const [idle] = this.#idle.splice(Math.max(0, ready), 1);
    if (idle === undefined) {
      return undefined;
    }
    try {
      const process = await readyOne(idle.launched, { signal });
      return process.death === undefined ? process : undefined;
    } catch {
      // One that failed in the background is no reason to fail: whoever waits starts another.
      return undefined;
    }
  }

  #refill(): void {
    const isStarting = this.#idle.some(({ isReady }) => !isReady);
    const isBusy = this.#waiting > 0 || isStarting;
    const isFull = this.#idle.length >= this.#count;
    if (this.#isWanted && !this.#isClosed && !isBusy && !isFull) {
      this.#addIdle();
    }
  }

  #addIdle(): void {
    const idle: IdleProcess<Process> = { isReady: false, launched: this.#launch() };
    this.#idle.push(idle);
    void readyOne(idle.launched, { isBackground: true }).then(
      (process) => {
        idle.isReady = true;
        process.onGone(() => this.#onIdleGone(idle));
        this.#refill();
      },
      // Nothing is started again by itself: the next who asks meets the reason.
      () => this.#forget(idle),
    );
  }

  #onIdleGone(idle: IdleProcess<Process>): void {
    if (this.#forget(idle) && this.#idleDeaths < maxIdleDeaths) {
      this.#idleDeaths += 1;
      this.#refill();
    }
  }

  #forget(idle: IdleProcess<Process>): boolean {
    const index = this.#idle.indexOf(idle);
    if (index !== -1) {
      this.#idle.splice(index, 1);
    }
    return index !== -1;
  }

  #launch(): Promise<Process> {
    const launched = this.#startUnlessClosed();
    this.#launching.add(launched);
    const forget = (): void => void this.#launching.delete(launched);
    launched.then(forget, forget);
    return launched;
  }

  async #startUnlessClosed(): Promise<Process> {
    if (this.#isClosed) {
      throw new AgentError(
        "SANDBOX_UNAVAILABLE",
        "Starting a sandboxed process: its sandbox is closed, an open one is wanted; open another.",
        { blame: "caller" },
      );
    }
    const process = await this.#start();
    process.keepHostAlive(false);
    this.#all.add(process);
    process.onGone(() => this.#all.delete(process));
    if (this.#isClosed) {
      await process.kill();
    }
    return process;
  }
}

interface IdleProcess<Process> {
  isReady: boolean;
  readonly launched: Promise<Process>;
}

async function readyOne<Process extends PooledProcess>(
  launched: Promise<Process>,
  options: { readonly isBackground?: true; readonly signal?: AbortSignal | undefined },
): Promise<Process> {
  const process = await launched;
  const { signal } = options;
  const onAbort = (): void => void process.kill();
  signal?.addEventListener("abort", onAbort, { once: true });
  if (signal?.aborted === true) {
    onAbort();
  }
  try {
    await process.ready(options.isBackground === true);
    return process;
  } finally {
    signal?.removeEventListener("abort", onAbort);
  }
}

function afterUnlessHostEnds(ms: number, callback: () => void): () => void {
  const timer = setTimeout(callback, ms).unref();
  return () => clearTimeout(timer);
}
