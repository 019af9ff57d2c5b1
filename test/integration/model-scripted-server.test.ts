import { describe, expect, it } from "vitest";
import { startOllamaServer } from "../support/ollama-server.ts";

const chat = (url: string) =>
  fetch(`${url}/api/chat`, {
    method: "POST",
    body: JSON.stringify({ model: "qwen3-coder", messages: [{ role: "user", content: "hi" }] }),
  });

describe("startOllamaServer", () => {
  it("close() fails when scripted replies are left over", async () => {
    const server = await startOllamaServer({ script: ["one", "two"] });
    await (await chat(server.url)).text();
    await expect(server.close()).rejects.toThrow("1 scripted replies were never asked for");
  });

  it("close() fails when a request came that nobody scripted", async () => {
    const server = await startOllamaServer({ answer: () => undefined });
    expect((await chat(server.url)).status).toBe(500);
    await expect(server.close()).rejects.toThrow(/unexpected requests: chat 0.*hi/u);
  });

  it("the stream has the shape of Ollama's own: lines of JSON, the last one closing with counts", async () => {
    const server = await startOllamaServer({
      answer: (body) => `you said ${body.messages.at(-1)?.content}`,
    });
    const response = await chat(server.url);
    expect(response.headers.get("content-type")).toBe("application/x-ndjson");
    const lines = (await response.text())
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => line.message.content).join("")).toBe("you said hi");
    expect(lines.at(-1)).toMatchObject({
      model: "qwen3-coder",
      done: true,
      done_reason: "stop",
      prompt_eval_count: expect.any(Number),
      eval_count: lines.length - 1,
    });
    expect(server.chats()).toHaveLength(1);
    await server.close();
  });
});
