import { Agent, fetch, type Response } from "undici";
import type { AgentError } from "../../shared/errors.ts";
import { type Asked, modelError, readRetryAfter } from "../model-errors.ts";
import { Watchdog } from "../watchdog.ts";
import { LineSplitter } from "./line-splitter.ts";
import { connectionError, statusError } from "./ollama-errors.ts";

/**
 * undici gives up after 300 s without headers or between two chunks of a body; a model on a CPU
 * needs longer for its first token. Our own limits are in `RequestLimits`.
 */
export const dispatcherOptions = {
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: { timeout: 10_000 },
} as const;

export interface RequestLimits {
  /** Milliseconds until the first byte of the body. */
  readonly firstByteTimeoutMs: number;
  /** Milliseconds without a byte in the middle of the body. */
  readonly idleTimeoutMs: number;
  /** Of one line. */
  readonly maxLineBytes: number;
}

export interface OllamaRequest {
  readonly asked: Asked;
  readonly path: string;
  /** Sent as JSON with POST; absent for GET. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly limits: RequestLimits;
  readonly signal?: AbortSignal | undefined;
}

const maxErrorBytes = 64 * 1024;

/**
 * Sends a request and hands each line of the answer to `onLine`, which may throw to end it. The
 * connection is closed when this returns or throws, after an abort too. Redirects are not followed:
 * they could lead off this machine.
 *
 * @throws {AgentError} ABORTED, MODEL_UNREACHABLE when nobody answers (in time), MODEL_STREAM_CUT,
 * MODEL_PROTOCOL, and what `statusError` makes of a status other than 200.
 */
export async function requestLines(
  request: OllamaRequest,
  onLine: (line: string) => void,
): Promise<void> {
  const dispatcher = new Agent(dispatcherOptions);
  const watch = new Watchdog({
    asked: request.asked,
    firstTimeoutMs: request.limits.firstByteTimeoutMs,
    idleTimeoutMs: request.limits.idleTimeoutMs,
    sign: "byte",
    signal: request.signal,
    logHint: "look at the server's log (journalctl -u ollama)",
    connectionError,
  });
  try {
    const response = await fetch(`${request.asked.url}${request.path}`, {
      method: request.body === undefined ? "GET" : "POST",
      headers: { ...request.headers, "content-type": "application/json" },
      body: request.body === undefined ? null : JSON.stringify(request.body),
      redirect: "manual",
      signal: watch.signal,
      dispatcher,
    });
    if (response.status !== 200) {
      const body = await readStart(response, watch);
      const retryAfterMs = readRetryAfter(response.headers, Date.now());
      throw statusError(request.asked, response.status, body, retryAfterMs);
    }
    await readLines(request, response, watch, onLine);
  } catch (error) {
    throw watch.explain(error);
  } finally {
    watch.stop();
    await dispatcher.destroy();
  }
}

async function readLines(
  request: OllamaRequest,
  response: Response,
  watch: Watchdog,
  onLine: (line: string) => void,
): Promise<void> {
  refuseForeignContent(request.asked, response);
  const splitter = new LineSplitter(request.limits.maxLineBytes);
  for await (const chunk of response.body ?? []) {
    watch.sawProgress();
    for (const line of splitter.push(chunk as Uint8Array)) watch.call(onLine, line);
    if (splitter.isOverfull) throw lineTooLong(request);
  }
  for (const line of splitter.end()) watch.call(onLine, line);
}

function lineTooLong({ asked, limits }: OllamaRequest): AgentError {
  return modelError(
    "MODEL_ANSWER_TOO_LARGE",
    asked,
    `the server sent more than ${limits.maxLineBytes} bytes without a line's end; short lines of JSON are wanted; check that OLLAMA_HOST is an Ollama server`,
    { blame: "environment" },
  );
}

function refuseForeignContent(asked: Asked, response: Response): void {
  const type = response.headers.get("content-type") ?? "";
  if (type === "" || /json|text\/plain/i.test(type)) return;
  throw modelError(
    "MODEL_PROTOCOL",
    asked,
    `${asked.url} answered with ${JSON.stringify(type.slice(0, 80))}; lines of JSON are wanted, so this is no Ollama server; check OLLAMA_HOST and any proxy in between`,
    { blame: "environment" },
  );
}

async function readStart(response: Response, watch: Watchdog): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    watch.sawProgress();
    parts.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size > maxErrorBytes) break;
  }
  return Buffer.concat(parts).toString("utf8", 0, maxErrorBytes);
}
