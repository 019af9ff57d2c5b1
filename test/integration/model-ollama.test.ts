import { afterEach, describe, expect, it } from "vitest";
import { configSchema } from "../../src/config/schema.ts";
import type { ChatOptions, ChatRequest } from "../../src/model/chat-model.ts";
import { connectionOptions } from "../../src/model/connections.ts";
import { keyHeaders, OllamaClient } from "../../src/model/ollama/ollama-client.ts";
import { OllamaModel } from "../../src/model/ollama/ollama-model.ts";
import { type ModelConfig, openModel } from "../../src/model/open-model.ts";
import { parseOllamaHost } from "../../src/shared/ollama-host.ts";
import {
  type OllamaServer,
  type OllamaServerOptions,
  refusedHost,
  startOllamaServer,
} from "../support/ollama-server.ts";
import type { Fault, Reply } from "../support/ollama-wire.ts";

let server: OllamaServer | undefined;
afterEach(async () => {
  await server?.close({ allowLeftOver: true });
  server = undefined;
});

// What is done about a busy server is the conformance suite's.
const defaults = { ...configSchema.parse({}), maxModelRetries: 0 };
const request: ChatRequest = {
  goal: "g",
  role: "coder",
  order: 0,
  messages: [
    { role: "system", content: "You write code." },
    { role: "user", content: "Write a function." },
  ],
};

async function start(options: OllamaServerOptions): Promise<OllamaServer> {
  server = await startOllamaServer(options);
  return server;
}

async function open(
  options: OllamaServerOptions,
  config: Partial<ModelConfig> = {},
  name = "qwen3-coder",
) {
  const { host } = await start(options);
  return openModel(name, { ...defaults, ollamaHost: host, ...config });
}

/** Asks once, and checks that the script was used up. */
async function ask(reply: Reply, config: Partial<ModelConfig> = {}, options?: ChatOptions) {
  const model = await open({ script: [reply] }, config);
  const answer = await model.chat(request, options);
  await server?.close();
  return answer;
}

const words = (count: number) => "alpha ".repeat(count);
/** Four tokens in the estimate, one word in the count of words. */
const longWords = (count: number) => "item123 ".repeat(count);
const prompt = (content: string): ChatRequest => ({
  ...request,
  messages: [{ role: "user", content }],
});

describe("OllamaModel.chat", () => {
  it("chat() puts an answer together whose chunks split lines and characters", async () => {
    const text = "def grüße():\n    return '👋 — 你好'\n".repeat(20);
    const answer = await ask({ text, promptTokens: 31, outputTokens: 99, chunkBytes: 1 });
    expect(answer).toMatchObject({
      text,
      thinking: "",
      model: "qwen3-coder",
      promptTokens: 31,
      outputTokens: 99,
    });
  });

  it("chat() sends window, seed, format and keep-alive, and forbids the server to cut", async () => {
    const format = { type: "object" };
    const model = await open({ script: ["{}", "x"] });
    await model.chat({ ...request, format, seed: 7 });
    await model.chat(request);
    const [first, second] = server?.chats() ?? [];
    expect(first).toMatchObject({
      model: "qwen3-coder",
      messages: request.messages,
      stream: true,
      format,
      keep_alive: "30m",
      truncate: false,
      shift: false,
      options: { num_ctx: 32_768, seed: 7 },
    });
    expect(second).not.toHaveProperty("format");
    expect(second?.options).not.toHaveProperty("seed");
    expect(second?.options?.["num_ctx"]).toBe(32_768);
  });

  it("chat() asks for a smaller window when configured, and sends seconds as a number", async () => {
    const config = { contextTokens: 4_096, ollamaKeepAlive: "-1" };
    const model = await open({ script: ["x"] }, config);
    expect(model.contextTokens).toBe(4_096);
    await model.chat(request);
    expect(server?.chats()[0]).toMatchObject({ keep_alive: -1, options: { num_ctx: 4_096 } });
  });

  it("openModel() asks the server what it knows of a model, and keeps within it", async () => {
    const name = "brand-new";
    const models = [
      { name: `${name}:latest`, trainedContextTokens: 6_000, capabilities: ["thinking"] },
      { name: "other:latest", trainedContextTokens: 131_072, remoteHost: "https://ollama.com" },
    ];
    const model = await open({ models, script: ["x"] }, {}, name);
    expect(model).toMatchObject({ contextTokens: 6_000, price: { inputPerMillion: 0 } });
    await model.chat(request);
    expect(server?.chats()[0]?.options).toMatchObject({ num_ctx: 6_000 });
    await server?.close();
    const elsewhere = await open({ models }, { allowRemote: true }, "other");
    expect(elsewhere.contextTokens).toBe(8_192);
    expect(elsewhere.price).toBeNull();
  });

  it("chat() answers with no more tokens than the row or the request allows", async () => {
    const config = { models: { "qwen3-coder": { outputTokens: 2_000 } } };
    const model = await open({ script: ["x", "y"] }, config);
    await model.chat(request);
    await model.chat({ ...request, maxOutputTokens: 700 });
    expect(server?.chats().map((chat) => chat.options?.["num_predict"])).toEqual([2_000, 700]);
  });

  it("chat() reads thinking apart, in its own field or in tags", async () => {
    expect(await ask({ text: "x = 1", thinking: "hmm 🤔" })).toMatchObject({
      text: "x = 1",
      thinking: "hmm 🤔",
    });
    expect(await ask("<think>\nhmm\n</think>\n\nx = 1")).toMatchObject({
      text: "x = 1",
      thinking: "hmm",
    });
  });

  it("chat() reports progress, thinking told from text", async () => {
    const seen: string[] = [];
    await ask(
      { text: "<think>abcdefgh</think>code", tokenCharacters: 5 },
      {},
      {
        onProgress: ({ isThinking }) => seen.push(isThinking ? "t" : "c"),
      },
    );
    expect(seen.join("")).toMatch(/^t+c+$/u);
  });

  it("chat() returns an empty answer as it is", async () => {
    expect((await ask("")).text).toBe("");
  });

  it("chat() takes an answer of 5 MB when allowed, and gives it up when not", async () => {
    const text = "# long\n".repeat(750_000);
    expect((await ask({ text }, { maxAnswerBytes: 6_000_000 })).text.length).toBe(text.length);
    await expect(ask({ text })).rejects.toMatchObject({
      code: "MODEL_ANSWER_TOO_LARGE",
      blame: "model",
      message: expect.stringContaining("4194304 bytes"),
    });
    const oneLine = { text, tokenCharacters: 10_000_000 };
    await expect(ask(oneLine)).rejects.toMatchObject({ code: "MODEL_ANSWER_TOO_LARGE" });
  });

  it("chat() hands on what a listener throws", async () => {
    const onProgress = () => {
      throw new TypeError("mine");
    };
    await expect(ask("abc", {}, { onProgress })).rejects.toThrow("mine");
  });
});

describe("OllamaModel.chat faults", () => {
  const status = (code: number, body: string, contentType?: string): Fault => ({
    fault: "status",
    status: code,
    body,
    ...(contentType === undefined ? {} : { contentType }),
  });
  const error = (text: string) => JSON.stringify({ error: text });

  const faults: readonly [string, Fault, string, RegExp][] = [
    [
      "500 with a body",
      status(500, error("CUDA out of memory")),
      "MODEL_SERVER_ERROR",
      /CUDA out of memory.*journalctl/u,
    ],
    [
      "503 with a body, when it is not asked again",
      status(503, error("server busy")),
      "MODEL_BUSY",
      /503: server busy/u,
    ],
    [
      "404 of a model",
      status(404, error("model 'x' not found")),
      "MODEL_MISSING",
      /ollama pull qwen3-coder/u,
    ],
    [
      "404 of a stranger",
      status(404, "404 page not found", "text/plain"),
      "MODEL_PROTOCOL",
      /OLLAMA_HOST/u,
    ],
    [
      "400 for the context",
      status(400, error("prompt exceeds the context length")),
      "MODEL_CONTEXT_OVERFLOW",
      /contextTokens/u,
    ],
    [
      "400 with a body",
      status(400, error("invalid option: shift")),
      "MODEL_PROTOCOL",
      /invalid option/u,
    ],
    ["401", status(401, error("unauthorized")), "MODEL_REFUSED", /ollama signin/u],
    [
      "502 of a proxy",
      status(502, "<html>Bad Gateway</html>", "text/html"),
      "MODEL_SERVER_ERROR",
      /Bad Gateway/u,
    ],
    ["an HTML page", { fault: "html" }, "MODEL_PROTOCOL", /text\/html.*OLLAMA_HOST/u],
    ["a garbage line", { fault: "garbage-line" }, "MODEL_PROTOCOL", /%%% this is no JSON/u],
    ["a cut in the middle", { fault: "cut" }, "MODEL_STREAM_CUT", /resume the run/u],
    ["an end without done", { fault: "no-done" }, "MODEL_STREAM_CUT", /without its closing line/u],
    [
      "a cut before the first byte",
      { fault: "cut-before-first-byte" },
      "MODEL_STREAM_CUT",
      /before it answered/u,
    ],
    [
      "an error in the middle",
      { fault: "error-line", error: "llama runner process has terminated" },
      "MODEL_SERVER_ERROR",
      /llama runner process has terminated/u,
    ],
  ];
  it.each(faults)("chat() names %s", async (_, fault, code, message) => {
    await expect(ask(fault)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it("chat() works again after a fault", async () => {
    const model = await open({ script: [{ fault: "cut" }, "well"] });
    await expect(model.chat(request)).rejects.toMatchObject({ isRetryable: true });
    expect((await model.chat(request)).text).toBe("well");
  });

  it("chat() follows no redirect", async () => {
    const headers = { location: "http://example.com/api/chat" };
    const redirect: Fault = { fault: "status", status: 307, body: "", headers };
    await expect(ask(redirect)).rejects.toMatchObject({ code: "MODEL_PROTOCOL" });
  });

  it("chat() says that a model is missing", async () => {
    const model = await open({ models: [] });
    await expect(model.chat(request)).rejects.toMatchObject({ code: "MODEL_MISSING" });
  });

  it("chat() says that nothing listens", async () => {
    const model = await openModel("qwen3-coder", { ...defaults, ollamaHost: await refusedHost() });
    await expect(model.chat(request)).rejects.toMatchObject({
      code: "MODEL_UNREACHABLE",
      isRetryable: true,
      message: expect.stringMatching(/nothing listens there.*ollama serve/u),
    });
  });

  it("chat() says that a host has no address", async () => {
    const config = { ...defaults, ollamaHost: "no-such-host.invalid", allowRemote: true };
    const model = await openModel("qwen3-coder", config);
    await expect(model.chat(request)).rejects.toMatchObject({
      code: "MODEL_UNREACHABLE",
      message: expect.stringContaining("no-such-host.invalid"),
    });
  });
});

describe("OllamaModel.chat time limits", () => {
  it("chat() has none of undici's own limits, which end a slow first token after 300 s", () => {
    expect(connectionOptions).toMatchObject({ headersTimeout: 0, bodyTimeout: 0 });
    // Two minutes and more are inside our own limit as it comes.
    expect(defaults.firstTokenTimeoutMs).toBeGreaterThan(300_000);
  });

  it("chat() waits for a late first byte, and gives up after firstTokenTimeoutMs", async () => {
    const late: Fault = { fault: "delayed-first-byte", delayMs: 300, answer: "late" };
    const answer = await ask(late, { firstTokenTimeoutMs: 60_000, idleTimeoutMs: 50 });
    expect(answer.text).toBe("late");
    expect(answer.firstTokenMs).toBeGreaterThan(250);
    await expect(ask({ fault: "silence" }, { firstTokenTimeoutMs: 50 })).rejects.toMatchObject({
      code: "MODEL_UNREACHABLE",
      message: expect.stringMatching(/no first byte within 50 ms; raise firstTokenTimeoutMs/u),
    });
  });

  it("chat() gives up a stream that falls silent", async () => {
    await expect(ask({ fault: "silence-midway" }, { idleTimeoutMs: 50 })).rejects.toMatchObject({
      code: "MODEL_STREAM_CUT",
      message: expect.stringContaining("idleTimeoutMs"),
    });
  });
});

describe("OllamaModel.chat aborts", () => {
  it("chat() closes the connection on an abort before the first byte", async () => {
    const model = await open({ script: [{ fault: "silence" }] });
    const controller = new AbortController();
    const answer = model.chat(request, { signal: controller.signal });
    answer.catch(() => undefined);
    await server?.arrived("/api/chat", 1);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: "ABORTED", blame: "caller" });
    await server?.requests.at(-1)?.closed;
    expect(server?.requests.at(-1)?.aborted()).toBe(true);
  });

  it("chat() closes the connection on an abort in the middle", async () => {
    const model = await open({ script: [{ fault: "silence-midway" }] });
    const controller = new AbortController();
    const onProgress = () => controller.abort();
    await expect(
      model.chat(request, { signal: controller.signal, onProgress }),
    ).rejects.toMatchObject({ code: "ABORTED" });
    await server?.requests.at(-1)?.closed;
    expect(server?.requests.at(-1)?.aborted()).toBe(true);
  });

  it("chat() sends nothing when it is aborted already", async () => {
    const model = await open({});
    await expect(model.chat(request, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: "ABORTED",
    });
    expect(server?.chats()).toHaveLength(0);
  });
});

describe("OllamaModel.chat context window", () => {
  const small = { contextTokens: 2_048 };

  it("chat() refuses a prompt that cannot fit before it is sent", async () => {
    const model = await open({}, small);
    await expect(model.chat(prompt(words(2_000)))).rejects.toMatchObject({
      code: "MODEL_CONTEXT_OVERFLOW",
      message: expect.stringMatching(/window has 2048.*raise contextTokens/u),
    });
    expect(server?.chats()).toHaveLength(0);
  });

  it("chat() says that an answer was cut off at the window", async () => {
    await expect(ask({ text: "def f(", doneReason: "length" })).rejects.toMatchObject({
      code: "MODEL_CONTEXT_OVERFLOW",
      blame: "model",
      message: expect.stringContaining("cut off after"),
    });
  });

  const cut = (content: string, promptTokens: number | null, options: OllamaServerOptions = {}) =>
    open({ ...options, script: [{ text: "x", promptTokens }] }, small).then((model) =>
      model.chat(prompt(content)),
    );

  it("chat() notices a prompt that filled the window", async () => {
    await expect(cut("hello", 2_048)).rejects.toMatchObject({ code: "PROMPT_CUT" });
  });

  it("chat() notices a count below the number of words, from servers that count what is cached", async () => {
    await expect(cut(words(500), 300)).rejects.toMatchObject({
      code: "PROMPT_CUT",
      message: expect.stringMatching(/read 300 tokens.*window of 2048/u),
    });
  });

  it("chat() notices a model that the server loaded with half the window", async () => {
    const models = [{ name: "qwen3-coder:latest", contextTokens: 1_024 }];
    const version = "0.30.1";
    await expect(cut(longWords(220), 514, { models, version })).rejects.toMatchObject({
      code: "PROMPT_CUT",
    });
  });

  it.each(["0.30.1", "0.3.9", "unknown"])(
    "chat() believes a small count of version %s, which leaves cached tokens out",
    async (version) => {
      expect((await cut(words(500), 3, { version })).text).toBe("x");
    },
  );

  it("chat() believes a server that gives no count, and a prompt that is only longer than thought", async () => {
    expect((await cut(words(500), null)).text).toBe("x");
    expect((await cut(words(500), 1_900)).text).toBe("x");
    expect((await cut(words(500), 700)).text).toBe("x");
  });
});

describe("consent", () => {
  it("openModel() refuses a server or a model that is not on this machine", async () => {
    for (const [name, host] of [
      ["qwen3-coder", "192.168.1.20"],
      ["qwen3-coder", "https://ollama.com"],
      ["gpt-oss:120b-cloud", "127.0.0.1"],
      ["glm-4.6:cloud", "127.0.0.1"],
    ] as const) {
      await expect(openModel(name, { ...defaults, ollamaHost: host })).rejects.toMatchObject({
        code: "REMOTE_NOT_ALLOWED",
        message: expect.stringContaining("--allow-remote"),
      });
    }
  });

  it("openModel() refuses a model with a harmless name that the server passes on", async () => {
    const models = [{ name: "mine:latest", remoteHost: "https://ollama.com:443" }];
    await expect(open({ models }, {}, "mine")).rejects.toMatchObject({
      code: "REMOTE_NOT_ALLOWED",
    });
    expect(server?.chats()).toHaveLength(0);
    await server?.close();
    const allowed = await open({ models, script: ["x"] }, { allowRemote: true }, "ollama:mine");
    expect((await allowed.chat(request)).text).toBe("x");
  });

  it("chat() asks again where a model is passed on, before it sends anything", async () => {
    // As where nobody answered when it was opened.
    const models = [{ name: "mine:latest", remoteHost: "https://ollama.com:443" }];
    const { host, chats } = await start({ models });
    const model = new OllamaModel("mine", new OllamaClient(parseOllamaHost(host)), defaults);
    await expect(model.chat(request)).rejects.toMatchObject({ code: "REMOTE_NOT_ALLOWED" });
    expect(chats()).toHaveLength(0);
  });

  it.each([
    ["https://ollama.com", true],
    ["https://eu.ollama.com:443", true],
    ["http://ollama.com", false],
    ["https://ollama.com.example.org", false],
    ["https://my-ollama.com", false],
    ["http://127.0.0.1:11434", false],
  ])("keyHeaders() of %s has the key: %s", (host, isSent) => {
    const headers = { authorization: "Bearer secret" };
    expect(keyHeaders(parseOllamaHost(host), "secret")).toEqual(isSent ? headers : {});
  });
});
