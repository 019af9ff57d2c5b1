import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareWorkspace } from "./workspace.ts";

describe("prepareWorkspace()", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "autodidact-workspace-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("prepareWorkspace() makes every folder when none is there", async () => {
    const paths = await prepareWorkspace(join(folder, "deep", "inside"));
    expect((await readdir(paths.root)).sort()).toEqual(["exec", "runs", "skills"]);
  });

  it("prepareWorkspace() removes what a dead process left in exec/ and keeps what a living one holds", async () => {
    const { exec } = await prepareWorkspace(folder);
    // No process has this id: Linux ends at 2^22.
    await mkdir(join(exec, "99999999-abc"));
    await writeFile(join(exec, "stranger.py"), "");
    await mkdir(join(exec, `${process.pid}-abc`));
    await prepareWorkspace(folder);
    // What nobody here made stays.
    expect((await readdir(exec)).sort()).toEqual([`${process.pid}-abc`, "stranger.py"].sort());
  });

  it("prepareWorkspace() removes nothing where a stranger's exec/ leads elsewhere", async () => {
    await mkdir(join(folder, "mine", "99999999-photos"), { recursive: true });
    await mkdir(join(folder, "theirs"));
    await symlink(join("..", "mine"), join(folder, "theirs", "exec"));
    await expect(prepareWorkspace(join(folder, "theirs"))).rejects.toMatchObject({
      code: "PATH_OUTSIDE_WORKSPACE",
    });
    expect(await readdir(join(folder, "mine"))).toEqual(["99999999-photos"]);
  });

  it("prepareWorkspace() says what is in the way when the root is a file", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(prepareWorkspace(join(folder, "file"))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });

  it.runIf(existsSync("/proc/self"))(
    "prepareWorkspace() answers with an error when the root is below /proc",
    async () => {
      await expect(prepareWorkspace("/proc/nope/deeper")).rejects.toMatchObject({
        name: "AgentError",
      });
    },
  );
});
