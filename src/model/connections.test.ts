import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Connections, type SendRequest } from "./connections.ts";

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const sayYes: Answer = (_, response) => response.end("yes");
const cut: Answer = (request) => request.socket.destroy();
/** Of each request's socket, in the order of requests. */
let sockets: Socket[];
let script: Answer[];
let url: string;
let stop: () => Promise<void>;

beforeEach(async () => {
  sockets = [];
  script = [];
  const server = createServer((request, response) => {
    sockets.push(request.socket);
    (script.shift() ?? sayYes)(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  stop = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
});
afterEach(async () => stop());

function asking(signal: AbortSignal = new AbortController().signal) {
  return async (send: SendRequest) => {
    const { body } = await send({ url, method: "POST", headers: {}, body: "?", signal });
    return text(body);
  };
}

function closed(socket: Socket | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (socket === undefined || socket.destroyed) resolve();
    else socket.once("close", () => resolve());
  });
}

describe("Connections", () => {
  it("use() gives a call the connection of the one before, which is closed when idle", async () => {
    const connections = new Connections();
    expect(await connections.use(asking())).toBe("yes");
    expect(await connections.use(asking())).toBe("yes");
    expect(new Set(sockets).size).toBe(1);
    await closed(sockets[0]);
  });

  it("use() gives calls at once a connection each", async () => {
    const connections = new Connections();
    await Promise.all([connections.use(asking()), connections.use(asking())]);
    expect(new Set(sockets).size).toBe(2);
  });

  it("use() closes the connection of a call that throws, and of no other", async () => {
    const connections = new Connections();
    const endings: (() => void)[] = [];
    script = [(_, response) => endings.push(() => response.end("late"))];
    const other = connections.use(asking());
    const failing = connections.use(async (send) => {
      await asking()(send);
      throw new TypeError("mine");
    });
    await expect(failing).rejects.toThrow("mine");
    expect(await connections.use(asking())).toBe("yes");
    expect(new Set(sockets).size).toBe(3);
    await closed(sockets[1]);
    for (const end of endings) end();
    expect(await other).toBe("late");
  });

  it("use() closes the connection of a call that is aborted while it is answered", async () => {
    const controller = new AbortController();
    script = [
      (_, response) => {
        response.write("half");
        setImmediate(() => controller.abort());
      },
    ];
    await expect(new Connections().use(asking(controller.signal))).rejects.toThrow(/abort/u);
    await closed(sockets[0]);
  });

  it("use() asks once more when the server had closed the kept connection", async () => {
    const connections = new Connections();
    script = [sayYes, cut, sayYes];
    await connections.use(asking());
    expect(await connections.use(asking())).toBe("yes");
    expect(new Set(sockets).size).toBe(2);
    expect(sockets).toHaveLength(3);
  });

  it("use() asks once only when a new connection is cut", async () => {
    const connections = new Connections();
    script = [cut];
    await expect(connections.use(asking())).rejects.toThrow(/closed|hang up|reset/u);
    expect(sockets).toHaveLength(1);
    // Two in a row: the second came over a new one.
    script = [sayYes, cut, cut];
    await connections.use(asking());
    await expect(connections.use(asking())).rejects.toThrow(/closed|hang up|reset/u);
    expect(sockets).toHaveLength(4);
  });
});
