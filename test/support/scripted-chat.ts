import type { ChatModel, ChatRequest } from "../../src/model/chat-model.ts";

/** A model that answers by role and order of the call, in this process. */
export function scriptedChat(
  answer: (request: ChatRequest) => string,
  around: {
    readonly asked?: (request: ChatRequest) => Promise<void> | void;
    readonly answered?: (request: ChatRequest) => Promise<void> | void;
  } = {},
): ChatModel {
  return {
    name: "scripted",
    contextTokens: 32_768,
    async chat(request) {
      await around.asked?.(request);
      const text = answer(request);
      await around.answered?.(request);
      const usage = { promptTokens: 10, outputTokens: 5, durationMs: 1, firstTokenMs: 1 };
      return { text, thinking: "", model: "scripted", ...usage };
    },
  };
}
