import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseOllamaHost } from "../../shared/ollama-host.ts";
import { OllamaClient } from "./ollama-client.ts";

let http: Server;
let client: OllamaClient;

beforeEach(async () => {
  const lines = `${"1".repeat(1_023)}\n`.repeat(256);
  http = createServer((_, response) => {
    const more = () => {
      while (response.write(lines));
    };
    response.on("drain", more);
    more();
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const { port } = http.address() as AddressInfo;
  client = new OllamaClient(parseOllamaHost(`127.0.0.1:${port}`));
});

afterEach(async () => {
  http.closeAllConnections();
  await new Promise<void>((resolve) => http.close(() => resolve()));
});

describe("OllamaClient", () => {
  it("installedModels() gives up an answer of lines without end", async () => {
    await expect(client.installedModels()).rejects.toMatchObject({ code: "MODEL_PROTOCOL" });
  });
});
