import { z } from "zod";
import type { JsonObject } from "../../shared/json.ts";
import { isOllamaCom, type OllamaHost } from "../../shared/ollama-host.ts";
import { Connections } from "../connections.ts";
import { type Asked, errorText, modelError } from "../model-errors.ts";
import { type RequestLimits, requestLines } from "./transport.ts";

export interface InstalledModel {
  readonly name: string;
  readonly sizeBytes: number;
  /** Set for a model that the server only passes on to another one, Ollama's cloud say. */
  readonly remoteHost?: string;
}

export interface LoadedModel {
  readonly name: string;
  /** Absent on servers that do not say. */
  readonly contextTokens?: number;
}

export interface ShownModel {
  readonly trainedContextTokens?: number;
  readonly thinks?: boolean;
  readonly remoteHost?: string;
}

export interface PullStep {
  readonly status: string;
  readonly completedBytes: number;
  readonly totalBytes: number;
}

const tagsSchema = z.object({
  models: z
    .array(
      z.object({
        name: z.string(),
        size: z.number().default(0),
        remote_host: z.string().optional(),
      }),
    )
    .nullish(),
});
const psSchema = z.object({
  models: z.array(z.object({ name: z.string(), context_length: z.number().optional() })).nullish(),
});
/** `model_info` names its keys by the model's architecture: `qwen3moe.context_length`. */
const showSchema = z.object({
  model_info: z.record(z.string(), z.unknown()).nullish(),
  capabilities: z.array(z.string()).nullish(),
  remote_host: z.string().nullish(),
});
const versionSchema = z.object({ version: z.string() });
const pullSchema = z.object({
  status: z.string().default(""),
  completed: z.number().default(0),
  total: z.number().default(0),
});

const smallLimits: RequestLimits = {
  firstByteTimeoutMs: 30_000,
  idleTimeoutMs: 30_000,
  maxLineBytes: 16 * 1024 * 1024,
};
/** A registry may take its time before it sends the next layer. */
const pullLimits: RequestLimits = {
  firstByteTimeoutMs: 300_000,
  idleTimeoutMs: 300_000,
  maxLineBytes: 1024 * 1024,
};

/** Ollama's native API, apart from `/api/chat`. Every method throws as `requestLines` does. */
export class OllamaClient {
  readonly host: OllamaHost;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #connections = new Connections();

  constructor(host: OllamaHost, apiKey?: string) {
    this.host = host;
    this.#headers = keyHeaders(host, apiKey);
  }

  async version(signal?: AbortSignal): Promise<string> {
    return (await this.#get("/api/version", versionSchema, signal)).version;
  }

  async installedModels(signal?: AbortSignal): Promise<InstalledModel[]> {
    const { models } = await this.#get("/api/tags", tagsSchema, signal);
    return (models ?? []).map(({ name, size, remote_host: remoteHost }) => ({
      name,
      sizeBytes: size,
      ...(remoteHost === undefined || remoteHost === "" ? {} : { remoteHost }),
    }));
  }

  async loadedModels(signal?: AbortSignal): Promise<LoadedModel[]> {
    const { models } = await this.#get("/api/ps", psSchema, signal);
    return (models ?? []).map(({ name, context_length: contextTokens }) => ({
      name,
      ...(contextTokens === undefined ? {} : { contextTokens }),
    }));
  }

  /** What the server knows of an installed model. */
  async showModel(model: string, signal?: AbortSignal): Promise<ShownModel> {
    const asked = this.#asked(`Looking at the model ${model}`, model);
    const shown = await this.#whole("/api/show", showSchema, asked, signal, { model });
    const trained = Object.entries(shown.model_info ?? {}).find(
      ([key, value]) => key.endsWith(".context_length") && typeof value === "number",
    )?.[1];
    return {
      ...(typeof trained === "number" ? { trainedContextTokens: trained } : {}),
      ...(shown.capabilities?.includes("thinking") === true ? { thinks: true } : {}),
      ...(shown.remote_host ? { remoteHost: shown.remote_host } : {}),
    };
  }

  /** Resolves when the model is installed. Bytes already pulled are kept by the server on an abort. */
  async pull(model: string, onStep: (step: PullStep) => void, signal?: AbortSignal): Promise<void> {
    const asked = this.#asked(`Pulling the model ${model}`, model);
    let last = "";
    await this.#lines("/api/pull", asked, { model, stream: true }, pullLimits, signal, (value) => {
      const step = read(pullSchema, value, asked);
      last = step.status;
      onStep({ status: step.status, completedBytes: step.completed, totalBytes: step.total });
    });
    if (last === "success") return;
    throw modelError(
      "MODEL_STREAM_CUT",
      asked,
      `the server stopped at ${JSON.stringify(last)}; "success" is wanted; pull again, what is there already is kept`,
    );
  }

  /** Streams `/api/chat`; `onPart` gets each line's object and may throw to end it. */
  async chat(
    body: JsonObject,
    asked: Asked,
    limits: RequestLimits,
    signal: AbortSignal | undefined,
    onPart: (part: unknown) => void,
  ): Promise<void> {
    await this.#lines("/api/chat", asked, body, limits, signal, onPart);
  }

  #asked(action: string, model?: string): Asked {
    return { action, url: this.host.url, ...(model === undefined ? {} : { model }) };
  }

  #get<T>(path: string, schema: z.ZodType<T>, signal: AbortSignal | undefined): Promise<T> {
    return this.#whole(path, schema, this.#asked("Asking the Ollama server"), signal);
  }

  /** An answer that is one value, over however many lines. */
  async #whole<T>(
    path: string,
    schema: z.ZodType<T>,
    asked: Asked,
    signal: AbortSignal | undefined,
    body?: JsonObject,
  ): Promise<T> {
    const request = { asked, path, body, headers: this.#headers, limits: smallLimits, signal };
    let text = "";
    await requestLines(this.#connections, request, (line) => {
      text += `${line}\n`;
      if (text.length > smallLimits.maxLineBytes) throw protocolError(asked, text);
    });
    return read(schema, parseLine(text, asked), asked);
  }

  async #lines(
    path: string,
    asked: Asked,
    body: JsonObject,
    limits: RequestLimits,
    signal: AbortSignal | undefined,
    onValue: (value: unknown) => void,
  ): Promise<void> {
    const request = { asked, path, body, headers: this.#headers, limits, signal };
    await requestLines(this.#connections, request, (line) => {
      const value = parseLine(line, asked);
      const error = errorText(value);
      if (error !== undefined) throw streamError(asked, error);
      onValue(value);
    });
  }
}

/** The key goes to ollama.com only, over TLS only. */
export function keyHeaders(
  { url }: OllamaHost,
  apiKey: string | undefined,
): Readonly<Record<string, string>> {
  const isWanted = url.startsWith("https:") && isOllamaCom(url);
  return isWanted && apiKey ? { authorization: `Bearer ${apiKey}` } : {};
}

function streamError(asked: Asked, error: string): Error {
  return modelError(
    "MODEL_SERVER_ERROR",
    asked,
    `the server at ${asked.url} reported in the middle of its answer: ${error}; look at its log (journalctl -u ollama); when memory is short choose a smaller model or lower contextTokens; then go on`,
  );
}

function parseLine(text: string, asked: Asked): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw protocolError(asked, text, cause);
  }
}

function read<T>(schema: z.ZodType<T>, value: unknown, asked: Asked): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw protocolError(asked, JSON.stringify(value), result.error);
}

function protocolError(asked: Asked, text: string, cause?: unknown): Error {
  return modelError(
    "MODEL_PROTOCOL",
    asked,
    `${asked.url} sent ${JSON.stringify(text.slice(0, 120))}, which is not how Ollama answers; an Ollama server is wanted; check OLLAMA_HOST and any proxy in between`,
    { blame: "environment", cause },
  );
}
