import { describe, expect, it } from "vitest";
import { type PooledProcess, WarmProcesses } from "./warm-processes.ts";

/** A process that becomes ready, dies or is killed when the test says so. */
class FakeProcess implements PooledProcess {
  death: object | undefined;
  readonly #ready = Promise.withResolvers<void>();
  readonly #gone: (() => void)[] = [];

  constructor() {
    // As the real one: nobody need be waiting when it dies.
    this.#ready.promise.catch(() => {});
  }

  becomeReady(): void {
    this.#ready.resolve();
  }

  die(): void {
    this.death = { reason: "crashed" };
    this.#ready.reject(new Error("it died"));
    for (const callback of this.#gone.splice(0)) {
      callback();
    }
  }

  ready(): Promise<void> {
    return this.#ready.promise;
  }

  async kill(): Promise<void> {
    this.die();
  }

  keepHostAlive(): void {}

  onGone(callback: () => void): void {
    this.#gone.push(callback);
  }
}

/** A pool of fakes whose only clock is `passIdleTime()`. */
function pool(count: number) {
  const started: FakeProcess[] = [];
  const timers = new Set<() => void>();
  const idleMs = 1_000;
  const processes = new WarmProcesses(
    async () => {
      const process = new FakeProcess();
      started.push(process);
      return process;
    },
    {
      count,
      idleMs,
      after: (ms, callback) => {
        if (ms < idleMs) {
          // The short wait before a refill: over as soon as everything else had its turn.
          const waiting = setImmediate(callback);
          return () => clearImmediate(waiting);
        }
        timers.add(callback);
        return () => timers.delete(callback);
      },
    },
  );
  const living = () => started.filter(({ death }) => death === undefined).length;
  const passIdleTime = () => {
    for (const callback of [...timers]) {
      timers.delete(callback);
      callback();
    }
  };
  /** Lets everything go on that waits for nothing but its turn. */
  const settle = async () => {
    for (let turn = 0; turn < 3; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  const readyAll = async () => {
    for (let before = -1; before !== started.length; ) {
      before = started.length;
      for (const process of started) {
        process.becomeReady();
      }
      await settle();
    }
  };
  /** Every test ends here: no process may live and no timer may run on. */
  const end = async () => {
    await processes.close();
    expect(living()).toBe(0);
    expect(timers.size).toBe(0);
  };
  return { processes, started, living, passIdleTime, settle, readyAll, end };
}

describe("WarmProcesses", () => {
  it("warm() starts what is missing and take() hands it out when it is ready", async () => {
    const { processes, started, readyAll, end } = pool(2);
    const warming = processes.warm();
    await readyAll();
    await warming;
    expect(started).toHaveLength(2);
    expect(await processes.take()).toBe(started[0]);
    await end();
  });

  it("take() starts one process and keeps none when the pool was never warmed", async () => {
    const { processes, started, readyAll, end } = pool(2);
    const taking = processes.take();
    await readyAll();
    expect(await taking).toBe(started[0]);
    expect(started).toHaveLength(1);
    await end();
  });

  it("take() gives each process to one when many take at once", async () => {
    const { processes, readyAll, end } = pool(3);
    const warming = processes.warm();
    await readyAll();
    await warming;
    const taking = Array.from({ length: 20 }, () => processes.take());
    await readyAll();
    const taken = await Promise.all(taking);
    expect(new Set(taken).size).toBe(20);
    await end();
  });

  it("take() is refilled one process at a time, and not while anybody waits", async () => {
    const { processes, started, settle, readyAll, end } = pool(2);
    const warming = processes.warm();
    await readyAll();
    await warming;
    await Promise.all([processes.take(), processes.take()]);
    await settle();
    expect(started).toHaveLength(3);
    // It takes the one that is starting; nothing else starts before that is ready.
    const third = processes.take();
    await settle();
    expect(started).toHaveLength(3);
    await readyAll();
    expect(await third).toBe(started[2]);
    expect(started).toHaveLength(5);
    await end();
  });

  it("take() starts another when the idle one has died", async () => {
    const { processes, started, readyAll, settle, end } = pool(1);
    const warming = processes.warm();
    await readyAll();
    await warming;
    started[0]?.die();
    await settle();
    expect(started).toHaveLength(2);
    const taking = processes.take();
    await settle();
    started[1]?.die();
    await readyAll();
    expect(await taking).toBe(started[2]);
    await end();
  });

  it("take() says why when a process cannot start, and the pool does not try on alone", async () => {
    const { processes, started, settle, end } = pool(1);
    const warming = processes.warm();
    await settle();
    started[0]?.die();
    await expect(warming).rejects.toThrow("it died");
    await settle();
    expect(started).toHaveLength(1);
    const taking = processes.take();
    await settle();
    started[1]?.die();
    await expect(taking).rejects.toThrow("it died");
    await end();
  });

  it("the pool gives up when its idle processes keep dying, until it is asked again", async () => {
    const { processes, started, readyAll, settle, end } = pool(1);
    const warming = processes.warm();
    await readyAll();
    await warming;
    for (let round = 0; round < 30; round += 1) {
      started.at(-1)?.die();
      await readyAll();
    }
    expect(started).toHaveLength(9);
    const taking = processes.take();
    await settle();
    await readyAll();
    await taking;
    expect(started).toHaveLength(11);
    await end();
  });

  it("idle processes are killed after their time and come back when one is taken", async () => {
    const { processes, started, living, passIdleTime, readyAll, settle, end } = pool(2);
    const warming = processes.warm();
    await readyAll();
    await warming;
    passIdleTime();
    await settle();
    expect(living()).toBe(0);
    const taking = processes.take();
    await readyAll();
    await taking;
    expect(started).toHaveLength(5);
    expect(living()).toBe(3);
    await end();
  });

  it("idle time does not pass while anybody waits for a process to start", async () => {
    const { processes, started, living, passIdleTime, settle, readyAll, end } = pool(2);
    const warming = processes.warm();
    await settle();
    passIdleTime();
    await readyAll();
    await warming;
    expect(started).toHaveLength(2);
    expect(living()).toBe(2);
    await end();
  });

  it("close() kills what is idle, in use and still starting", async () => {
    const { processes, started, readyAll, settle, end } = pool(2);
    const warming = processes.warm();
    await readyAll();
    await warming;
    await processes.take();
    await settle();
    const outcomes = Promise.allSettled([processes.take(), processes.take()]);
    await end();
    expect((await outcomes).at(1)).toMatchObject({ status: "rejected" });
    await expect(processes.take()).rejects.toMatchObject({ code: "SANDBOX_UNAVAILABLE" });
    expect(started).toHaveLength(3);
  });
});
