import { Agent, request as sendRequest } from "undici";
import { type Asked, isCutConnection, modelError } from "./model-errors.ts";

/**
 * undici gives up after 300 s without headers or between two chunks of a body; a model on a CPU
 * needs longer for its first token. Who calls has limits of its own. An idle connection is kept for a
 * second, whatever a server offers: shorter than servers keep theirs.
 */
export const connectionOptions = {
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: { timeout: 10_000 },
  // The next request waits for the connection of the one before instead of opening its own.
  connections: 1,
  keepAliveTimeout: 1_000,
  keepAliveMaxTimeout: 1_000,
} as const;

/** Nothing here decompresses. */
const defaultHeaders = { accept: "*/*", "accept-encoding": "identity" };

export interface HttpRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Throws what breaks the connection; each chunk is all that has come since the one before. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Sends one request. Redirects are not followed: they could lead to another machine, key and all. */
export type SendRequest = (request: HttpRequest) => Promise<HttpAnswer>;

/** The connections to one server. No two calls share one, so that each can be closed by itself. */
export class Connections {
  readonly #idle: Agent[] = [];

  /**
   * Lends a connection to a call, which must read its answer to the end. It is kept for the next one
   * when the call succeeds, and closed before this throws when it fails.
   */
  async use<T>(call: (send: SendRequest) => Promise<T>): Promise<T> {
    const agent = this.#idle.pop() ?? new Agent(connectionOptions);
    try {
      const result = await call((request) => send(agent, request));
      this.#idle.push(agent);
      return result;
    } catch (error) {
      await agent.destroy();
      throw error;
    }
  }
}

async function send(agent: Agent, request: HttpRequest): Promise<HttpAnswer> {
  let isNew = false;
  const onConnect = () => {
    isNew = true;
  };
  agent.once("connect", onConnect);
  try {
    return await sendOnce(agent, request);
  } catch (error) {
    // A kept connection that the server closed meanwhile says nothing about the server.
    if (isNew || request.signal.aborted || !isCutConnection(error)) throw error;
    return await sendOnce(agent, request);
  } finally {
    agent.off("connect", onConnect);
  }
}

async function sendOnce(agent: Agent, request: HttpRequest): Promise<HttpAnswer> {
  const { statusCode, headers, body } = await sendRequest(request.url, {
    method: request.method,
    headers: { ...defaultHeaders, ...request.headers, "user-agent": "autodidact" },
    body: request.body ?? null,
    signal: request.signal,
    dispatcher: agent,
  });
  // Its reader gets the error; a body that nobody reads must not end the process with it.
  body.on("error", () => undefined);
  return {
    status: statusCode,
    headers: { get: (name) => headers[name]?.toString() ?? null },
    body,
  };
}

/** @throws {AgentError} MODEL_PROTOCOL for an answer that was compressed unasked, by a proxy most likely. */
export function refuseCompressed(asked: Asked, { headers }: HttpAnswer): void {
  const encoding = encodingOf(headers);
  if (encoding === "") return;
  throw modelError(
    "MODEL_PROTOCOL",
    asked,
    `${asked.url} answered in the encoding ${JSON.stringify(encoding.slice(0, 40))}, although none was asked for; plain text is wanted; have the server or the proxy in between compress nothing`,
    { blame: "environment" },
  );
}

function encodingOf(headers: HttpAnswer["headers"]): string {
  const encoding = headers.get("content-encoding")?.trim() ?? "";
  return encoding.toLowerCase() === "identity" ? "" : encoding;
}

/** The beginning of a body that explains an error, enough for any explanation; nothing of a compressed one. */
export async function readStart(answer: HttpAnswer, onChunk?: () => void): Promise<string> {
  if (encodingOf(answer.headers) !== "") return "";
  const most = 64 * 1024;
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of answer.body) {
    onChunk?.();
    parts.push(chunk);
    size += chunk.length;
    if (size > most) break;
  }
  return Buffer.concat(parts).toString("utf8", 0, most);
}
