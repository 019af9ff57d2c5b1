import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readApiKey } from "./api-key.ts";

let folder = "";
let path = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "key-"));
  path = join(folder, "key");
  await writeFile(path, "secret-of-the-file\n", { mode: 0o600 });
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("readApiKey", () => {
  it.each([
    ["openai", "OPENAI_API_KEY"],
    ["anthropic", "ANTHROPIC_API_KEY"],
    ["compatible", "COMPATIBLE_API_KEY"],
  ] as const)("readApiKey() reads the key of %s from its own variable", async (kind, variable) => {
    expect(await readApiKey(kind, {}, { [variable]: " k-1 " })).toBe("k-1");
    expect(await readApiKey(kind, {}, { [variable]: "" })).toBeUndefined();
    expect(await readApiKey(kind, {}, { OTHER_API_KEY: "k" })).toBeUndefined();
  });

  it("readApiKey() prefers the file that the settings name", async () => {
    const env = { OPENAI_API_KEY: "other" };
    expect(await readApiKey("openai", { openaiKeyFile: path }, env)).toBe("secret-of-the-file");
  });

  it.skipIf(process.platform === "win32")(
    "readApiKey() refuses a file that others may read",
    async () => {
      for (const mode of [0o640, 0o604, 0o644]) {
        await chmod(path, mode);
        const reading = readApiKey("openai", { openaiKeyFile: path }, {});
        await expect(reading).rejects.toMatchObject({
          code: "CONFIG_INVALID",
          message: expect.stringMatching(/^(?!.*secret).*mode 6\d\d.*chmod 600/u),
        });
      }
    },
  );

  it.each([
    ["nothing", ""],
    ["two lines", "secret-a\nsecret-b"],
    ["a control character", "secret-a\u0007"],
    ["no ASCII", "secret-ä"],
  ])("readApiKey() refuses a file that holds %s, and does not quote it", async (_, content) => {
    await writeFile(path, content);
    await expect(readApiKey("openai", { openaiKeyFile: path }, {})).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/^(?!.*secret).*holds no key/u),
    });
  });

  it("readApiKey() names a file that is not there, or is none", async () => {
    for (const wrong of [join(folder, "none"), folder]) {
      const reading = readApiKey("anthropic", { anthropicKeyFile: wrong }, {});
      await expect(reading).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    }
  });
});
