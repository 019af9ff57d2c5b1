/*
 * The server of bench/models.ts, in a process of its own so that its work is not counted: speaks the four
 * wire formats, each at its own path. The model's name says how the answer comes.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { anthropicMessagesWire } from "../test/support/model-servers/anthropic-messages.ts";
import { chatCompletionsWire } from "../test/support/model-servers/chat-completions.ts";
import { ollamaWire } from "../test/support/model-servers/ollama.ts";
import { openaiResponsesWire } from "../test/support/model-servers/openai-responses.ts";

export const wires = [ollamaWire, openaiResponsesWire, anthropicMessagesWire, chatCompletionsWire];

export interface Scenario {
  readonly tokens: number;
  /** Before the first token. */
  readonly firstTokenMs: number;
  /** Between two tokens; 0 sends all of them as fast as they are taken. */
  readonly tokenMs: number;
}

/** `paced`: 500 tokens a second, more than the servers it stands for. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  paced: { tokens: 200, firstTokenMs: 100, tokenMs: 2 },
  one: { tokens: 1, firstTokenMs: 0, tokenMs: 0 },
  flood: { tokens: 2_000, firstTokenMs: 0, tokenMs: 0 },
};

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const wire = wires.find(({ chatPath }) => chatPath === request.url);
  if (wire === undefined) {
    response.writeHead(200, { "content-type": "application/json" }).end('{"models":[]}');
    return;
  }
  const asked = wire.requestOf(JSON.parse(Buffer.concat(parts).toString("utf8")));
  const scenario = scenarios[asked.model];
  if (scenario === undefined) throw new Error(`There is no scenario ${asked.model}`);
  const { opening, pieces, closing } = wire.stream({ text: "word".repeat(scenario.tokens) }, asked);
  response.writeHead(200, { "content-type": wire.contentType }).flushHeaders();
  // A sleep of 0 ms takes 1 ms, and would hide what a call costs.
  if (scenario.firstTokenMs > 0) await delay(scenario.firstTokenMs);
  response.write(opening.join(""));
  await send(response, pieces, scenario.tokenMs);
  response.end(closing.join(""));
}

/** To a timetable: a late token does not make the next ones late. */
async function send(response: ServerResponse, pieces: readonly string[], tokenMs: number) {
  const startMs = performance.now();
  for (const [index, piece] of pieces.entries()) {
    const aheadMs = startMs + index * tokenMs - performance.now();
    if (aheadMs > 0) await delay(aheadMs);
    if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
  }
}

if (import.meta.main) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    });
  });
  server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
  process.once("disconnect", () => process.exit());
}
