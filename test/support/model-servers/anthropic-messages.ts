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
 * Server-sent events of `POST /v1/messages`: a message begins, each of its blocks begins, grows and
 * stops, `message_delta` says why it ends and what it cost, `message_stop` ends it.
 *
 * @see https://docs.anthropic.com/en/docs/build-with-claude/streaming
 * @see https://docs.anthropic.com/en/api/errors
 */
export const anthropicMessagesWire: Wire = {
  provider: "anthropic",
  chatPath: "/v1/messages",
  contentType: "text/event-stream; charset=utf-8",
  ping: sseEvent({ type: "ping" }, "ping"),
  stream: (answer, request) => ({
    opening: [
      event("message_start", { message: messageOf(answer, request) }),
      event("ping", {}),
      ...thinking(answer),
      event("content_block_start", { index: 1, content_block: blockOf(request) }),
    ],
    pieces: tokens(answer.text).map((text) =>
      event("content_block_delta", { index: 1, delta: deltaOf(request, text) }),
    ),
    closing: closing(answer, request),
  }),
  errorBody: (status) => errorOf(types.get(status) ?? "invalid_request_error", words(status)),
  contextErrorBody: errorOf(
    "invalid_request_error",
    "prompt is too long: 230000 tokens > 200000 maximum",
  ),
  streamError: `event: error\ndata: ${errorOf("api_error", "Internal server error")}\n\n`,
  streamOverloaded: `event: error\ndata: ${errorOf("overloaded_error", "Overloaded")}\n\n`,
  garbage: "event: content_block_delta\ndata: %%% this is no JSON\n\n",
  models: (names) => ({
    path: "/v1/models",
    body: {
      data: names.map((id) => ({
        type: "model",
        id,
        display_name: id,
        created_at: "2026-01-01T00:00:00Z",
      })),
      has_more: false,
      first_id: names[0] ?? null,
      last_id: names.at(-1) ?? null,
    },
  }),
  schemaOf: (body) =>
    at(body, "output_config", "format", "schema") ?? at(body, "tools", 0, "input_schema"),
  requestOf: (body) => ({
    model: String(at(body, "model")),
    isForTool: at(body, "tools", 0) !== undefined,
    prompt: `${contents([{ content: at(body, "system") }])}\n${contents(at(body, "messages"))}`,
  }),
};

const types: ReadonlyMap<number, string> = new Map([
  [401, "authentication_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [408, "timeout_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [500, "api_error"],
  [529, "overloaded_error"],
]);

function words(status: number): string {
  return status === 404 ? "model: m" : `reason for ${status}`;
}

function errorOf(type: string, message: string): string {
  return JSON.stringify({ type: "error", error: { type, message }, request_id: "req_1" });
}

function event(type: string, fields: object): string {
  return sseEvent({ type, ...fields }, type);
}

function messageOf(answer: WireAnswer, request: WireRequest): object {
  const cached = answer.cachedTokens ?? 0;
  const read = answer.promptTokens ?? countWords(request.prompt) + 8;
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: request.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      // What came from the cache is counted apart.
      input_tokens: answer.promptTokens === null ? 0 : read - cached,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: cached,
      output_tokens: 1,
    },
  };
}

function thinking({ thinking: thought = "" }: WireAnswer): string[] {
  if (thought === "") return [];
  const delta = (fields: object) => event("content_block_delta", { index: 0, delta: fields });
  return [
    event("content_block_start", {
      index: 0,
      content_block: { type: "thinking", thinking: "", signature: "" },
    }),
    ...tokens(thought).map((text) => delta({ type: "thinking_delta", thinking: text })),
    delta({ type: "signature_delta", signature: "c2lnbmVk" }),
    event("content_block_stop", { index: 0 }),
  ];
}

function blockOf({ isForTool }: WireRequest): object {
  return isForTool === true
    ? { type: "tool_use", id: "toolu_1", name: "json", input: {} }
    : { type: "text", text: "" };
}

function deltaOf({ isForTool }: WireRequest, text: string): object {
  return isForTool === true
    ? { type: "input_json_delta", partial_json: text }
    : { type: "text_delta", text };
}

const stopReasons = { stop: "end_turn", length: "max_tokens", refusal: "refusal" } as const;

function closing(answer: WireAnswer, { isForTool }: WireRequest): string[] {
  const reason = isForTool === true ? "tool_use" : stopReasons[answer.finish ?? "stop"];
  return [
    event("content_block_stop", { index: 1 }),
    event("message_delta", {
      delta: { stop_reason: reason, stop_sequence: null },
      usage: {
        output_tokens: answer.outputTokens ?? tokens(answer.text).length,
        ...(answer.reasoningTokens === undefined
          ? {}
          : { output_tokens_details: { thinking_tokens: answer.reasoningTokens } }),
      },
    }),
    event("message_stop", {}),
  ];
}
