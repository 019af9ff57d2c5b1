import type { AgentError } from "../../shared/errors.ts";
import { type HttpAnswer, readStart, refuseCompressed, type SendRequest } from "../connections.ts";
import { type Asked, modelError, readRetryAfter } from "../model-errors.ts";
import type { RemoteServer } from "./remote-server.ts";
import { remoteStatusError } from "./status-error.ts";

export interface RemoteCall {
  readonly server: RemoteServer;
  readonly asked: Asked;
  readonly send: SendRequest;
  readonly signal: AbortSignal;
  /** Of the answer's type; `text/event-stream` for a stream. */
  readonly contentType: RegExp;
  /** What to hand on of each chunk. It may throw to end the answer: packages buffer what never ends. */
  readonly onChunk: (chunk: Uint8Array) => Uint8Array;
}

/**
 * The `fetch` that the providers' packages are given for one call. It turns every status but 200, and
 * every type that is not wanted, into our own error before a package sees it.
 */
export function remoteFetch(call: RemoteCall): typeof globalThis.fetch {
  return async (input, init) => {
    const answer = await call.send({
      url: String(input),
      method: init?.method === "POST" ? "POST" : "GET",
      headers: Object.fromEntries(new Headers(init?.headers)),
      body: typeof init?.body === "string" ? init.body : undefined,
      signal: call.signal,
    });
    const type = answer.headers.get("content-type") ?? "";
    if (answer.status === 200) refuseCompressed(call.asked, answer);
    if (answer.status === 200 && call.contentType.test(type)) {
      return responseOf(answer, type, call.onChunk);
    }
    // Some servers report an error with status 200: LM Studio, of a path that it does not have.
    if (answer.status === 200 && !/json/i.test(type)) throw wrongType(call, type);
    throw await statusError(call, answer);
  };
}

async function statusError({ server, asked }: RemoteCall, answer: HttpAnswer): Promise<AgentError> {
  const retryAfterMs = readRetryAfter(answer.headers, Date.now());
  return remoteStatusError(server, asked, {
    status: answer.status,
    body: await readStart(answer),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

function wrongType({ asked, server }: RemoteCall, type: string): AgentError {
  return modelError(
    "MODEL_PROTOCOL",
    asked,
    `${asked.url} answered with ${JSON.stringify(server.safeText(type).slice(0, 80))}, which is not how such a server answers; check the URL and any proxy in between`,
    { blame: "environment" },
  );
}

/** Streams of the web cost more than the connection: a package needs this one. */
function responseOf(answer: HttpAnswer, type: string, onChunk: RemoteCall["onChunk"]): Response {
  const chunks = answer.body[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const { done, value } = await chunks.next();
        if (done === true) controller.close();
        else controller.enqueue(onChunk(value));
      },
      cancel: async () => {
        await chunks.return?.();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { status: answer.status, headers: { "content-type": type } });
}
