import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openRemoteConsents, remoteConsentsPath } from "./remote-consents.ts";

const openAi = "https://api.openai.com";
let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "consents-"));
  path = join(folder, "own", "remote-consents.json");
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("openRemoteConsents", () => {
  it("has() is true for what was consented to once, until the process ends", async () => {
    const consents = openRemoteConsents(path);
    expect(await consents.has(openAi)).toBe(false);
    await consents.allow(openAi, false);
    expect(await consents.has(openAi)).toBe(true);
    expect(await consents.has("https://api.anthropic.com")).toBe(false);
    expect(await openRemoteConsents(path).has(openAi)).toBe(false);
  });

  it("allow() remembers for good, beside what was remembered before", async () => {
    await openRemoteConsents(path).allow(openAi, true);
    await openRemoteConsents(path).allow("https://x.example", true);
    expect(await openRemoteConsents(path).has(openAi)).toBe(true);
    if (process.platform !== "win32") expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(path, "utf8"))).toEqual({
      schemaVersion: 1,
      allowed: [openAi, "https://x.example"],
    });
  });

  it("has() refuses a file that others may write, and a damaged one", async () => {
    await openRemoteConsents(path).allow(openAi, true);
    if (process.platform !== "win32") {
      await chmod(path, 0o666);
      await expect(openRemoteConsents(path).has(openAi)).rejects.toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringContaining("mode 666"),
      });
      await chmod(path, 0o600);
    }
    await writeFile(path, "{");
    await expect(openRemoteConsents(path).has(openAi)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    expect((await stat(path)).size).toBe(1);
  });
});

describe("remoteConsentsPath", () => {
  it("remoteConsentsPath() lies in the user's own configuration folder", () => {
    expect(remoteConsentsPath({}, "/home/you", "linux")).toBe(
      "/home/you/.config/autodidact/remote-consents.json",
    );
  });
});
