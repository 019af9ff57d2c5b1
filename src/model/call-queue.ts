/** Lets a number of calls go on at once; others wait in the order in which they came. */
export class CallQueue {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /**
   * Runs `work` when there is room. An abort while it waits takes it out of the queue and rejects
   * with the signal's reason; once it runs, ending it is its own affair.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    await this.#enter(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    if (this.#running < this.#limit) {
      this.#running += 1;
      return;
    }
    await new Promise<void>((resolve, reject) => {
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1);
        reject(signal?.reason);
      };
      // The place is handed on: whoever leaves does not count down, and nobody new can slip in.
      const enter = () => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      };
      this.#waiting.push(enter);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#running -= 1;
    else next();
  }
}

/** One queue a provider, made when it is first asked for; shared by all models of a process. */
export class CallQueues {
  readonly #queues = new Map<string, CallQueue>();

  /** @param limit of the first who asks. */
  of(provider: string, limit: number): CallQueue {
    const found = this.#queues.get(provider) ?? new CallQueue(limit);
    this.#queues.set(provider, found);
    return found;
  }
}
