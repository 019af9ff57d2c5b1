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
 * Server-sent events of `POST /v1/responses`: each named, numbered, and ended by `response.completed`
 * or `response.incomplete`, without `[DONE]`.
 *
 * @see https://platform.openai.com/docs/api-reference/responses-streaming
 * @see https://platform.openai.com/docs/guides/error-codes
 */
export const openaiResponsesWire: Wire = {
  provider: "openai",
  chatPath: "/v1/responses",
  contentType: "text/event-stream; charset=utf-8",
  ping: ": ping\n\n",
  stream: (answer, request) => {
    const write = writer();
    const response = responseOf(request, "in_progress");
    return {
      opening: [
        write("response.created", { response }),
        write("response.in_progress", { response }),
        ...reasoning(write, answer),
        write("response.output_item.added", { output_index: 1, item: message("in_progress", []) }),
        write("response.content_part.added", { ...place, part: outputText("") }),
      ],
      pieces: tokens(answer.text).map((delta) =>
        write("response.output_text.delta", { ...place, delta, logprobs: [] }),
      ),
      closing: closing(write, answer, request),
    };
  },
  errorBody: (status) =>
    JSON.stringify({
      error: {
        message: status === 404 ? "The model `m` does not exist" : `reason for ${status}`,
        type: status === 429 ? "rate_limit_error" : "invalid_request_error",
        param: null,
        code: status === 404 ? "model_not_found" : null,
      },
    }),
  contextErrorBody: JSON.stringify({
    error: {
      message: "Your input exceeds the context window of this model.",
      type: "invalid_request_error",
      param: "input",
      code: "context_length_exceeded",
    },
  }),
  streamError: sseEvent(
    {
      type: "error",
      code: "server_error",
      message: "the model crashed",
      param: null,
      sequence_number: 7,
    },
    "error",
  ),
  streamOverloaded: sseEvent(
    {
      type: "error",
      code: "server_overloaded",
      message: "we are overloaded",
      param: null,
      sequence_number: 7,
    },
    "error",
  ),
  garbage: "data: %%% this is no JSON\n\n",
  models: (names) => ({
    path: "/v1/models",
    body: {
      object: "list",
      data: names.map((id) => ({ id, object: "model", created: 1, owned_by: "openai" })),
    },
  }),
  schemaOf: (body) => at(body, "text", "format", "schema"),
  requestOf: (body) => ({ model: String(at(body, "model")), prompt: contents(at(body, "input")) }),
};

const place = { item_id: "msg_1", output_index: 1, content_index: 0 };

type Write = (type: string, fields: object) => string;

function writer(): Write {
  let number = 0;
  return (type, fields) => {
    const event = sseEvent({ type, sequence_number: number, ...fields }, type);
    number += 1;
    return event;
  };
}

function responseOf({ model }: WireRequest, status: string, rest: object = {}): object {
  const fixed = { id: "resp_1", object: "response", created_at: 1_767_225_600, error: null };
  return { ...fixed, status, incomplete_details: null, model, output: [], usage: null, ...rest };
}

function message(status: string, content: readonly object[]): object {
  return { id: "msg_1", type: "message", status, role: "assistant", content };
}

function outputText(text: string): object {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

function reasoning(write: Write, { thinking = "" }: WireAnswer): string[] {
  if (thinking === "") return [];
  const part = { item_id: "rs_1", output_index: 0, summary_index: 0 };
  const summary = { type: "summary_text", text: thinking };
  const item = (parts: readonly object[]) => ({ id: "rs_1", type: "reasoning", summary: parts });
  return [
    write("response.output_item.added", { output_index: 0, item: item([]) }),
    write("response.reasoning_summary_part.added", { ...part, part: { ...summary, text: "" } }),
    ...tokens(thinking).map((delta) =>
      write("response.reasoning_summary_text.delta", { ...part, delta }),
    ),
    write("response.reasoning_summary_part.done", { ...part, part: summary }),
    write("response.output_item.done", { output_index: 0, item: item([summary]) }),
  ];
}

function closing(write: Write, answer: WireAnswer, request: WireRequest): string[] {
  const { text, finish = "stop" } = answer;
  const item = message("completed", [outputText(text)]);
  const isWhole = finish === "stop";
  const reason = finish === "length" ? "max_output_tokens" : "content_filter";
  return [
    write("response.output_text.done", { ...place, text, logprobs: [] }),
    write("response.output_item.done", { output_index: 1, item }),
    write(isWhole ? "response.completed" : "response.incomplete", {
      response: responseOf(request, isWhole ? "completed" : "incomplete", {
        output: [item],
        usage: usageOf(answer, request),
        ...(isWhole ? {} : { incomplete_details: { reason } }),
      }),
    }),
  ];
}

function usageOf(answer: WireAnswer, request: WireRequest): object | null {
  if (answer.promptTokens === null) return null;
  const input = answer.promptTokens ?? countWords(request.prompt) + 8;
  const output = answer.outputTokens ?? tokens(answer.text).length;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: answer.cachedTokens ?? 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: answer.reasoningTokens ?? 0 },
    total_tokens: input + output,
  };
}
