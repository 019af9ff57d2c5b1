import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeEndpoint } from "../../shared/server-url.ts";
import { listModels } from "./list-models.ts";
import { RemoteServer } from "./remote-server.ts";

let http: Server;
let server: RemoteServer;
let answer: (write: (text: string) => boolean, end: () => void) => void;

beforeEach(async () => {
  http = createServer((_, response) => {
    response.setHeader("content-type", "application/json");
    const more = () =>
      answer(
        (text) => response.write(text),
        () => response.end(),
      );
    response.on("drain", more);
    more();
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  server = new RemoteServer("compatible", describeEndpoint(`http://127.0.0.1:${port}/v1`), "key");
});

afterEach(async () => {
  http.closeAllConnections();
  await new Promise<void>((resolve) => http.close(() => resolve()));
});

describe("listModels", () => {
  it("listModels() reads the window of a model wherever a server writes it", async () => {
    answer = (write, end) => {
      const data = [
        { id: "vllm", max_model_len: 1_000 },
        { id: "openrouter", context_length: 2_000 },
        { id: "llama.cpp", meta: { n_ctx: 3_000 } },
        { id: "silent", max_model_len: null },
      ];
      write(JSON.stringify({ data }));
      end();
    };
    expect(await listModels(server)).toEqual([
      { id: "vllm", contextTokens: 1_000 },
      { id: "openrouter", contextTokens: 2_000 },
      { id: "llama.cpp", contextTokens: 3_000 },
      { id: "silent" },
    ]);
  });

  it("listModels() gives up a list that does not end", async () => {
    const spaces = " ".repeat(256 * 1_024);
    answer = (write) => {
      while (write(spaces));
    };
    await expect(listModels(server)).rejects.toMatchObject({
      code: "MODEL_PROTOCOL",
      message: expect.stringMatching(/sent more than 16777216 bytes; a list of models is wanted/u),
    });
  });
});
