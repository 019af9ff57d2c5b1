import type { AgentError } from "../../shared/errors.ts";
import { type Connections, type HttpAnswer, readStart, refuseCompressed } from "../connections.ts";
import { type Asked, modelError, readRetryAfter } from "../model-errors.ts";
import { Watchdog } from "../watchdog.ts";
import { LineSplitter } from "./line-splitter.ts";
import { connectionError, statusError } from "./ollama-errors.ts";

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

/**
 * Sends a request and hands each line of the answer to `onLine`, which may throw to end it. The
 * connection is closed when this throws, after an abort too. Redirects are not followed.
 *
 * @throws {AgentError} ABORTED, MODEL_UNREACHABLE when nobody answers (in time), MODEL_STREAM_CUT,
 * MODEL_PROTOCOL, and what `statusError` makes of a status other than 200.
 */
export async function requestLines(
  connections: Connections,
  request: OllamaRequest,
  onLine: (line: string) => void,
): Promise<void> {
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
    await connections.use(async (send) => {
      const answer = await send({
        url: `${request.asked.url}${request.path}`,
        method: request.body === undefined ? "GET" : "POST",
        headers: { ...request.headers, "content-type": "application/json" },
        body: request.body === undefined ? undefined : JSON.stringify(request.body),
        signal: watch.signal,
      });
      if (answer.status !== 200) {
        const body = await readStart(answer, () => watch.sawProgress());
        const retryAfterMs = readRetryAfter(answer.headers, Date.now());
        throw statusError(request.asked, answer.status, body, retryAfterMs);
      }
      await readLines(request, answer, watch, onLine);
    });
  } catch (error) {
    throw watch.explain(error);
  } finally {
    watch.stop();
  }
}

async function readLines(
  request: OllamaRequest,
  answer: HttpAnswer,
  watch: Watchdog,
  onLine: (line: string) => void,
): Promise<void> {
  refuseForeignContent(request.asked, answer);
  refuseCompressed(request.asked, answer);
  const splitter = new LineSplitter(request.limits.maxLineBytes);
  for await (const chunk of answer.body) {
    watch.sawProgress();
    for (const line of splitter.push(chunk)) watch.call(onLine, line);
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

function refuseForeignContent(asked: Asked, answer: HttpAnswer): void {
  const type = answer.headers.get("content-type") ?? "";
  if (type === "" || /json|text\/plain/i.test(type)) return;
  throw modelError(
    "MODEL_PROTOCOL",
    asked,
    `${asked.url} answered with ${JSON.stringify(type.slice(0, 80))}; lines of JSON are wanted, so this is no Ollama server; check OLLAMA_HOST and any proxy in between`,
    { blame: "environment" },
  );
}
