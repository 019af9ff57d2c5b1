import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SelfTestReport } from "./self-test.ts";
import { createSelfTestCache } from "./self-test-cache.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const hour = 3_600_000;
const report = (held: boolean): SelfTestReport => ({
  backend: "deno",
  runtime: "deno-2.9",
  passed: held,
  findings: [{ name: "read_file", kind: "file", held, detail: "NotCapable" }],
});

describe("createSelfTestCache", () => {
  it("createSelfTestCache() keeps a pass for a day and a failure for an hour when nothing underneath changes", async () => {
    for (const [held, wantedMs] of [
      [true, 24 * hour],
      [false, hour],
    ] as const) {
      let nowMs = 1_000;
      let version = "2.9.5";
      const cache = createSelfTestCache(
        directory,
        `deno-${held}`,
        async () => [version],
        () => nowMs,
      );
      expect(await cache.read()).toBeUndefined();
      const stored = await cache.store(report(held));
      expect(stored).toEqual({ report: report(held), testedAtMs: 1_000, validForMs: wantedMs });
      expect(await cache.read()).toEqual(stored);
      nowMs += wantedMs - 1;
      expect(await cache.read()).toEqual({ ...stored, validForMs: 1 });
      nowMs += 1;
      expect(await cache.read()).toBeUndefined();
      nowMs = 999;
      expect(await cache.read()).toBeUndefined();
      nowMs = 1_000;
      version = "2.9.6";
      expect(await cache.read()).toBeUndefined();
    }
  });

  it("createSelfTestCache() forgets a record that is damaged or contradicts its own findings", async () => {
    const cache = createSelfTestCache(directory, "deno", async () => []);
    await cache.store(report(false));
    const path = join(directory, "self-test-deno.json");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace('"passed":false', '"passed":true'));
    expect(await cache.read()).toBeUndefined();
    await writeFile(path, "{");
    expect(await cache.read()).toBeUndefined();
  });

  it.skipIf(process.platform === "win32")(
    "createSelfTestCache() believes no record that others could have written",
    async () => {
      const cache = createSelfTestCache(directory, "deno", async () => []);
      await cache.store(report(true));
      expect(await cache.read()).toMatchObject({ report: report(true) });
      await chmod(directory, 0o777);
      expect(await cache.read()).toBeUndefined();
      await chmod(directory, 0o700);
      await chmod(join(directory, "self-test-deno.json"), 0o622);
      expect(await cache.read()).toBeUndefined();
      await cache.store(report(true));
      expect(await cache.read()).toMatchObject({ report: report(true) });
    },
  );

  it("createSelfTestCache() answers and keeps nothing when its folder cannot be written", async () => {
    const file = join(directory, "file");
    await writeFile(file, "");
    const cache = createSelfTestCache(join(file, "x"), "deno", async () => []);
    expect(await cache.store(report(true))).toMatchObject({ validForMs: 24 * hour });
    expect(await cache.read()).toBeUndefined();
  });
});
