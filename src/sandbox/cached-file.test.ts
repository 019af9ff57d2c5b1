import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CachePlace, cachedFile } from "./cached-file.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const placeIn = (folder: string): CachePlace => ({
  directory: folder,
  prefix: "memory",
  suffix: ".snapshot",
});

/** Gives one file a step, and fails when asked for more. */
function builds(...texts: string[]): () => Promise<Uint8Array> {
  return async () => {
    const text = texts.shift();
    if (text === undefined) {
      throw new Error("built more often than expected");
    }
    return Buffer.from(text);
  };
}

async function content(path: string | undefined): Promise<string> {
  expect(path).toBeDefined();
  return await readFile(path ?? "", "utf8");
}

describe("cachedFile", () => {
  it("cachedFile() builds once when the folder does not exist yet", async () => {
    const folder = join(directory, "new");
    const first = await cachedFile(placeIn(folder), "key", builds("memory"));
    const second = await cachedFile(placeIn(folder), "key", builds());
    expect(await content(first?.path)).toBe("memory");
    expect(second).toEqual(first);
  });

  it("cachedFile() builds once when two ask at the same time", async () => {
    const build = builds("memory");
    const paths = await Promise.all([
      cachedFile(placeIn(directory), "key", build),
      cachedFile(placeIn(directory), "key", build),
    ]);
    expect(paths[0]).toBeDefined();
    expect(paths[1]).toEqual(paths[0]);
  });

  it("cachedFile() builds again when the file is damaged", async () => {
    const first = await cachedFile(placeIn(directory), "key", builds("memory"));
    await writeFile(first?.path ?? "", "memorz");
    const second = await cachedFile(placeIn(directory), "key", builds("memory 2"));
    expect(await content(second?.path)).toBe("memory 2");
    expect((await readdir(directory)).filter((name) => name.endsWith(".snapshot"))).toHaveLength(1);
  });

  it("cachedFile() builds another when the key differs, and removes one long unused", async () => {
    const old = await cachedFile(placeIn(directory), "old", builds("a"));
    const recent = await cachedFile(placeIn(directory), "recent", builds("b"));
    await utimes(old?.path ?? "", 0, 0);
    await cachedFile(placeIn(directory), "key", builds("c"));
    const names = await readdir(directory);
    expect(names.filter((name) => name.endsWith(".snapshot"))).toHaveLength(2);
    expect(await content(recent?.path)).toBe("b");
  });

  it.skipIf(process.platform === "win32")(
    "cachedFile() takes nothing that others could have written, and makes its own folder its own",
    async () => {
      const first = await cachedFile(placeIn(directory), "key", builds("memory"));
      await chmod(first?.path ?? "", 0o666);
      const second = await cachedFile(placeIn(directory), "key", builds("memory 2"));
      expect(await content(second?.path)).toBe("memory 2");
      await chmod(directory, 0o777);
      const third = await cachedFile(placeIn(directory), "key", builds());
      expect(third?.path).toBe(second?.path);
      expect((await stat(directory)).mode & 0o777).toBe(0o755);
    },
  );

  it("cachedFile() returns undefined when the build fails or the folder is a file", async () => {
    expect(await cachedFile(placeIn(directory), "key", builds())).toBeUndefined();
    const file = join(directory, "file");
    await writeFile(file, "");
    expect(await cachedFile(placeIn(join(file, "sub")), "key", builds("x"))).toBeUndefined();
  });
});
