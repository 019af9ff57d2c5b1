import { type Dispatcher, type Response as UndiciResponse, fetch as undiciFetch } from "undici";
import { type Asked, modelError, readRetryAfter } from "../model-errors.ts";
import type { RemoteServer } from "./remote-server.ts";
import { remoteStatusError } from "./status-error.ts";

const maxErrorBytes = 64 * 1024;

export interface RemoteCall {
  readonly server: RemoteServer;
  readonly asked: Asked;
  readonly dispatcher: Dispatcher;
  readonly signal: AbortSignal;
  /** Of the answer's type; `text/event-stream` for a stream. */
  readonly contentType: RegExp;
  /** Told of each chunk's bytes; it may throw to end the answer. */
  readonly onBytes?: (count: number) => void;
}

/**
 * The `fetch` that the providers' packages are given for one call. It goes over a connection of its own,
 * follows no redirect (it could lead to another machine, key and all), and turns every status but
 * 200, and every type that is not wanted, into our own error before a package sees it.
 */
export function remoteFetch(call: RemoteCall): typeof globalThis.fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set("user-agent", "autodidact");
    const response = await undiciFetch(String(input), {
      method: init?.method ?? "GET",
      headers: [...headers],
      body: typeof init?.body === "string" ? init.body : null,
      redirect: "manual",
      signal: call.signal,
      dispatcher: call.dispatcher,
    });
    if (response.status !== 200) {
      const retryAfterMs = readRetryAfter(response.headers, Date.now());
      throw remoteStatusError(call.server, call.asked, {
        status: response.status,
        body: await readStart(response),
        ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      });
    }
    refuseForeignContent(call, response);
    return counted(response, call.onBytes);
  };
}

function refuseForeignContent(call: RemoteCall, response: UndiciResponse): void {
  const { asked } = call;
  const type = call.server.safeText(response.headers.get("content-type") ?? "");
  if (call.contentType.test(type)) return;
  throw modelError(
    "MODEL_PROTOCOL",
    asked,
    `${asked.url} answered with ${JSON.stringify(type.slice(0, 80))}, which is not how such a server answers; check the URL and any proxy in between`,
    { blame: "environment" },
  );
}

async function readStart(response: UndiciResponse): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    parts.push(chunk as Uint8Array);
    size += (chunk as Uint8Array).length;
    if (size > maxErrorBytes) break;
  }
  return Buffer.concat(parts).toString("utf8", 0, maxErrorBytes);
}

/** The packages buffer an event until it ends: whoever counts can end what never does. */
function counted(response: UndiciResponse, onBytes: RemoteCall["onBytes"]): Response {
  const source = response.body?.getReader();
  const body =
    source === undefined
      ? null
      : new ReadableStream<Uint8Array>(
          {
            pull: async (controller) => {
              const { done, value } = await source.read();
              if (done) {
                controller.close();
                return;
              }
              onBytes?.(value.length);
              controller.enqueue(value);
            },
            cancel: (reason) => source.cancel(reason),
          },
          { highWaterMark: 0 },
        );
  return new Response(body, { status: response.status, headers: [...response.headers] });
}
