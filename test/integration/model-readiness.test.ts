import { once } from "node:events";
import { createServer } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { modelReadiness, modelServer } from "../../src/application/model-readiness.ts";
import { remotesToAllow } from "../../src/application/remotes-to-allow.ts";
import { type Config, configSchema } from "../../src/config/schema.ts";
import { checkOllama, pullOllamaModel } from "../../src/model/ollama/check-ollama.ts";
import type { PullStep } from "../../src/model/ollama/ollama-client.ts";
import { chatCompletionsWire } from "../support/model-servers/chat-completions.ts";
import {
  type Behaviour,
  type ModelServer,
  startModelServer,
} from "../support/model-servers/model-server.ts";
import {
  type OllamaServer,
  type OllamaServerOptions,
  refusedHost,
  startOllamaServer,
} from "../support/ollama-server.ts";

let server: OllamaServer | undefined;
let remote: ModelServer | undefined;
afterEach(async () => {
  await server?.close();
  await remote?.close();
  server = undefined;
  remote = undefined;
});

const defaults = configSchema.parse({});

async function start(options: OllamaServerOptions = {}) {
  server = await startOllamaServer(options);
  return { ...defaults, ollamaHost: server.host };
}

describe("checkOllama", () => {
  it("checkOllama() finds a model with or without its tag", async () => {
    const config = await start();
    for (const name of ["qwen3-coder", "qwen3-coder:latest", "Qwen3-Coder"]) {
      expect(await checkOllama(config, name)).toEqual({
        kind: "ready",
        model: name,
        contextTokens: 32_768,
        sizeBytes: 18_556_701_140,
        thinks: false,
        version: "0.40.12",
      });
    }
    expect((await checkOllama(config, "qwen3-coder:30b")).kind).toBe("missing");
  });

  it("checkOllama() offers what is installed when the model is missing, and the size of a pull", async () => {
    const config = await start({ models: [{ name: "mistral:latest", sizeBytes: 4_400_000_000 }] });
    expect(await checkOllama(config, "qwen3-coder")).toEqual({
      kind: "missing",
      model: "qwen3-coder",
      installed: [{ name: "mistral:latest", sizeBytes: 4_400_000_000 }],
      pullSizeBytes: 19_000_000_000,
    });
    expect(await checkOllama(config, "someone/else:7b")).not.toHaveProperty("pullSizeBytes");
  });

  it("checkOllama() gives the three lines that fix a missing server", async () => {
    const config = { ...defaults, ollamaHost: await refusedHost() };
    expect(await checkOllama(config, "qwen3-coder")).toMatchObject({
      kind: "unreachable",
      problem: `No Ollama server answers at http://${config.ollamaHost} (nothing listens there).`,
      remedy: [
        "curl -fsSL https://ollama.com/install.sh | sh",
        expect.stringContaining("sudo systemctl start ollama"),
        "ollama pull qwen3-coder",
      ],
    });
  });

  it("checkOllama() offers no installation when another program answers there", async () => {
    const other = createServer((_request, response) => response.end("<html>hello"));
    await once(other.listen(0, "127.0.0.1"), "listening");
    try {
      const { port } = z.object({ port: z.number() }).parse(other.address());
      const config = { ...defaults, ollamaHost: `127.0.0.1:${port}` };
      expect(await checkOllama(config, "qwen3-coder")).toMatchObject({
        kind: "unreachable",
        problem: expect.stringMatching(/^Asking the Ollama server: .*an Ollama server\b.*\.$/u),
        remedy: [expect.stringContaining(`curl http://127.0.0.1:${port}/api/version`)],
      });
    } finally {
      other.close();
    }
  });

  it("checkOllama() sends nothing to a remote server without consent", async () => {
    const config = { ...defaults, ollamaHost: "192.0.2.1" };
    expect(await checkOllama(config, "qwen3-coder")).toMatchObject({
      kind: "remote-not-allowed",
      problem: expect.stringContaining("192.0.2.1"),
      remedy: [expect.stringContaining("--allow-remote"), expect.any(String)],
    });
  });

  it("checkOllama() sees cloud models by name and by what the server says", async () => {
    const models = [{ name: "mine:latest", remoteHost: "https://ollama.com:443" }];
    const config = await start({ models });
    expect((await checkOllama(config, "gpt-oss:20b-cloud")).kind).toBe("remote-not-allowed");
    expect((await checkOllama(config, "mine")).kind).toBe("remote-not-allowed");
    expect((await checkOllama({ ...config, allowRemote: true }, "mine")).kind).toBe("ready");
  });
});

describe("modelReadiness", () => {
  it("modelReadiness() gives the recorded goals of the language when none is the one asked for", async () => {
    const config = { ...defaults, ollamaHost: await refusedHost() };
    const readiness = await modelReadiness(config, "Write a poem", "typescript", "qwen3-coder");
    expect(readiness).toMatchObject({
      kind: "unreachable",
      recordedGoals: [
        "Create a CSV parser skill",
        "Create a JSON validator skill",
        "Create a URL parser",
      ],
    });
    const held = await modelReadiness(config, "Create a URL parser", "python", "qwen3-coder");
    expect(held.kind).toBe("recorded");
  });
});

describe("modelReadiness of a remote model", () => {
  const serve = async (script: readonly Behaviour[] = []) => {
    remote = await startModelServer(chatCompletionsWire, { script, models: ["m", "my-coder:30b"] });
    return `${remote.url}/v1`;
  };
  const ask = (name: string, config: Partial<Config> = {}) =>
    modelReadiness({ ...defaults, ...config }, "Write a poem", "python", name);

  it("modelReadiness() is ready when the server has the model", async () => {
    const name = `compatible:m@${await serve()}`;
    expect(await ask(name)).toEqual({ kind: "ready", model: name, contextTokens: 32_768 });
    expect(await modelServer({ ...defaults, model: name })).toMatchObject({
      kind: "answers",
      url: `${remote?.url}/v1`,
    });
    expect(remote?.chats).toHaveLength(0);
  });

  it("modelReadiness() names the nearest models when the server lacks it", async () => {
    await expect(ask(`compatible:my-codr@${await serve()}`)).rejects.toMatchObject({
      code: "MODEL_MISSING",
      message: expect.stringContaining("nearest it has: my-coder:30b"),
    });
  });

  it("modelReadiness() names a window that is smaller than what was counted on", async () => {
    await expect(
      ask(`compatible:m@${await serve()}`, { contextTokens: 100_000 }),
    ).rejects.toMatchObject({
      code: "MODEL_CONTEXT_OVERFLOW",
      message: expect.stringContaining("--set contextTokens=65536"),
    });
  });

  it("modelReadiness() says how to look when no server answers", async () => {
    const url = await serve();
    await remote?.close();
    expect(await ask(`compatible:m@${url}`)).toMatchObject({
      kind: "unreachable",
      problem: expect.stringContaining("nothing listens there"),
      remedy: [expect.stringContaining(`curl -i ${url}/models`)],
    });
    const model = `compatible:m@${url}`;
    expect(await modelServer({ ...defaults, model })).toMatchObject({ kind: "unreachable" });
  });

  it.each(["openai:gpt-5", "anthropic:claude-opus-5", "compatible:m@https://models.invalid/v1"])(
    "modelReadiness() says what would go where before %s is asked anything",
    async (name) => {
      expect(await ask(name)).toMatchObject({
        kind: "remote-not-allowed",
        problem: expect.stringMatching(/What goes to https:\/\/\S+: goals .* code/u),
        remedy: [expect.stringContaining("--allow-remote"), expect.any(String)],
        destinations: [expect.stringMatching(/^https:\/\/[a-z.]+$/u)],
      });
    },
  );

  it("modelReadiness() takes consent to one destination for no other", async () => {
    const consents = {
      has: async (destination: string) => destination === "https://models.invalid",
    };
    const config = { ...defaults, consents };
    const readiness = (name: string) => modelReadiness(config, "Write a poem", "python", name);
    expect((await readiness("compatible:m@https://models.invalid/v1")).kind).toBe("unreachable");
    expect((await readiness("openai:gpt-5")).kind).toBe("remote-not-allowed");
  });
});

describe("remotesToAllow", () => {
  const models = [{ name: "mine:latest", remoteHost: "https://ollama.com:443" }, { name: "own" }];

  it("remotesToAllow() names each destination once, and each server and model that leads there", async () => {
    const config = await start({ models });
    const names = ["own", "mine", "glm:cloud", "openai:gpt-5", "openai:o4", "embedded:x.gguf"];
    const wanted = await remotesToAllow(config, names);
    expect(wanted?.destinations).toEqual(["https://ollama.com", "https://api.openai.com"]);
    expect(wanted?.problem).toMatch(/the model mine runs on .*glm:cloud .*api\.openai\.com/u);
    expect(await remotesToAllow(config, ["own", "embedded:x.gguf"])).toBeUndefined();
    const consents = { has: async (destination: string) => destination === "https://ollama.com" };
    const left = await remotesToAllow({ ...config, consents }, names);
    expect(left?.destinations).toEqual(["https://api.openai.com"]);
    expect(await remotesToAllow({ ...config, allowRemote: true }, names)).toBeUndefined();
  });

  it("remotesToAllow() asks an Ollama server elsewhere nothing, and one that does not answer no more", async () => {
    const far = await remotesToAllow({ ...defaults, ollamaHost: "192.0.2.1" }, ["m", "m:cloud"]);
    expect(far?.destinations).toEqual(["http://192.0.2.1:11434", "https://ollama.com"]);
    const config = { ...defaults, ollamaHost: await refusedHost() };
    expect(await remotesToAllow(config, ["mine"])).toBeUndefined();
    expect((await remotesToAllow(config, ["mine:cloud"]))?.destinations).toEqual([
      "https://ollama.com",
    ]);
  });
});

describe("pullOllamaModel", () => {
  it("pullOllamaModel() reports bytes and leaves the model installed", async () => {
    const config = await start({ models: [] });
    const steps: PullStep[] = [];
    await pullOllamaModel(config, "qwen3-coder", (step) => steps.push(step));
    expect(steps.at(-1)?.status).toBe("success");
    expect(steps).toContainEqual({
      status: "pulling bbbbbbbbbbbb",
      completedBytes: 2_500_000,
      totalBytes: 4_000_000,
    });
    expect((await checkOllama(config, "qwen3-coder")).kind).toBe("ready");
  });

  it("pullOllamaModel() hands on what the server says went wrong", async () => {
    const config = await start({ pull: [{ error: "pull model manifest: file does not exist" }] });
    await expect(pullOllamaModel(config, "nope", () => undefined)).rejects.toMatchObject({
      code: "MODEL_SERVER_ERROR",
      message: expect.stringContaining("file does not exist"),
    });
  });

  it("pullOllamaModel() notices a pull that stops", async () => {
    const config = await start({ pull: [{ status: "pulling manifest" }] });
    await expect(pullOllamaModel(config, "nope", () => undefined)).rejects.toMatchObject({
      code: "MODEL_STREAM_CUT",
    });
  });
});
