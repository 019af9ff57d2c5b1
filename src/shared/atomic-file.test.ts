import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeFileAtomically } from "./atomic-file.ts";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "atomic-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe("writeFileAtomically()", () => {
  it("writeFileAtomically() makes the file, replaces it and leaves nothing beside it", async () => {
    const path = join(folder, "a.json");
    await writeFileAtomically(path, "one");
    await writeFileAtomically(path, new TextEncoder().encode("zwei ✓"));
    expect(await readFile(path, "utf8")).toBe("zwei ✓");
    expect(await readdir(folder)).toEqual(["a.json"]);
  });

  it("writeFileAtomically() keeps the mode, and a symbolic link a link", async () => {
    const target = join(folder, "real.json");
    await writeFile(target, "old");
    await chmod(target, 0o640);
    await symlink(target, join(folder, "link.json"));
    await writeFileAtomically(join(folder, "link.json"), "new");
    expect(await readFile(target, "utf8")).toBe("new");
    expect(await readlink(join(folder, "link.json"))).toBe(target);
    expect((await stat(target)).mode & 0o777).toBe(0o640);
  });

  it("writeFileAtomically() leaves the old content and no litter when a step fails", async () => {
    const path = join(folder, "a.json");
    await writeFile(path, "old");
    const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
    const writing = writeFileAtomically(path, "new", { beforeReplace: () => Promise.reject(full) });
    await expect(writing).rejects.toMatchObject({ code: "DISK_FULL" });
    expect(await readFile(path, "utf8")).toBe("old");
    expect(await readdir(folder)).toEqual(["a.json"]);
  });

  it("writeFileAtomically() reports a parent that is a file", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(writeFileAtomically(join(folder, "file/a.json"), "x")).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });

  it("writeFileAtomically() reports a folder in the file's place", async () => {
    await mkdir(join(folder, "a.json"));
    await expect(writeFileAtomically(join(folder, "a.json"), "x")).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    expect(await readdir(folder)).toEqual(["a.json"]);
  });

  it("writeFileAtomically() uses up the half-written file of a crashed locked writer", async () => {
    const path = join(folder, "a.json");
    await writeFile(join(folder, ".a.json.writing"), "half");
    await writeFileAtomically(path, "whole", { isLocked: true });
    expect(await readFile(path, "utf8")).toBe("whole");
    expect(await readdir(folder)).toEqual(["a.json"]);
  });

  it("writeFileAtomically() leaves one of the whole contents when many write at once", async () => {
    const path = join(folder, "a.json");
    const contents = Array.from({ length: 20 }, (_, index) => String(index).repeat(50_000));
    await Promise.all(contents.map((content) => writeFileAtomically(path, content)));
    expect(contents).toContain(await readFile(path, "utf8"));
    expect(await readdir(folder)).toEqual(["a.json"]);
  });
});
