import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { chunksOf } from "../ollama-wire.ts";
import { makeSelfSigned } from "./self-signed.ts";
import type { Wire, WireAnswer, WireRequest } from "./wire.ts";

/** What the server does with one chat request. */
export type Behaviour =
  | { readonly does: "answer"; readonly answer: WireAnswer; readonly chunkBytes?: number }
  | {
      readonly does: "status";
      readonly status: number;
      readonly body: string;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Status 200 with another type and body. */
  | { readonly does: "foreign"; readonly contentType: string; readonly body: string }
  /** The socket is destroyed before a byte is sent. */
  | { readonly does: "cut-before" }
  /** Some of the answer, then `tail`, and then the end, a destroyed socket, or nothing more. */
  | {
      readonly does: "break";
      readonly pieces: number;
      readonly tail?: string;
      readonly ending: "end" | "destroy" | "stay";
    }
  /** A stream of the right type, and nothing in it. */
  | { readonly does: "empty" }
  /** Headers, and then nothing; or pings without an end. */
  | { readonly does: "silence"; readonly pings?: boolean }
  /** Bytes of one event that never ends. */
  | { readonly does: "endless-line" };

export interface ServedRequest {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: unknown;
}

export interface ModelServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly chats: readonly ServedRequest[];
  /** Resolves when `count` chats have arrived. */
  arrived(count: number): Promise<void>;
  /** Resolves when every socket is gone: whoever keeps one open makes the test run out of time. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

interface ServerOptions {
  readonly script: readonly Behaviour[];
  /** What to do when the script is used up; nothing more is expected without it. */
  readonly otherwise?: Behaviour | ((body: unknown) => Behaviour);
  readonly models?: readonly string[];
  readonly tls?: boolean;
}

/** A server on loopback that speaks one provider's wire format, and breaks it where it is told to. */
export async function startModelServer(wire: Wire, options: ServerOptions): Promise<ModelServer> {
  const script = [...options.script];
  const chats: ServedRequest[] = [];
  const sockets = new Set<Socket>();
  const changed = new EventTarget();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await readJson(request);
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    if (path !== wire.chatPath) {
      sendSmall(wire, path, options.models ?? ["m"], response);
      return;
    }
    const { otherwise } = options;
    const next = script.shift() ?? (typeof otherwise === "function" ? otherwise(body) : otherwise);
    chats.push({ path, headers: request.headers, body });
    changed.dispatchEvent(new Event("change"));
    if (next === undefined) {
      response.writeHead(500, { "content-type": "text/plain" }).end("nothing was scripted");
      return;
    }
    await behave(wire, next, wire.requestOf(body), response);
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    handle(request, response).catch(() => response.destroy());
  };
  const server =
    options.tls === true
      ? createTlsServer(makeSelfSigned("127.0.0.1"), listener)
      : createServer(listener);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => {
      sockets.delete(socket);
      changed.dispatchEvent(new Event("change"));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const until = (holds: () => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (!holds()) return;
        changed.removeEventListener("change", check);
        resolve();
      };
      changed.addEventListener("change", check);
      check();
    });
  return {
    url: `${options.tls === true ? "https" : "http"}://127.0.0.1:${port}`,
    chats,
    arrived: (count) => until(() => chats.length >= count),
    idle: () => until(() => sockets.size === 0),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}

function sendSmall(wire: Wire, path: string, names: readonly string[], response: ServerResponse) {
  const models = wire.models(names);
  const small = path === models.path ? models.body : ollamaSmall(path);
  response.writeHead(small === undefined ? 404 : 200, { "content-type": "application/json" });
  response.end(JSON.stringify(small ?? { error: "not found" }));
}

function ollamaSmall(path: string): object | undefined {
  if (path === "/api/version") return { version: "0.40.12" };
  return path === "/api/ps" ? { models: [] } : undefined;
}

async function behave(
  wire: Wire,
  behaviour: Behaviour,
  request: WireRequest,
  response: ServerResponse,
): Promise<void> {
  switch (behaviour.does) {
    case "answer": {
      const { opening, pieces, closing } = wire.stream(behaviour.answer, request);
      const bytes = Buffer.from([...opening, ...pieces, ...closing].join(""));
      response.writeHead(200, { "content-type": wire.contentType });
      await sendChunks(response, chunksOf(bytes, behaviour.chunkBytes));
      response.end();
      return;
    }
    case "status":
      response.writeHead(behaviour.status, {
        "content-type": behaviour.contentType ?? "application/json",
        ...behaviour.headers,
      });
      response.end(behaviour.body);
      return;
    case "foreign":
      response.writeHead(200, { "content-type": behaviour.contentType }).end(behaviour.body);
      return;
    case "cut-before":
      response.destroy();
      return;
    case "break":
      await breakOff(wire, behaviour, request, response);
      return;
    case "empty":
      response.writeHead(200, { "content-type": wire.contentType }).end();
      return;
    case "silence":
      response.writeHead(200, { "content-type": wire.contentType }).flushHeaders();
      if (behaviour.pings === true) ping(wire.ping ?? "", response);
      return;
    case "endless-line":
      response.writeHead(200, { "content-type": wire.contentType });
      await sendChunks(response, endless());
      return;
    default:
      behaviour satisfies never;
  }
}

async function breakOff(
  wire: Wire,
  { pieces: count, tail = "", ending }: Extract<Behaviour, { does: "break" }>,
  request: WireRequest,
  response: ServerResponse,
): Promise<void> {
  const { opening, pieces } = wire.stream({ text: "Hello, world. Hello, moon." }, request);
  response.writeHead(200, { "content-type": wire.contentType });
  response.write([...opening, ...pieces.slice(0, count)].join("") + tail);
  // What was written leaves before the socket does.
  await new Promise((resolve) => setTimeout(resolve, 20));
  if (ending === "end") response.end();
  if (ending === "destroy") response.socket?.destroy();
}

function ping(text: string, response: ServerResponse): void {
  const timer = setInterval(() => response.write(text), 5);
  response.once("close", () => clearInterval(timer));
}

function* endless(): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, "x");
  yield Buffer.from("data: {");
  for (;;) yield chunk;
}

/** Each chunk leaves as a packet of its own, so that clients meet split events and characters. */
async function sendChunks(response: ServerResponse, chunks: Iterable<Buffer>): Promise<void> {
  for (const chunk of chunks) {
    if (response.destroyed) return;
    if (!response.write(chunk)) await drainedOrClosed(response);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function drainedOrClosed(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const onEither = () => {
      response.off("drain", onEither).off("close", onEither);
      resolve();
    };
    response.on("drain", onEither).on("close", onEither);
  });
}
