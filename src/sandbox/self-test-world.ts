import { access, readFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { fileURLToPath } from "node:url";

/** What the probes attack: things that are really there, so that a refusal means something. */
export interface SelfTestWorld {
  /** A file the host can read. */
  readonly path: string;
  /** A port of this machine that answers the host. */
  readonly port: number;
  /** Says what reached the world from inside, or undefined. */
  damage(): Promise<string | undefined>;
  close(): Promise<void>;
}

/** @throws {Error} when the host itself cannot reach the file or the port: nothing can be proved then. */
export async function createSelfTestWorld(): Promise<SelfTestWorld> {
  const path = fileURLToPath(import.meta.url);
  await readFile(path);
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => {});
    socket.end();
  });
  const port = await listen(server);
  await connectOnce(port);
  return {
    path,
    port,
    damage: async () => {
      if (connections !== 1) {
        return `${connections - 1} connections came out of the sandbox`;
      }
      return (await exists(`${path}.written`))
        ? "a file was written beside the program"
        : undefined;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function connectOnce(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", reject);
    // Ended by the server, so it has been counted there.
    socket.once("close", () => resolve());
    socket.resume();
  });
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}
