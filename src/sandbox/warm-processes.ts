import type { RunnerProcess } from "./runner-process.ts";

/** Processes that have run nothing yet; each is taken once and replaced in the background. */
export class WarmProcesses {
  readonly #start: () => Promise<RunnerProcess>;
  readonly #count: number;
  readonly #idle: Promise<RunnerProcess>[] = [];
  readonly #all = new Set<RunnerProcess>();
  #isRefilling = false;
  #isClosed = false;

  constructor(start: () => Promise<RunnerProcess>, count: number) {
    this.#start = start;
    this.#count = count;
  }

  /** Starts what is missing and resolves when every idle process is ready. */
  async warm(): Promise<void> {
    this.#isRefilling = this.#count > 0;
    this.#refill();
    for (const starting of this.#idle) {
      await (await starting).ready();
    }
  }

  /** Returns a ready process that nobody else gets. @throws {AgentError} SANDBOX_UNAVAILABLE */
  async take(): Promise<RunnerProcess> {
    const starting = this.#idle.shift() ?? this.#launch();
    const runner = await starting;
    // One that died while it waited is no reason to fail: start another.
    const usable = runner.death === undefined ? runner : await this.#launch();
    usable.keepHostAlive(true);
    await usable.ready();
    this.#refill();
    return usable;
  }

  /** Kills every process ever started here that still lives, idle or in use. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.allSettled(this.#idle.splice(0));
    await Promise.all([...this.#all].map((runner) => runner.kill()));
    this.#all.clear();
  }

  #refill(): void {
    while (this.#isRefilling && !this.#isClosed && this.#idle.length < this.#count) {
      const starting = this.#launch();
      // Whoever takes it learns of the failure; until then it must not crash the host.
      starting.catch(() => {});
      this.#idle.push(starting);
    }
  }

  async #launch(): Promise<RunnerProcess> {
    const runner = await this.#start();
    runner.keepHostAlive(false);
    this.#all.add(runner);
    runner.onGone(() => this.#all.delete(runner));
    if (this.#isClosed) {
      await runner.kill();
    }
    return runner;
  }
}
