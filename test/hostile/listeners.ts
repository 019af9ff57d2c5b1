import { createSocket } from "node:dgram";
import {
  type AddressInfo,
  connect,
  createServer,
  type ListenOptions,
  type Server,
  type Socket,
} from "node:net";

/** What came in at one listener. */
export interface Listener {
  readonly name: string;
  readonly port: number;
  arrived(): number;
  close(): Promise<void>;
}

/** Counts connections to a TCP port or a unix socket, and answers each as a web server would. */
export async function listenStream(
  name: string,
  where: ListenOptions,
  secret: string,
): Promise<Listener> {
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    socket.resume();
    socket.end(`HTTP/1.0 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n${secret}`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(where, resolve);
  });
  const address = server.address() as AddressInfo | string | null;
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = async (): Promise<void> => {
    for (const socket of sockets) {
      socket.destroy();
    }
    await closed(server);
  };
  return { name, port, arrived: () => connections, close };
}

/** Counts what comes in at a UDP port. */
export async function listenDatagram(name: string): Promise<Listener> {
  let datagrams = 0;
  const socket = createSocket("udp4", () => {
    datagrams += 1;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(0, "127.0.0.1", resolve);
  });
  return {
    name,
    port: socket.address().port,
    arrived: () => datagrams,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

/** A port where nobody listens: taken and given back. */
export async function freePort(): Promise<number> {
  const listener = await listenStream("free", { port: 0, host: "127.0.0.1" }, "");
  await listener.close();
  return listener.port;
}

/** Whether somebody answers at the port of this machine. */
export function isAnswered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
