import { execFile, execFileSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type OpenMemory, openMemory } from "../../src/memory/memory-json.ts";

const run = promisify(execFile);
const writer = fileURLToPath(new URL("./memory-writer.ts", import.meta.url));
const NOBODY = 65_534;
const onWindows = process.platform === "win32";
let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "memory-faults-"));
});

afterEach(async () => {
  await chmod(root, 0o700);
  await rm(root, { recursive: true, force: true });
});

function open(workspaceRoot: string): OpenMemory {
  return openMemory({ workspaceRoot, failuresPerSkill: 3, lockWaitMs: 2_000 });
}

function recordSkill(memory: OpenMemory, name: string): Promise<void> {
  const skill = {
    name,
    status: "working",
    description: "",
    goal: "g",
    language: "python",
  } as const;
  return memory.recordSkill(skill, new Date());
}

/** Permissions do not bind root, so root does the work as nobody. */
async function withPermissions<Result>(work: () => Promise<Result>): Promise<Result> {
  if (process.geteuid?.() !== 0) return await work();
  process.seteuid?.(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

/** Whether a file system of a few kilobytes can be mounted where nobody else sees it. */
function canMount(): boolean {
  try {
    const script = 'mount -t tmpfs -o size=64k none "$0"';
    execFileSync("unshare", ["--map-root-user", "--mount", "sh", "-c", script, tmpdir()], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

async function expectAllRemembered(folder: string, lines: readonly string[]): Promise<void> {
  const memory = open(folder);
  const { skills } = await memory.read();
  const recalled = await memory.recallFailures({ goal: "", skill: "s" }, 10_000);
  memory.close();
  const names = new Set([
    ...skills.map((skill) => skill.name),
    ...recalled.map(({ failure }) => failure.error),
  ]);
  expect(lines.length).toBeGreaterThan(10);
  expect(lines.filter((name) => !names.has(name))).toEqual([]);
}

describe("memory in a read-only workspace", () => {
  it.skipIf(onWindows)(
    "openMemory() still reads, refuses to write and changes nothing",
    async () => {
      const first = open(root);
      await recordSkill(first, "one");
      first.close();
      const before = await readFile(join(root, "memory.json"), "utf8");
      if (process.geteuid?.() === 0) await chown(root, NOBODY, NOBODY);
      await chmod(root, 0o555);
      await withPermissions(async () => {
        const memory = open(root);
        await expect(recordSkill(memory, "two")).rejects.toMatchObject({
          code: "WORKSPACE_READ_ONLY",
          message: expect.stringContaining("chmod"),
        });
        expect((await memory.read()).skills.map((skill) => skill.name)).toEqual(["one"]);
      });
      expect(await readFile(join(root, "memory.json"), "utf8")).toBe(before);
    },
  );

  it.skipIf(onWindows)("openMemory() says so when the workspace cannot be made", async () => {
    if (process.geteuid?.() === 0) await chown(root, NOBODY, NOBODY);
    await chmod(root, 0o555);
    await withPermissions(async () => {
      await expect(recordSkill(open(join(root, "new")), "one")).rejects.toMatchObject({
        code: "WORKSPACE_READ_ONLY",
      });
    });
  });

  it("openMemory() says so when a file stands where the workspace should be", async () => {
    await writeFile(join(root, "file"), "");
    const memory = open(join(root, "file/workspace"));
    await expect(recordSkill(memory, "one")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });

  it("openMemory() says so when memory.json is a folder", async () => {
    await mkdir(join(root, "memory.json"));
    await expect(open(root).read()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    await expect(recordSkill(open(root), "one")).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    expect(await readdir(join(root, "memory.json"))).toEqual([]);
  });
});

describe("memory on a full disk", () => {
  it.skipIf(onWindows)(
    "openMemory() reports DISK_FULL, loses nothing and goes on once there is room (limit of a file's size)",
    async () => {
      const script = 'ulimit -f 64; exec "$0" "$@"';
      const args = ["-c", script, process.execPath, writer, root, "s", "0", "0"];
      const { stdout } = await run("sh", args);
      const lines = stdout.trimEnd().split("\n");
      expect(lines.pop()).toBe("error DISK_FULL");
      await expectAllRemembered(root, lines);
      const memory = open(root);
      await recordSkill(memory, "after");
      expect((await memory.read()).skills.at(-1)?.name).toBe("after");
      memory.close();
      expect((await readdir(root)).filter((name) => name.endsWith(".writing"))).toEqual([]);
    },
  );

  // Where nothing can be mounted the test above stands alone: one test fewer, not a skipped one.
  for (const size of canMount() ? ["150k", "400k"] : []) {
    it(`openMemory() reports DISK_FULL and loses nothing on a file system of ${size}`, async () => {
      const [mounted, copy] = [join(root, "mounted"), join(root, "copy")];
      await mkdir(mounted);
      const script = `mount -t tmpfs -o size=${size} none "$2" && "$0" "$1" "$2" s 0 4; cp -r "$2" "$3"`;
      const args = ["sh", "-c", script, process.execPath, writer, mounted, copy];
      const { stdout } = await run("unshare", ["--map-root-user", "--mount", ...args]);
      const lines = stdout.trimEnd().split("\n");
      expect(lines.pop()).toBe("error DISK_FULL");
      await expectAllRemembered(copy, lines);
    });
  }
});
