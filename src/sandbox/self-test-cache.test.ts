import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSelfTestCache } from "./self-test-cache.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const day = 24 * 3_600_000;

describe("createSelfTestCache", () => {
  it("createSelfTestCache() remembers a pass for a day when nothing underneath changes", async () => {
    let nowMs = 1_000;
    let version = "2.9.5";
    const cache = createSelfTestCache(
      directory,
      "deno",
      async () => [version],
      () => nowMs,
    );
    expect(await cache.hasPassed()).toBe(false);
    await cache.storePassed();
    expect(await cache.hasPassed()).toBe(true);
    nowMs += day;
    expect(await cache.hasPassed()).toBe(false);
    nowMs -= 2 * day;
    expect(await cache.hasPassed()).toBe(false);
    nowMs = 1_000;
    version = "2.9.6";
    expect(await cache.hasPassed()).toBe(false);
  });

  it("createSelfTestCache() forgets when its file is damaged or cannot be written", async () => {
    const cache = createSelfTestCache(directory, "deno", async () => []);
    await cache.storePassed();
    await writeFile(join(directory, "self-test-deno.json"), "{");
    expect(await cache.hasPassed()).toBe(false);
    const file = join(directory, "file");
    await writeFile(file, "");
    const unwritable = createSelfTestCache(join(file, "x"), "deno", async () => []);
    await unwritable.storePassed();
    expect(await unwritable.hasPassed()).toBe(false);
  });
});
