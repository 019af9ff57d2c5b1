import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { chatLines, chunksOf, type Fault, type Reply, type ScriptedAnswer } from "./ollama-wire.ts";

/** The body of a `/api/chat` request, as far as tests look at it. */
export interface ChatBody {
  readonly model: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  readonly stream?: boolean;
  readonly format?: unknown;
  readonly keep_alive?: string | number;
  readonly truncate?: boolean;
  readonly shift?: boolean;
  readonly options?: Readonly<Record<string, unknown>>;
}

export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The parsed body; undefined when there was none or it was no JSON. */
  readonly body: unknown;
  /** True once the client has closed its socket before the answer was whole. */
  readonly aborted: () => boolean;
  /** Settles when the socket of this request is gone. */
  readonly closed: Promise<void>;
}

export interface InstalledModel {
  readonly name: string;
  readonly sizeBytes?: number;
  /** What `/api/ps` says the model is loaded with; the requested `num_ctx` when absent. */
  readonly contextTokens?: number;
  /** What `/api/show` says that the model was trained for; nothing when absent. */
  readonly trainedContextTokens?: number;
  /** What `/api/show` says that it can do. */
  readonly capabilities?: readonly string[];
  /** Set for models that run in Ollama's cloud. */
  readonly remoteHost?: string;
}

export interface OllamaServerOptions {
  readonly models?: readonly InstalledModel[];
  /** What `/api/version` says. */
  readonly version?: string;
  /** Replies for `/api/chat`, used one after the other; one left over fails `close()`. */
  readonly script?: readonly Reply[];
  /**
   * Chooses a reply from the request; asked when the script is used up. Undefined counts as an
   * unexpected request: it gets a 500 and fails `close()`.
   */
  readonly answer?: (request: ChatBody, index: number) => Reply | undefined;
  /** Lines of `/api/pull`; by default one layer in four steps and `success`. The model is installed after `success`. */
  readonly pull?: readonly Readonly<Record<string, unknown>>[];
}

export interface OllamaServer {
  /** As OLLAMA_HOST would hold it: `127.0.0.1:PORT`. */
  readonly host: string;
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Bodies of the `/api/chat` requests, in order. */
  chats(): readonly ChatBody[];
  /** Resolves when `count` requests have arrived at `path`. */
  arrived(path: string, count: number): Promise<void>;
  /**
   * Stops the server and destroys open sockets.
   *
   * @throws {Error} when a step of the script is left over or a request was unexpected;
   * `{ allowLeftOver: true }` for tests that stop on purpose.
   */
  close(options?: { readonly allowLeftOver?: boolean }): Promise<void>;
}

const defaultModels: readonly InstalledModel[] = [
  { name: "qwen3-coder:latest", sizeBytes: 18_556_701_140 },
];

interface ServerState {
  readonly options: OllamaServerOptions;
  readonly script: Reply[];
  readonly models: InstalledModel[];
  readonly requests: RecordedRequest[];
  readonly unexpected: string[];
  readonly loadedContexts: Map<string, number>;
  chatCount: number;
}

/**
 * A server on 127.0.0.1 that speaks Ollama's native API as the real one does: `/api/chat` as NDJSON
 * in small chunks that split lines and multibyte characters, `/api/tags`, `/api/version`, `/api/ps`,
 * `/api/pull`.
 *
 * @see https://docs.ollama.com/api
 */
export async function startOllamaServer(options: OllamaServerOptions = {}): Promise<OllamaServer> {
  const state: ServerState = {
    options,
    script: [...(options.script ?? [])],
    models: [...(options.models ?? defaultModels)],
    requests: [],
    unexpected: [],
    loadedContexts: new Map(),
    chatCount: 0,
  };
  const waiters = new Set<() => void>();
  const server = createServer((request, response) => {
    void serve(state, request, response, () => {
      for (const check of waiters) check();
    }).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 1_000;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    url: `http://${host}`,
    requests: state.requests,
    chats: () =>
      state.requests
        .filter((request) => request.path === "/api/chat")
        .map((request) => request.body as ChatBody),
    arrived: (path, count) => waitForArrival(state, waiters, path, count),
    async close(closeOptions) {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      if (closeOptions?.allowLeftOver !== true) failOnLeftOver(state);
    },
  };
}

/** An address of this machine at which nothing listens: connections to it are refused. */
export async function refusedHost(): Promise<string> {
  const server = await startOllamaServer();
  const { host } = server;
  await server.close();
  return host;
}

function failOnLeftOver(state: ServerState): void {
  if (state.unexpected.length > 0) {
    throw new Error(`scripted Ollama server: unexpected requests: ${state.unexpected.join("; ")}`);
  }
  if (state.script.length > 0) {
    throw new Error(
      `scripted Ollama server: ${state.script.length} scripted replies were never asked for`,
    );
  }
}

function waitForArrival(
  state: ServerState,
  waiters: Set<() => void>,
  path: string,
  count: number,
): Promise<void> {
  return new Promise((resolve) => {
    const check = () => {
      if (state.requests.filter((request) => request.path === path).length < count) return;
      waiters.delete(check);
      resolve();
    };
    waiters.add(check);
    check();
  });
}

async function serve(
  state: ServerState,
  request: IncomingMessage,
  response: ServerResponse,
  notify: () => void,
): Promise<void> {
  const body = await readBody(request);
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const closed = new Promise<void>((resolve) => request.socket.once("close", () => resolve()));
  let isAborted = false;
  response.once("close", () => {
    isAborted = !response.writableFinished;
  });
  state.requests.push({
    method: request.method ?? "GET",
    path,
    headers: request.headers,
    body,
    aborted: () => isAborted,
    closed,
  });
  notify();
  if (path === "/api/chat") return serveChat(state, body as ChatBody, response);
  if (path === "/api/pull") return servePull(state, body as { model: string }, response);
  const answer = simpleAnswer(state, path, body);
  sendJson(response, answer === undefined ? 404 : 200, answer ?? { error: "not found" });
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("utf8");
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function simpleAnswer(state: ServerState, path: string, body: unknown): unknown {
  if (path === "/api/show") return shownModel(state, body as { model: string });
  if (path === "/api/version") return { version: state.options.version ?? "0.40.12" };
  if (path === "/api/tags") return { models: state.models.map(describeModel) };
  if (path !== "/api/ps") return undefined;
  return {
    models: state.models
      .filter((model) => state.loadedContexts.has(model.name))
      .map((model) => ({
        ...describeModel(model),
        expires_at: "2026-11-22T15:00:00Z",
        size_vram: 0,
        context_length: model.contextTokens ?? state.loadedContexts.get(model.name),
      })),
  };
}

function shownModel(state: ServerState, { model }: { model: string }): unknown {
  const found = state.models.find(({ name }) => name === withTag(model));
  if (found === undefined) return undefined;
  const trained = found.trainedContextTokens;
  return {
    capabilities: found.capabilities ?? ["completion", "tools"],
    details: { family: "qwen3moe" },
    model_info: {
      "general.architecture": "qwen3moe",
      ...(trained === undefined ? {} : { "qwen3moe.context_length": trained }),
    },
    ...(found.remoteHost === undefined ? {} : { remote_host: found.remoteHost }),
  };
}

function describeModel(model: InstalledModel): Record<string, unknown> {
  return {
    name: model.name,
    model: model.name,
    modified_at: "2026-11-01T10:00:00.000000000Z",
    size: model.sizeBytes ?? 4_000_000_000,
    digest: "a".repeat(64),
    details: {
      format: "gguf",
      family: "qwen3moe",
      parameter_size: "30.5B",
      quantization_level: "Q4_K_M",
    },
    ...(model.remoteHost === undefined
      ? {}
      : { remote_host: model.remoteHost, remote_model: model.name }),
  };
}

function withTag(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1).includes(":") ? name : `${name}:latest`;
}

async function serveChat(
  state: ServerState,
  body: ChatBody,
  response: ServerResponse,
): Promise<void> {
  const index = state.chatCount;
  state.chatCount += 1;
  const installed = state.models.find((model) => model.name === withTag(body.model));
  if (installed === undefined) {
    return sendJson(response, 404, { error: `model '${body.model}' not found` });
  }
  const asked = body.options?.["num_ctx"];
  state.loadedContexts.set(installed.name, typeof asked === "number" ? asked : 4_096);
  const reply = state.script.shift() ?? state.options.answer?.(body, index);
  if (reply === undefined) {
    state.unexpected.push(`chat ${index}: ${JSON.stringify(body.messages.at(-1)).slice(0, 200)}`);
    return sendJson(response, 500, { error: "no reply was scripted for this request" });
  }
  if (typeof reply !== "string" && "fault" in reply) return serveFault(reply, body, response);
  return streamAnswer(reply, body, response);
}

async function streamAnswer(
  reply: string | ScriptedAnswer,
  body: ChatBody,
  response: ServerResponse,
): Promise<void> {
  const answer = typeof reply === "string" ? { text: reply } : reply;
  startStream(response);
  const bytes = Buffer.from(chatLines(answer, body).join(""), "utf8");
  for (const chunk of chunksOf(bytes, answer.chunkBytes)) {
    if (response.destroyed) return;
    if (!response.write(chunk)) {
      await Promise.race([
        new Promise((resolve) => response.once("drain", resolve)),
        new Promise((resolve) => response.once("close", resolve)),
      ]);
    }
    // Each chunk leaves as a packet of its own, so that clients meet split lines and characters.
    await new Promise((resolve) => setImmediate(resolve));
  }
  response.end();
}

async function serveFault(fault: Fault, body: ChatBody, response: ServerResponse): Promise<void> {
  switch (fault.fault) {
    case "status":
      response.writeHead(fault.status, {
        "content-type": fault.contentType ?? "application/json; charset=utf-8",
        ...fault.headers,
      });
      response.end(fault.body);
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<!DOCTYPE html><html><body>Please log in to the hotel network.</body></html>");
      return;
    case "cut-before-first-byte":
      response.destroy();
      return;
    case "silence":
      return;
    case "delayed-first-byte":
      await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
      return streamAnswer(fault.answer, body, response);
    case "garbage-line":
      return serveBrokenStream(response, body, "Hello", "%%% this is no JSON\n", "end");
    case "error-line":
      return serveBrokenStream(
        response,
        body,
        "Hello",
        `${JSON.stringify({ error: fault.error })}\n`,
        "end",
      );
    case "no-done":
      return serveBrokenStream(response, body, fault.text ?? "Hello, wor", "", "end");
    case "cut":
      return serveBrokenStream(
        response,
        body,
        fault.text ?? "Hello",
        '{"model":"qwen3-coder","mess',
        "destroy",
      );
    case "silence-midway":
      return serveBrokenStream(response, body, fault.text ?? "Hello", "", "stay");
    default:
      fault satisfies never;
  }
}

/** Streams `text` without the closing line, then `tail`, then ends, cuts or stays silent. */
async function serveBrokenStream(
  response: ServerResponse,
  body: ChatBody,
  text: string,
  tail: string,
  ending: "end" | "destroy" | "stay",
): Promise<void> {
  startStream(response);
  response.write(chatLines({ text }, body).slice(0, -1).join("") + tail);
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (ending === "end") response.end();
  if (ending === "destroy") response.socket?.destroy();
}

function startStream(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/x-ndjson" });
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

async function servePull(
  state: ServerState,
  body: { model: string },
  response: ServerResponse,
): Promise<void> {
  const digest = `sha256:${"b".repeat(64)}`;
  const total = 4_000_000;
  const layer = (completed: number) => ({
    status: `pulling ${digest.slice(7, 19)}`,
    digest,
    total,
    completed,
  });
  const lines = state.options.pull ?? [
    { status: "pulling manifest" },
    ...[0, 1_000_000, 2_500_000, total].map(layer),
    { status: "verifying sha256 digest" },
    { status: "writing manifest" },
    { status: "success" },
  ];
  startStream(response);
  for (const line of lines) {
    response.write(`${JSON.stringify(line)}\n`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (lines.at(-1)?.["status"] === "success") {
    state.models.push({ name: withTag(body.model), sizeBytes: total });
  }
  response.end();
}
