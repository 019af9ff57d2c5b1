import { cp, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { pinnedPyodide } from "./pyodide-digests.ts";
import { findPyodide, pyodideDigests, snapshotKey } from "./pyodide-package.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "autodidact-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

const names = Object.keys(pinnedPyodide.digests);

async function copyOfPyodide(): Promise<{ folder: string; version: string }> {
  const { folder, version } = findPyodide();
  for (const name of names) {
    await cp(join(folder, name), join(directory, name));
  }
  return { folder: directory, version };
}

/** Turns one bit in the middle, where no header would show it. */
async function changeOneByte(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    const byte = Buffer.alloc(1);
    const middle = Math.floor(size / 2);
    await file.read(byte, 0, 1, middle);
    byte.writeUInt8(byte.readUInt8() ^ 1);
    await file.write(byte, 0, 1, middle);
  } finally {
    await file.close();
  }
}

describe("pyodide's package", () => {
  it("pyodideDigests() equals what is pinned when the package is as npm installed it", async () => {
    const { folder, version } = findPyodide();
    expect({ version, digests: await pyodideDigests(folder) }).toEqual(pinnedPyodide);
  });

  it("snapshotKey() is the same for a copy and differs by Deno's version", async () => {
    const copy = await copyOfPyodide();
    const key = await snapshotKey(findPyodide(), "2.0.0");
    expect(await snapshotKey(copy, "2.0.0")).toBe(key);
    expect(await snapshotKey(copy, "2.0.1")).not.toBe(key);
  });

  it.each(names)("snapshotKey() refuses and names %s when one byte of it differs", async (name) => {
    const copy = await copyOfPyodide();
    await changeOneByte(join(directory, name));
    const path = join(directory, name);
    await expect(snapshotKey(copy, "2.0.0")).rejects.toMatchObject({
      code: "SANDBOX_UNAVAILABLE",
      message: expect.stringContaining(`${path} was changed`),
    });
    await expect(snapshotKey(copy, "2.0.0")).rejects.toThrow("npm ci");
  });

  it("snapshotKey() refuses when a file is missing or the version is another", async () => {
    const copy = await copyOfPyodide();
    await expect(snapshotKey({ ...copy, version: "1.0.0" }, "2.0.0")).rejects.toMatchObject({
      code: "SANDBOX_UNAVAILABLE",
    });
    await rm(join(directory, "python_stdlib.zip"));
    await expect(snapshotKey(copy, "2.0.0")).rejects.toMatchObject({
      code: "SANDBOX_UNAVAILABLE",
      message: expect.stringContaining("python_stdlib.zip cannot be read"),
    });
  });
});
