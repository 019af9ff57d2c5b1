import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const program = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const graph = fileURLToPath(new URL("./model-tracing-child.ts", import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-quiet-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs a script with every variable set by which a library could be told to report elsewhere. */
async function connectionsOf(script: string, args: readonly string[], hasProxy: boolean) {
  let connections = 0;
  const listener = createServer((_, response) => response.end("{}"));
  // Whatever says something; one that only knocks is another test's, at a port that was free a while ago.
  for (const event of ["request", "connect", "upgrade", "clientError"]) {
    listener.on(event, () => {
      connections += 1;
    });
  }
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const env: NodeJS.ProcessEnv = {
    PATH: process.env["PATH"],
    HOME: process.env["HOME"],
    XDG_CONFIG_HOME: process.env["XDG_CONFIG_HOME"],
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    // What goes anywhere else would come by here, since the listener stands for the proxy too.
    ...(hasProxy ? { HTTP_PROXY: endpoint, HTTPS_PROXY: endpoint, NODE_USE_ENV_PROXY: "1" } : {}),
  };
  for (const prefix of ["LANGSMITH", "LANGCHAIN"]) {
    env[`${prefix}_TRACING`] = "true";
    env[`${prefix}_TRACING_V2`] = "true";
    env[`${prefix}_API_KEY`] = "lsv2_test";
    env[`${prefix}_ENDPOINT`] = endpoint;
    env[`${prefix}_PROJECT`] = "test";
  }
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [script, ...args], {
      cwd: folder,
      env,
    });
    return { connections, stdout };
  } finally {
    listener.closeAllConnections();
    await new Promise<void>((resolve) => listener.close(() => resolve()));
  }
}

describe("the whole program with tracing and proxies set in its environment", () => {
  it("connects to nothing during a whole run on recordings", async () => {
    const goal = "Create a JSON validator skill";
    const args = ["--model", "recordings", "--language", "typescript", goal];
    const { connections, stdout } = await connectionsOf(program, args, true);
    expect(stdout).toContain("SUCCESS");
    expect(connections).toBe(0);
  });

  it("would be seen: a graph with the same variables and tracing left on does connect", async () => {
    const { connections } = await connectionsOf(graph, ["on"], false);
    expect(connections).toBeGreaterThan(0);
  });
});
