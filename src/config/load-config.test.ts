import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AgentError } from "../shared/errors.ts";
import type { JsonObject } from "../shared/json.ts";
import { loadConfig } from "./load-config.ts";
import { userConfigPath } from "./read-sources.ts";
import { listSettings } from "./settings.ts";

let root: string;
let cwd: string;
let homeDirectory: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "config-"));
  cwd = join(root, "project");
  homeDirectory = join(root, "home");
  await mkdir(cwd);
  await mkdir(join(homeDirectory, ".config", "autodidact"), { recursive: true });
});

afterEach(() => rm(root, { recursive: true, force: true }));

const folderFile = () => join(cwd, "autodidact.config.json");
const userFile = () => join(homeDirectory, ".config", "autodidact", "config.json");

function load(flags: JsonObject = {}, env: Record<string, string> = {}) {
  return loadConfig({ cwd, env, flags, homeDirectory, platform: "linux" });
}

async function failure(work: Promise<unknown>): Promise<AgentError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof AgentError)) {
    throw new Error(`expected an AgentError, got ${String(error)}`);
  }
  expect(error.code).toBe("CONFIG_INVALID");
  return error;
}

describe("loadConfig", () => {
  it("loadConfig() gives every setting its default when nothing is set", async () => {
    const { config, values, warnings } = await load();
    expect(config).toMatchObject({ model: "qwen3-coder", maxIterations: 12, language: "python" });
    expect(new Set(values.map(({ source }) => source))).toEqual(new Set(["default"]));
    expect(values.every(({ description }) => description !== "")).toBe(true);
    expect(values.find(({ key }) => key === "safety.patterns")?.value).toEqual([]);
    expect(values.find(({ key }) => key === "ollamaHost")?.value).toBeNull();
    expect(warnings).toEqual([]);
  });

  it("loadConfig() takes flags over variables over the folder's file over the user's when all are set", async () => {
    await writeFile(
      userFile(),
      '{"model":"u","language":"typescript","suiteCases":10,"parallel":7}',
    );
    await writeFile(
      folderFile(),
      '{"$schema":"x","model":"f","language":"python","suiteCases":11}',
    );
    const env = { AUTODIDACT_MODEL: "e", AUTODIDACT_LANGUAGE: "typescript" };
    const { config, values } = await load({ model: "flag" }, env);
    expect(config).toMatchObject({
      model: "flag",
      language: "typescript",
      suiteCases: 11,
      parallel: 7,
    });
    const sources = Object.fromEntries(values.map(({ key, source }) => [key, source]));
    expect(sources).toMatchObject({
      model: "flag --model",
      language: "AUTODIDACT_LANGUAGE",
      suiteCases: folderFile(),
      parallel: userFile(),
      maxIterations: "default",
    });
  });

  it("loadConfig() reads numbers, booleans and lists when they come as variables", async () => {
    const { config } = await load(
      {},
      {
        AUTODIDACT_MAX_ITERATIONS: "3",
        AUTODIDACT_ANALYSIS: "off",
        AUTODIDACT_ALLOW_REMOTE: "1",
        AUTODIDACT_SAFETY_PATTERNS: '["requests\\\\.get"]',
        AUTODIDACT_SEALED_SHARE: "0.5",
        AUTODIDACT_CONTEXT_TOKENS: "",
      },
    );
    expect(config).toMatchObject({
      maxIterations: 3,
      analysis: false,
      allowRemote: true,
      sealedShare: 0.5,
      safety: { patterns: ["requests\\.get"] },
    });
    expect(config.contextTokens).toBeUndefined();
  });

  it("loadConfig() names key, place, value and what is wanted when values are wrong", async () => {
    await writeFile(folderFile(), '{"language":"ruby","safety":{"patterns":["("]}}');
    const { message } = await failure(load({}, { AUTODIDACT_MAX_ITERATIONS: "many" }));
    expect(message).toContain(
      'maxIterations from AUTODIDACT_MAX_ITERATIONS is "many"; wanted a whole number from 1 to 100',
    );
    expect(message).toContain(`language from ${folderFile()} is "ruby"; wanted python, typescript`);
    expect(message).toContain("safety.patterns from");
  });

  it("loadConfig() refuses a number that is empty, hexadecimal or not finite", async () => {
    for (const text of ["0x10", "Infinity", "1 2", "NaN", "-1"]) {
      await failure(load({}, { AUTODIDACT_MAX_ITERATIONS: text }));
    }
  });

  it("loadConfig() suggests the nearest key when one is unknown", async () => {
    await writeFile(userFile(), '{"maxIteration": 3}');
    expect((await failure(load())).message).toContain("did you mean maxIterations?");
    await writeFile(userFile(), '{"safety": {"pattern": []}}');
    expect((await failure(load())).message).toContain("did you mean safety.patterns?");
    await writeFile(userFile(), '{"__proto__": {"model": "x"}}');
    expect((await failure(load())).message).toContain("__proto__");
  });

  it("loadConfig() names line and column when a file is no JSON", async () => {
    await writeFile(folderFile(), '{\n  "model": "a",\n}');
    expect((await failure(load())).message).toContain("line 3, column 1");
    await writeFile(folderFile(), "[1]");
    expect((await failure(load())).message).toContain("no JSON object");
  });

  it("loadConfig() says so when a file cannot be read", async () => {
    await mkdir(folderFile());
    expect((await failure(load())).message).toContain("EISDIR");
  });

  it("loadConfig() refuses a server on another machine when the working folder's file names one", async () => {
    for (const host of [
      "http://192.0.2.1:8080",
      "example.org",
      "127.0.0.1.example.org",
      "x.localhost",
      "1.2.3.4/#127.0.0.1",
    ]) {
      await writeFile(folderFile(), JSON.stringify({ ollamaHost: host }));
      await expect(load()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
    }
    for (const host of ["127.0.0.1:11434", "http://localhost:8080", "[::1]:11434"]) {
      await writeFile(folderFile(), JSON.stringify({ ollamaHost: host }));
      expect((await load()).config.ollamaHost).toBe(host);
    }
  });

  it.each([
    '{"cacheDirectory": "."}',
    '{"sandbox": "deno"}',
    '{"sandbox": "deno-seccomp"}',
    '{"openaiKeyFile": "/k"}',
    '{"compatibleKeyFiles": {"http://127.0.0.1:8000": "/k"}}',
    '{"model": "compatible:m@http://x.localhost:8000/v1"}',
    '{"model": ["qwen3", "compatible:m@http://127.0.0.1:1@evil.example"]}',
    '{"model": "openai:gpt-5"}',
    '{"tester": ["qwen3", "anthropic:claude-opus-5"]}',
    '{"coder": "qwen3,openai:gpt-5"}',
    '{"model": "compatible:m@https://evil.example/v1"}',
    '{"model": "compatible:x@https://evil.example/v1/@http://localhost"}',
    '{"analyst": "compatible:x@evil.example"}',
    '{"model": "kimi-cloud,x"}',
    '{"peers": ["qwen3:cloud"]}',
  ])(
    "loadConfig() refuses %s in the working folder's file, and takes it from the user's own",
    async (content) => {
      await writeFile(folderFile(), content);
      await expect(load()).rejects.toMatchObject({ code: "CONFIG_INVALID" });
      await writeFile(
        folderFile(),
        '{"sandbox": "bubblewrap", "model": "compatible:m@http://127.0.0.1:8000/v1"}',
      );
      await writeFile(userFile(), content);
      expect((await load()).config.sandbox).toBe("bubblewrap");
    },
  );

  it.each<[string, number | boolean, number | boolean, number | boolean]>([
    ["analysis", false, true, false],
    ["suiteCases", 8, 9, 3],
    ["sealedShare", 0.3, 0.33, 0],
    ["flakeRuns", 1, 3, 1],
    ["maxMutants", 0, 30, 0],
    ["minMutationScore", 0.79, 0.8, 0],
  ])(
    "loadConfig() refuses %s %j in the working folder's file, takes %j there, and %j from its user",
    async (key, weaker, enough, own) => {
      await writeFile(folderFile(), JSON.stringify({ [key]: weaker }));
      const { message } = await failure(load());
      expect(message).toContain(`${key} in ${folderFile()} is ${weaker} and would prove less than`);
      expect(message).toMatch(/--set .*AUTODIDACT_[A-Z_]+ or .*config\.json/);
      await failure(load({ [key]: enough }));
      await writeFile(folderFile(), JSON.stringify({ [key]: enough }));
      expect((await load()).config).toMatchObject({ [key]: enough });
      await rm(folderFile());
      await writeFile(userFile(), JSON.stringify({ [key]: own }));
      expect((await load()).config).toMatchObject({ [key]: own });
    },
  );

  it("loadConfig() lets the working folder's file ask for no less than its user's own, default or not", async () => {
    await writeFile(userFile(), '{"maxMutants": 5, "flakeRuns": 10}');
    await writeFile(folderFile(), '{"maxMutants": 6}');
    expect((await load()).config).toMatchObject({ maxMutants: 6, flakeRuns: 10 });
    await writeFile(folderFile(), '{"flakeRuns": 9}');
    expect((await failure(load())).message).toContain("is 9 and would prove less than 10");
    await writeFile(folderFile(), '{"flakeRuns": "many"}');
    expect((await failure(load())).message).toContain("wanted a whole number from 1 to 20");
  });

  it("loadConfig() refuses a working folder's file that raises a budget of the user's, or says what a model costs", async () => {
    await writeFile(userFile(), '{"budget": {"day": {"money": 2, "tokens": 5}}}');
    await writeFile(folderFile(), '{"budget": {"day": {"money": 1}, "library": {"requests": 9}}}');
    expect((await load()).config.budget).toEqual({
      directive: {},
      day: { money: 1, tokens: 5 },
      library: { requests: 9 },
    });
    await writeFile(folderFile(), '{"budget": {"day": {"money": 3}}}');
    const { message } = await failure(load());
    expect(message).toMatch(
      /budget\.day\.money .* is 3, more than the 2 .*AUTODIDACT_BUDGET_DAY_MONEY/,
    );
    await writeFile(folderFile(), '{"models": {"m": {"contextTokens": 4096}}}');
    expect((await load()).config.models).toEqual({ m: { contextTokens: 4_096 } });
    await writeFile(folderFile(), '{"models": {"m": {"inputPricePerMillion": 0}}}');
    expect((await failure(load())).message).toContain("says what models cost");
  });

  it("loadConfig() refuses consent to remote servers when the working folder's file gives it", async () => {
    await writeFile(folderFile(), '{"allowRemote": true}');
    expect((await failure(load())).message).toContain("--allow-remote");
    await writeFile(folderFile(), '{"allowRemote": false}');
    await writeFile(userFile(), '{"allowRemote": true}');
    expect((await load()).config.allowRemote).toBe(false);
  });

  it("loadConfig() warns of a misspelt variable and leaves strangers alone", async () => {
    const { warnings } = await load(
      {},
      {
        AUTODIDACT_MODLE: "x",
        AUTODIDACT_BENCH_DATA: "/data",
        AUTODIDACT_TEST_FULL: "1",
        AUTODIDACT_SOMETHING_ELSE_ALTOGETHER: "1",
      },
    );
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("AUTODIDACT_MODEL?");
  });
});

describe("userConfigPath", () => {
  it("userConfigPath() follows XDG_CONFIG_HOME when it is absolute, APPDATA on Windows", () => {
    expect(userConfigPath({ XDG_CONFIG_HOME: "/x" }, "/h", "linux")).toBe(
      "/x/autodidact/config.json",
    );
    expect(userConfigPath({ XDG_CONFIG_HOME: "x" }, "/h", "linux")).toBe(
      "/h/.config/autodidact/config.json",
    );
    expect(userConfigPath({ APPDATA: "/roaming" }, "/h", "win32")).toContain("roaming");
  });
});

describe("listSettings", () => {
  it("listSettings() gives every setting a variable of its own and says what is wanted", () => {
    const settings = listSettings();
    const names = settings.map(({ environmentName }) => environmentName);
    expect(new Set(names).size).toBe(settings.length);
    expect(names).toContain("AUTODIDACT_EXECUTION_TIMEOUT_MS");
    expect(names).toContain("AUTODIDACT_SAFETY_PATTERNS");
    expect(settings.every(({ wanted }) => !wanted.includes("undefined"))).toBe(true);
  });
});
