import { execFile } from "node:child_process";
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { newPrivateKey } from "../shared/signing.ts";
import { openKeyRing, signingKeyPath } from "./signing-key.ts";

const run = promisify(execFile);
let root: string;
let path: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "signing-key-"));
  path = join(root, "autodidact", "signing-key.pem");
});
afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

const modeOf = async (file: string) => ((await stat(file)).mode & 0o777).toString(8);

async function placeKey(content: string, mode = 0o600): Promise<void> {
  await mkdir(join(root, "autodidact"), { recursive: true });
  await writeFile(path, content);
  await chmod(path, mode);
}

describe("signingKeyPath()", () => {
  it("signingKeyPath() lies beside the user's own configuration", () => {
    expect(signingKeyPath({}, "/somewhere", "linux")).toBe(
      "/somewhere/.config/autodidact/signing-key.pem",
    );
    expect(signingKeyPath({ XDG_CONFIG_HOME: "/c" }, "/somewhere", "linux")).toBe(
      "/c/autodidact/signing-key.pem",
    );
  });
});

describe("openKeyRing()", () => {
  it("openKeyRing() makes nothing until something is signed, then a file for its user alone", async () => {
    const keys = openKeyRing(path);
    expect(await keys.publicKey()).toBeUndefined();
    expect(await readdir(root)).toEqual([]);
    const { publicKey } = await keys.signingKey();
    expect(await keys.publicKey()).toBe(publicKey);
    expect(await readdir(join(root, "autodidact"))).toEqual(["signing-key.pem"]);
    expect([await modeOf(path), await modeOf(join(root, "autodidact"))]).toEqual(["600", "700"]);
    expect(await openKeyRing(path).publicKey()).toBe(publicKey);
  });

  it("openKeyRing() sees a key that another made meanwhile", async () => {
    const keys = openKeyRing(path);
    expect(await keys.publicKey()).toBeUndefined();
    const { publicKey } = await openKeyRing(path).signingKey();
    expect(await keys.publicKey()).toBe(publicKey);
  });

  it("openKeyRing() gives many that make it at once the same key, in one process and in several", async () => {
    const url = new URL("./signing-key.ts", import.meta.url).href;
    const program = `const { openKeyRing } = await import(${JSON.stringify(url)});
      process.stdout.write((await openKeyRing(${JSON.stringify(path)}).signingKey()).publicKey);`;
    const others = Array.from({ length: 4 }, async () => {
      const { stdout } = await run(process.execPath, ["--input-type=module", "-e", program]);
      return stdout;
    });
    const own = Array.from({ length: 8 }, async () => {
      return (await openKeyRing(path).signingKey()).publicKey;
    });
    const found = new Set(await Promise.all([...own, ...others]));
    expect([...found]).toEqual([await openKeyRing(path).publicKey()]);
    expect(await readdir(join(root, "autodidact"))).toEqual(["signing-key.pem"]);
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    ["readable by others", () => placeKey(newPrivateKey(), 0o644), /mode 644.*chmod 600/],
    ["writable by a group", () => placeKey(newPrivateKey(), 0o620), /mode 620/],
    ["truncated", () => placeKey(newPrivateKey().slice(0, 70)), /damaged.*verify --all/],
    ["empty", () => placeKey(""), /damaged/],
    ["huge", () => placeKey("x".repeat(5_000)), /5000 bytes/],
    ["a folder", async () => void (await mkdir(path, { recursive: true })), /no plain file/],
    [
      "a link",
      async () => {
        await writeFile(join(root, "key"), newPrivateKey(), { mode: 0o600 });
        await mkdir(join(root, "autodidact"));
        await symlink(join(root, "key"), path);
      },
      /symbolic link/,
    ],
    [
      "a link to nothing",
      async () => {
        await mkdir(join(root, "autodidact"));
        await symlink(join(root, "gone"), path);
      },
      /symbolic link/,
    ],
    [
      "a named pipe",
      async () => {
        await mkdir(join(root, "autodidact"));
        await run("mkfifo", ["-m", "600", path]);
      },
      /no plain file/,
    ],
  ])("openKeyRing() refuses a key that is %s, and leaves it", async (_name, place, message) => {
    await place();
    const keys = openKeyRing(path);
    for (const work of [() => keys.publicKey(), () => keys.signingKey()]) {
      await expect(work()).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(message),
      });
    }
    expect(await readdir(join(root, "autodidact"))).toEqual(["signing-key.pem"]);
  });

  it("openKeyRing() makes no key where others may write, or in a file's place", async () => {
    await mkdir(join(root, "autodidact"));
    await chmod(join(root, "autodidact"), 0o777);
    await expect(openKeyRing(path).signingKey()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("may be written by others"),
    });
    await writeFile(join(root, "file"), "");
    const inFile = join(root, "file", "autodidact", "signing-key.pem");
    await expect(openKeyRing(inFile).signingKey()).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("XDG_CONFIG_HOME"),
    });
    expect(await readFile(join(root, "file"), "utf8")).toBe("");
  });
});
