import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { acquireLock } from "./lock.ts";

let folder = "";
let path = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-"));
  path = join(folder, "a.lock");
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A process that takes the lock, says so, and holds it until it is killed. */
async function startHolder(): Promise<ChildProcess> {
  const source = `
    const { acquireLock } = await import(${JSON.stringify(new URL("./lock.ts", import.meta.url).href)});
    await acquireLock(${JSON.stringify(path)}, { waitMs: 20_000 });
    process.stdout.write("held");
    setInterval(() => {}, 1_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe("acquireLock()", () => {
  it("acquireLock() serves waiters of one process one at a time and in order", async () => {
    const order: number[] = [];
    let holders = 0;
    const work = async (index: number): Promise<void> => {
      const lock = await acquireLock(path, { waitMs: 20_000 });
      holders += 1;
      expect(holders).toBe(1);
      order.push(index);
      await new Promise((done) => setTimeout(done, 2));
      holders -= 1;
      lock.release();
    };
    await Promise.all(Array.from({ length: 10 }, (_, index) => work(index)));
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await readdir(folder)).toEqual(["a.lock"]);
  });

  it("acquireLock() lets nobody down in a queue that moves, however long it is", async () => {
    const turn = async (): Promise<void> => {
      const lock = await acquireLock(path, { waitMs: 1_000 });
      await sleep(40);
      lock.release();
    };
    await Promise.all(Array.from({ length: 50 }, turn));
  });

  it("acquireLock() throws LOCK_TIMEOUT when held within this process, and serves the next", async () => {
    const first = await acquireLock(path, { waitMs: 0 });
    await expect(acquireLock(path, { waitMs: 20 })).rejects.toMatchObject({
      code: "LOCK_TIMEOUT",
      isRetryable: true,
    });
    const third = acquireLock(path, { waitMs: 20_000 });
    first.release();
    first.release();
    (await third).release();
    (await acquireLock(path, { waitMs: 0 })).release();
  });

  it("acquireLock() throws LOCK_TIMEOUT when another process holds it, and takes it over when that one is killed", async () => {
    const holder = await startHolder();
    await expect(acquireLock(path, { waitMs: 50 })).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
    const waiting = acquireLock(path, { waitMs: 20_000 });
    holder.kill("SIGKILL");
    (await waiting).release();
    expect(await readdir(folder)).toEqual(["a.lock"]);
  });

  it("acquireLock() throws ABORTED when the signal fires in the queue, while polling, or before", async () => {
    const first = await acquireLock(path, { waitMs: 0 });
    const queued = AbortSignal.timeout(10);
    await expect(acquireLock(path, { waitMs: 20_000, signal: queued })).rejects.toMatchObject({
      code: "ABORTED",
    });
    first.release();
    const holder = await startHolder();
    const polling = AbortSignal.timeout(30);
    await expect(acquireLock(path, { waitMs: 20_000, signal: polling })).rejects.toMatchObject({
      code: "ABORTED",
    });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const before = AbortSignal.abort();
    await expect(acquireLock(path, { waitMs: 20_000, signal: before })).rejects.toMatchObject({
      code: "ABORTED",
    });
    (await acquireLock(path, { waitMs: 0 })).release();
  });

  it("acquireLock() does not starve a process beside one that takes the lock again at once", async () => {
    const source = `
      const { acquireLock } = await import(${JSON.stringify(new URL("./lock.ts", import.meta.url).href)});
      for (let turn = 0; ; turn += 1) {
        const lock = await acquireLock(${JSON.stringify(path)}, { waitMs: 60_000 });
        if (turn === 0) process.stdout.write("held");
        await new Promise((done) => setTimeout(done, 5));
        lock.release();
      }`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", source], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    for (let turn = 0; turn < 20; turn += 1) {
      (await acquireLock(path, { waitMs: 20_000 })).release();
    }
    expect(child.exitCode).toBeNull();
    child.kill("SIGKILL");
  });

  it("acquireLock() reports a folder that is missing or a file", async () => {
    await writeFile(join(folder, "file"), "");
    for (const bad of ["missing/a.lock", "file/a.lock"]) {
      await expect(acquireLock(join(folder, bad), { waitMs: 0 })).rejects.toMatchObject({
        code: "CONFIG_INVALID",
      });
    }
  });
});
