import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Endpoint, parseServerUrl } from "../../shared/server-url.ts";
import { readApiKey, requireOneKeyServer } from "./api-key.ts";

const [one, two, here] = ["https://one.example", "https://two.example", "http://127.0.0.1:1"].map(
  parseServerUrl,
) as [Endpoint, Endpoint, Endpoint];

const none = { compatibleKeyFiles: {} };
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
    expect(await readApiKey(kind, one, none, { [variable]: " k-1 " })).toBe("k-1");
    expect(await readApiKey(kind, one, none, { [variable]: "" })).toBeUndefined();
    expect(await readApiKey(kind, one, none, { OTHER_API_KEY: "k" })).toBeUndefined();
  });

  it("readApiKey() prefers the file that the settings name", async () => {
    const env = { OPENAI_API_KEY: "other" };
    expect(await readApiKey("openai", one, { ...none, openaiKeyFile: path }, env)).toBe(
      "secret-of-the-file",
    );
  });

  it.skipIf(process.platform === "win32")(
    "readApiKey() refuses a file that others may read",
    async () => {
      for (const mode of [0o640, 0o604, 0o644]) {
        await chmod(path, mode);
        const reading = readApiKey("openai", one, { ...none, openaiKeyFile: path }, {});
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
    await expect(
      readApiKey("openai", one, { ...none, openaiKeyFile: path }, {}),
    ).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringMatching(/^(?!.*secret).*holds no key/u),
    });
  });

  it("readApiKey() names a file that is not there, or is none", async () => {
    for (const wrong of [join(folder, "none"), folder]) {
      const reading = readApiKey("anthropic", one, { ...none, anthropicKeyFile: wrong }, {});
      await expect(reading).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    }
  });
});

describe("readApiKey of another program's server", () => {
  it("readApiKey() gives the key of a file to its own server only", async () => {
    for (const named of ["https://ONE.example:443", "https://one.example/v1"]) {
      const config = { compatibleKeyFiles: { [named]: path, "http://127.0.0.1:1": path } };
      const read = (server: Endpoint) => readApiKey("compatible", server, config, {});
      expect(await read(one)).toBe("secret-of-the-file");
      expect(await read(here)).toBe("secret-of-the-file");
      for (const other of ["http://one.example", "https://one.example:8443", two.url]) {
        expect(await read(parseServerUrl(other))).toBeUndefined();
      }
    }
    const wrong = { compatibleKeyFiles: { "one.example": path } };
    await expect(readApiKey("compatible", one, wrong, {})).rejects.toMatchObject({ code: "USAGE" });
  });

  it("readApiKey() gives the variable's key to no server on this machine, and to one elsewhere", async () => {
    const env = { COMPATIBLE_API_KEY: "k" };
    expect(await readApiKey("compatible", here, none, env)).toBeUndefined();
    expect(await readApiKey("compatible", one, none, env)).toBe("k");
    expect(await readApiKey("compatible", one, none, env)).toBe("k");
    await expect(readApiKey("compatible", two, none, env)).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(
        'compatibleKeyFiles to {"https://one.example":"FILE","https://two.example":"FILE"}',
      ),
    });
    expect(await readApiKey("compatible", two, none, { ...env })).toBe("k");
  });
});

describe("requireOneKeyServer", () => {
  const name = (server: Endpoint) => `compatible:m@${server.url}`;
  const env = { COMPATIBLE_API_KEY: "k" };
  const refusal = expect.objectContaining({ code: "CONFIG_INVALID" });

  it("requireOneKeyServer() lets pass one server elsewhere, whatever else is named", () => {
    const names = ["qwen3", "openai:gpt-5", name(here), name(one), `compatible:n@${one.origin}/v2`];
    expect(() => requireOneKeyServer(names, none, env)).not.toThrow();
    expect(() => requireOneKeyServer([name(one), name(two)], none, {})).not.toThrow();
  });

  it("requireOneKeyServer() refuses several, unless each has a file", () => {
    const both = [name(one), name(two)];
    expect(() => requireOneKeyServer(both, none, env)).toThrow(refusal);
    // Else the key that is meant for the first would go to the second.
    const first = { compatibleKeyFiles: { [one.origin]: "/k1" } };
    expect(() => requireOneKeyServer(both, first, env)).toThrow(refusal);
    const each = { compatibleKeyFiles: { [one.origin]: "/k1", [two.origin]: "/k2" } };
    expect(() => requireOneKeyServer(both, each, env)).not.toThrow();
  });
});
