import { mkdtemp, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { keptWhileUnchanged, markFiles } from "./unchanged-files.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** Counts how often it is made from a file. */
function counted(path: string) {
  let count = 0;
  return keptWhileUnchanged(async () => {
    const marks = await markFiles([path]);
    count += 1;
    return { value: count, marks };
  });
}

describe("keptWhileUnchanged", () => {
  it("keptWhileUnchanged() makes it again when the file was written, replaced or removed", async () => {
    const path = join(directory, "a");
    await writeFile(path, "one");
    const kept = counted(path);
    expect([await kept.get(), await kept.get()]).toEqual([1, 1]);
    const { atime, mtime } = await stat(path);
    // As long, and as old by what a program can set.
    await writeFile(path, "two");
    await utimes(path, atime, mtime);
    expect([await kept.get(), await kept.get()]).toEqual([2, 2]);
    await writeFile(join(directory, "b"), "two");
    await rename(join(directory, "b"), path);
    expect([await kept.get(), await kept.get()]).toEqual([3, 3]);
    await rm(path);
    expect([await kept.get(), await kept.get()]).toEqual([4, 4]);
  });

  it("keptWhileUnchanged() makes it once when many ask at the same time, again once forgotten", async () => {
    const kept = counted(join(directory, "none"));
    expect(await Promise.all([kept.get(), kept.get(), kept.get()])).toEqual([1, 1, 1]);
    kept.forget();
    expect(await Promise.all([kept.get(), kept.get()])).toEqual([2, 2]);
  });

  it("keptWhileUnchanged() keeps no failure", async () => {
    let isMended = false;
    const kept = keptWhileUnchanged(async () => {
      if (!isMended) {
        throw new RangeError("not yet");
      }
      return { value: "made", marks: new Map() };
    });
    await expect(kept.get()).rejects.toThrow(RangeError);
    isMended = true;
    expect(await kept.get()).toBe("made");
  });
});
