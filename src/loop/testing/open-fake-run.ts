import { rm } from "node:fs/promises";
import { afterEach } from "vitest";
import { type FakeRun, type FakeRunOptions, fakeRun } from "./fake-run.ts";

/** Returns what opens fake runs for the tests of one file; each is closed after its test. */
export function fakeRuns(): (options: FakeRunOptions) => Promise<FakeRun> {
  const opened: FakeRun[] = [];
  afterEach(async () => {
    for (const { run, runsDirectory } of opened.splice(0)) {
      await run.journal.close();
      await rm(runsDirectory, { recursive: true, force: true });
    }
  });
  return async (options) => {
    const fake = await fakeRun(options);
    opened.push(fake);
    return fake;
  };
}
