import { TypeValidationError } from "@ai-sdk/provider";
import { describe, expect, it } from "vitest";
import { describeEndpoint } from "../../shared/server-url.ts";
import { RemoteServer } from "./remote-server.ts";
import { StreamAnswer } from "./stream-answer.ts";

function answering(kind: "anthropic" | "compatible"): StreamAnswer {
  const server = new RemoteServer(kind, describeEndpoint("http://127.0.0.1:8000/v1"), undefined);
  const asked = server.asked("Asking", "m");
  return new StreamAnswer(server, { asked, maxAnswerBytes: 1_000, now: () => 0 });
}

const notRead = (value: unknown) =>
  ({ type: "error", error: new TypeValidationError({ value, cause: "no such type" }) }) as const;

describe("StreamAnswer", () => {
  it("add() passes over an event, or a delta, that Anthropic added", () => {
    const answer = answering("anthropic");
    expect(answer.add(notRead({ type: "brand_new" }))).toBe(false);
    const delta = { type: "new_delta" };
    expect(answer.add(notRead({ type: "content_block_delta", index: 0, delta }))).toBe(false);
  });

  it("add() refuses one that it knows when it is not as it should be, and all of other servers", () => {
    const known = [
      { type: "message_delta" },
      { type: "content_block_delta", delta: { type: "text_delta" } },
      { type: "content_block_delta" },
      "text",
    ];
    for (const value of known) {
      expect(() => answering("anthropic").add(notRead(value))).toThrow(/no part of an answer/u);
    }
    expect(() => answering("compatible").add(notRead({ type: "brand_new" }))).toThrow(
      /no part of an answer/u,
    );
  });

  it("finish() counts the pieces when a server counted the prompt only", () => {
    const answer = answering("compatible");
    for (const delta of ["def ", "f"]) answer.add({ type: "text-delta", id: "0", delta });
    const none = undefined;
    answer.add({
      type: "finish",
      finishReason: { unified: "stop", raw: "stop" },
      usage: {
        inputTokens: { total: 12, noCache: 12, cacheRead: none, cacheWrite: none },
        outputTokens: { total: 0, text: 0, reasoning: none },
      },
    });
    expect(answer.finish()).toMatchObject({ text: "def f", promptTokens: 12, outputTokens: 2 });
  });
});
