import { contents } from "./ollama.ts";
import {
  at,
  countWords,
  sseEvent,
  tokens,
  type Wire,
  type WireAnswer,
  type WireRequest,
} from "./wire.ts";

/**
 * Server-sent events of `POST /v1/chat/completions`, as OpenAI defined them and vLLM, llama.cpp, LM
 * Studio and OpenRouter speak them: chunks without names, usage in one of its own, `[DONE]` last.
 * Thinking stands in `reasoning_content`.
 *
 * @see https://platform.openai.com/docs/api-reference/chat-streaming
 * @see https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html
 * @see https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
 */
export const chatCompletionsWire: Wire = {
  provider: "compatible",
  chatPath: "/v1/chat/completions",
  contentType: "text/event-stream; charset=utf-8",
  // OpenRouter's own words.
  ping: ": OPENROUTER PROCESSING\n\n",
  stream: (answer, request) => {
    const { finish = "stop" } = answer;
    const reason = finish === "refusal" ? "content_filter" : finish;
    return {
      opening: [
        chunk(request, { role: "assistant", content: "" }),
        ...tokens(answer.thinking ?? "").map((text) => chunk(request, { reasoning_content: text })),
      ],
      pieces: tokens(answer.text).map((content) => chunk(request, { content })),
      closing: [chunk(request, {}, reason), ...usage(answer, request), "data: [DONE]\n\n"],
    };
  },
  errorBody: (status) =>
    JSON.stringify({
      error: {
        message: status === 404 ? "The model `m` does not exist." : `reason for ${status}`,
        type: status === 404 ? "NotFoundError" : "BadRequestError",
        param: null,
        code: status,
      },
    }),
  contextErrorBody: JSON.stringify({
    error: {
      code: 400,
      message: "the request exceeds the available context size, try increasing it",
      type: "exceed_context_size_error",
    },
  }),
  streamError: sseEvent({ error: { message: "the engine died", type: "server_error", code: 500 } }),
  streamOverloaded: sseEvent({
    error: { message: "no room", type: "unavailable_error", code: 503 },
  }),
  garbage: "data: %%% this is no JSON\n\n",
  models: (names) => ({
    path: "/v1/models",
    body: {
      object: "list",
      data: names.map((id) => ({ id, object: "model", owned_by: "vllm", max_model_len: 65_536 })),
    },
  }),
  schemaOf: (body) => at(body, "response_format", "json_schema", "schema"),
  requestOf: (body) => ({
    model: String(at(body, "model")),
    prompt: contents(at(body, "messages")),
  }),
};

function chunk({ model }: WireRequest, delta: object, finish: string | null = null): string {
  return sseEvent({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    created: 1_767_225_600,
    model,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
  });
}

function usage(answer: WireAnswer, request: WireRequest): string[] {
  if (answer.promptTokens === null) return [];
  const prompt = answer.promptTokens ?? countWords(request.prompt) + 8;
  const completion = answer.outputTokens ?? tokens(answer.text).length;
  return [
    sseEvent({
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1_767_225_600,
      model: request.model,
      choices: [],
      usage: {
        prompt_tokens: prompt,
        completion_tokens: completion,
        total_tokens: prompt + completion,
        prompt_tokens_details: { cached_tokens: answer.cachedTokens ?? 0 },
        completion_tokens_details: { reasoning_tokens: answer.reasoningTokens ?? 0 },
      },
    }),
  ];
}
