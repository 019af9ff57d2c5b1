import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { turnTracingOff } from "../../src/model/tracing-off.ts";

const child = fileURLToPath(new URL("./model-tracing-child.ts", import.meta.url));

/** Runs a graph with every variable of LangSmith set, and counts the connections it makes. */
async function connectionsOf(argument: string): Promise<{ connections: number; stdout: string }> {
  let connections = 0;
  const server = createServer((_, response) => response.end("{}"));
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [child, argument], {
      env: {
        PATH: process.env["PATH"],
        LANGSMITH_TRACING: "true",
        LANGSMITH_TRACING_V2: "true",
        LANGCHAIN_TRACING: "true",
        LANGCHAIN_TRACING_V2: "true",
        LANGSMITH_API_KEY: "lsv2_test",
        LANGCHAIN_API_KEY: "lsv2_test",
        LANGSMITH_ENDPOINT: endpoint,
        LANGCHAIN_ENDPOINT: endpoint,
      },
    });
    return { connections, stdout };
  } finally {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
}

describe("turnTracingOff", () => {
  it("turnTracingOff() keeps LangGraph from connecting although its variables are set", async () => {
    expect(await connectionsOf("off")).toEqual({ connections: 0, stdout: "count 2\n" });
  });

  it("the same graph connects without it, so that the test above is not blind", async () => {
    const { connections } = await connectionsOf("on");
    expect(connections).toBeGreaterThan(0);
  });

  it("turnTracingOff() removes keys and endpoints, and leaves the rest", () => {
    const env: NodeJS.ProcessEnv = {
      LANGSMITH_API_KEY: "a",
      LANGCHAIN_ENDPOINT: "b",
      LANGCHAIN_TRACING_V2: "true",
      PATH: "c",
    };
    turnTracingOff(env);
    expect(env).toEqual({
      PATH: "c",
      LANGSMITH_TRACING: "false",
      LANGSMITH_TRACING_V2: "false",
      LANGCHAIN_TRACING: "false",
      LANGCHAIN_TRACING_V2: "false",
    });
  });
});
