import { access, readFile } from "node:fs/promises";
import { connect, createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { packageRoot } from "../shared/package-root.ts";
import { environmentMark, hostSocketName } from "./self-test-probes.ts";

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
  // Of no use to any runner, so no backend has a reason to show it.
  const path = join(packageRoot(), "package.json");
  await readFile(path);
  let connections = 0;
  const answerOnce = (socket: Socket): void => {
    connections += 1;
    socket.on("error", () => {});
    socket.end();
  };
  const server = createServer(answerOnce);
  const local = createServer(answerOnce);
  const port = await listen(server);
  await connectOnce(port);
  // A name in no folder; only Linux has such sockets.
  const hasLocal = process.platform === "linux";
  if (hasLocal) {
    await listen(local, `\0${hostSocketName}${port}`);
  }
  markEnvironment();
  return {
    path,
    port,
    damage: async () => {
      if (connections !== 1) {
        return `${connections - 1} connections came out of the sandbox`;
      }
      return (await exists(`${path}.written`)) ? "a file was written outside of it" : undefined;
    },
    close: async () => {
      unmarkEnvironment();
      await Promise.all([close(server), ...(hasLocal ? [close(local)] : [])]);
    },
  };
}

let marks = 0;

/** Something of the host's environment that must not come through. */
function markEnvironment(): void {
  marks += 1;
  process.env[environmentMark] = "of the host";
}

/** Self-tests may overlap: the last one takes the mark away. */
function unmarkEnvironment(): void {
  marks -= 1;
  if (marks === 0) {
    delete process.env[environmentMark];
  }
}

function listen(server: Server, name?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    const onListening = (): void => {
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    };
    if (name === undefined) {
      server.listen(0, "127.0.0.1", onListening);
    } else {
      server.listen(name, onListening);
    }
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
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
