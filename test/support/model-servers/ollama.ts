import { chatLines } from "../ollama-wire.ts";
import { at, type Wire } from "./wire.ts";

/**
 * Newline-delimited JSON of `/api/chat`.
 *
 * @see https://docs.ollama.com/api/chat
 * @see https://docs.ollama.com/api/errors
 */
export const ollamaWire: Wire = {
  provider: "ollama",
  chatPath: "/api/chat",
  contentType: "application/x-ndjson",
  stream: (answer, request) => {
    const lines = chatLines(
      {
        text: answer.text,
        doneReason: answer.finish === "length" ? "length" : "stop",
        ...(answer.thinking === undefined ? {} : { thinking: answer.thinking }),
        ...(answer.promptTokens === undefined ? {} : { promptTokens: answer.promptTokens }),
        ...(answer.cachedTokens === undefined ? {} : { cachedTokens: answer.cachedTokens }),
        ...(answer.outputTokens === undefined ? {} : { outputTokens: answer.outputTokens }),
      },
      { model: request.model, messages: [{ content: request.prompt }] },
    );
    return { opening: [], pieces: lines.slice(0, -1), closing: lines.slice(-1) };
  },
  errorBody: (status) =>
    JSON.stringify({ error: status === 404 ? "model 'm' not found" : `reason for ${status}` }),
  contextErrorBody: JSON.stringify({ error: "prompt exceeds the context length" }),
  streamError: `${JSON.stringify({ error: "the runner has terminated" })}\n`,
  garbage: "%%% this is no JSON\n",
  models: (names) => ({
    path: "/api/tags",
    body: { models: names.map((name) => ({ name, model: name, size: 4_000_000_000 })) },
  }),
  schemaOf: (body) => at(body, "format"),
  requestOf: (body) => ({
    model: String(at(body, "model")),
    prompt: contents(at(body, "messages")),
  }),
};

/** The texts of a list of messages. */
export function contents(messages: unknown): string {
  const list: unknown[] = Array.isArray(messages) ? messages : [];
  return list.map((message) => textOf(at(message, "content"))).join("\n");
}

function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts: unknown[] = Array.isArray(content) ? content : [];
  return parts.map((part) => String(at(part, "text") ?? "")).join("\n");
}
