import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { configSchema } from "../../src/config/schema.ts";
import type { ChatRequest } from "../../src/model/chat-model.ts";
import { EmbeddedModel } from "../../src/model/embedded/embedded-model.ts";
import { Engine } from "../../src/model/embedded/engine.ts";
import { testSize } from "../support/requirements.ts";
import { tinyGguf } from "../support/tiny-gguf.ts";

const config = configSchema.parse({ contextTokens: 2_048, embeddedThreads: 1 });
const answerSchema = {
  type: "object",
  properties: { done: { type: "boolean" }, count: { type: "integer" } },
  required: ["done", "count"],
  additionalProperties: false,
};

const folder = mkdtempSync(join(tmpdir(), "autodidact-embedded-"));
const tinyPath = join(folder, "tiny.gguf");
const opened: EmbeddedModel[] = [];

/** For whoever asks and ends nothing: an engine takes a second to start. */
let shared: EmbeddedModel;
beforeAll(async () => {
  writeFileSync(tinyPath, tinyGguf());
  shared = await openTiny();
});
afterAll(async () => {
  await Promise.all(opened.map((model) => model.close()));
  rmSync(folder, { recursive: true });
});

async function openTiny(engine = new Engine(), settings = config): Promise<EmbeddedModel> {
  const model = await EmbeddedModel.open(`embedded:${tinyPath}`, tinyPath, settings, engine);
  opened.push(model);
  return model;
}

function request(content: string, more: Partial<ChatRequest> = {}): ChatRequest {
  const messages = [
    { role: "system" as const, content: "You answer." },
    { role: "user" as const, content },
  ];
  return { goal: "any", role: "coder", order: 0, messages, seed: 1, ...more };
}

function placed(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function open(path: string): Promise<EmbeddedModel> {
  return EmbeddedModel.open(`embedded:${path}`, path, config);
}

/** Kilobytes, as Linux counts what a process holds. */
function residentKilobytes(pid: number): number {
  const [, text = "0"] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(text);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("EmbeddedModel", () => {
  it("chat() returns JSON of the schema's shape when the weights are random", async () => {
    const tokens: number[] = [];
    const answer = await shared.chat(request("How many?", { format: answerSchema }), {
      onProgress: (progress) => tokens.push(progress.outputTokens),
    });
    expect(JSON.parse(answer.text)).toEqual({
      done: expect.any(Boolean),
      count: expect.any(Number),
    });
    expect(answer.promptTokens).toBeGreaterThan(20);
    expect(answer.outputTokens).toBeGreaterThan(5);
    expect(tokens.at(-1)).toBe(answer.outputTokens);
    const again = await shared.chat(request("How many?", { format: answerSchema }));
    expect(again.text).toBe(answer.text);
  });

  it("chat() answers two calls at once, one after the other", async () => {
    const answers = await Promise.all(
      ["first", "second"].map((text) => shared.chat(request(text, { format: answerSchema }))),
    );
    for (const { text } of answers) expect(JSON.parse(text)).toHaveProperty("done");
  });

  it("chat() throws ABORTED, and answers the next call, when it is stopped in an answer", async () => {
    const stop = new AbortController();
    const started = Promise.withResolvers<void>();
    const call = shared.chat(request("Talk for long"), {
      signal: stop.signal,
      onProgress: () => started.resolve(),
    });
    await started.promise;
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: "ABORTED", blame: "caller" });
    await expect(
      shared.chat(request("Again"), { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ code: "ABORTED" });
    const answer = await shared.chat(request("How many?", { format: answerSchema }));
    expect(JSON.parse(answer.text)).toHaveProperty("count");
  });

  it("chat() throws MODEL_CONTEXT_OVERFLOW when the prompt leaves no room for an answer", async () => {
    await expect(shared.chat(request("many words ".repeat(300)))).rejects.toMatchObject({
      code: "MODEL_CONTEXT_OVERFLOW",
      blame: "environment",
    });
  });

  it("chat() gives an answer up when it passes maxAnswerBytes or the window", async () => {
    const small = configSchema.parse({ contextTokens: 2_048, embeddedThreads: 1 });
    const model = await openTiny(new Engine(), { ...small, maxAnswerBytes: 100 });
    await expect(model.chat(request("Talk"))).rejects.toMatchObject({
      code: "MODEL_ANSWER_TOO_LARGE",
      blame: "model",
    });
    await model.close();
    const endless = await openTiny();
    await expect(endless.chat(request("Talk"))).rejects.toMatchObject({
      code: "MODEL_CONTEXT_OVERFLOW",
      blame: "model",
    });
    await endless.close();
  });

  it("chat() holds no more memory after many answers than after the first ones", async () => {
    const engine = new Engine();
    const model = await openTiny(engine);
    const ask = () => model.chat(request("How many?", { format: answerSchema }));
    const warmUp = testSize(5, 50);
    for (let index = 0; index < warmUp; index += 1) await ask();
    const pid = engine.pid ?? 0;
    const before = residentKilobytes(pid);
    for (let index = 0; index < warmUp; index += 1) await ask();
    const grown = residentKilobytes(pid) - before;
    expect(grown).toBeLessThan(60_000);
    await model.close();
    expect(isRunning(pid)).toBe(false);
  });

  it("chat() starts the engine again when it was killed", async () => {
    const engine = new Engine();
    const model = await openTiny(engine);
    const started = Promise.withResolvers<void>();
    const call = model.chat(request("Talk for long"), { onProgress: () => started.resolve() });
    await started.promise;
    process.kill(engine.pid ?? 0, "SIGKILL");
    await expect(call).rejects.toMatchObject({ code: "MODEL_SERVER_ERROR", isRetryable: true });
    const answer = await model.chat(request("How many?", { format: answerSchema }));
    expect(JSON.parse(answer.text)).toHaveProperty("done");
    await model.close();
  });

  it("open() refuses a file that is missing, damaged or cut off", async () => {
    const whole = tinyGguf();
    await expect(open(join(folder, "none.gguf"))).rejects.toMatchObject({ code: "MODEL_MISSING" });
    const damaged = [
      placed("empty.gguf", Buffer.alloc(0)),
      placed("text.gguf", Buffer.from("GGUF is what I am not\n".repeat(40))),
      placed("cut-head.gguf", whole.subarray(0, 2_000)),
      placed("cut-weights.gguf", whole.subarray(0, whole.length - 60_000)),
    ];
    for (const path of damaged) {
      await expect(open(path), path).rejects.toMatchObject({ code: "MODEL_FILE_DAMAGED" });
    }
  });

  it("chat() throws MODEL_FILE_DAMAGED when only the last weights are missing", async () => {
    const whole = tinyGguf();
    const model = await open(placed("cut-end.gguf", whole.subarray(0, whole.length - 4_000)));
    await expect(model.chat(request("Talk"))).rejects.toMatchObject({ code: "MODEL_FILE_DAMAGED" });
    await model.close();
  });

  it("open() says that a model is too large before it loads any of it", async () => {
    const path = placed("large.gguf", tinyGguf({ claimedEmbedding: 2 ** 16 }));
    truncateSync(path, 80e9);
    await expect(open(path)).rejects.toMatchObject({
      code: "MODEL_TOO_LARGE",
      message: expect.stringMatching(/needs \d+\.\d GB .* are free/),
    });
  });

  it("the engine's process ends when its parent is killed", async () => {
    const child = fileURLToPath(new URL("./model-embedded-child.ts", import.meta.url));
    const run = promisify(execFile);
    const failed = await run(process.execPath, ["--no-warnings", child, tinyPath]).catch(
      (error: { stdout: string; signal: string }) => error,
    );
    expect(failed).toMatchObject({ signal: "SIGKILL" });
    const pid = Number(failed.stdout);
    expect(pid).toBeGreaterThan(0);
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });
});
