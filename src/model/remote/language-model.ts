import type { LanguageModelV4, LanguageModelV4CallOptions } from "@ai-sdk/provider";
import type { JsonObject } from "../../shared/json.ts";
import type { ChatRequest } from "../chat-model.ts";
import type { RemoteServer } from "./remote-server.ts";
import { isStrictSchema } from "./strict-schema.ts";

type Fetch = typeof globalThis.fetch;

/** The packages read variables for what they are not told: address and key are always given. */
const noKey = "none";

/**
 * Loads the package of a provider, none of the others. Its own retries do not exist on this level, and
 * nothing is sent but what `fetch` sends.
 */
export async function loadLanguageModel(
  server: RemoteServer,
  model: string,
  fetch: Fetch,
): Promise<LanguageModelV4> {
  const baseURL = server.endpoint.url;
  const { key = noKey } = server;
  switch (server.kind) {
    case "openai": {
      const { createOpenAI } = await import("@ai-sdk/openai");
      return createOpenAI({ baseURL, apiKey: key, fetch }).responses(model);
    }
    case "anthropic": {
      const { createAnthropic } = await import("@ai-sdk/anthropic");
      return createAnthropic({ baseURL, apiKey: key, fetch }).messages(model);
    }
    case "compatible": {
      const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
      const common = { name: "compatible", baseURL, includeUsage: true };
      const options = { ...common, supportsStructuredOutputs: true };
      return createOpenAICompatible({
        ...options,
        fetch,
        ...(server.key === undefined ? {} : { apiKey: server.key }),
      }).chatModel(model);
    }
    default:
      return server.kind satisfies never;
  }
}

/** Longer answers than skills need; Anthropic wants a number, and refuses one above the model's. */
const anthropicAnswerTokens = 16_384;

export interface AnswerLimits {
  /** Tokens that the prompt leaves of the window. */
  readonly room: number;
  /** The most that the model gives, where it is known. */
  readonly mostTokens?: number | undefined;
}

/** What is sent, in the packages' form. */
export function callOptions(
  server: RemoteServer,
  request: ChatRequest,
  { room, mostTokens = anthropicAnswerTokens }: AnswerLimits,
  isFormatRefused: boolean,
): LanguageModelV4CallOptions {
  const format = isFormatRefused ? undefined : request.format;
  const isStrict = format !== undefined && isStrictSchema(format);
  return {
    prompt: request.messages.map(({ role, content }) =>
      role === "system" ? { role, content } : { role, content: [{ type: "text", text: content }] },
    ),
    ...(format === undefined ? {} : { responseFormat: { type: "json", schema: schemaOf(format) } }),
    ...maxOutput(server, request, Math.min(room, mostTokens)),
    // The other two take none.
    ...(server.kind === "compatible" && request.seed !== undefined ? { seed: request.seed } : {}),
    providerOptions: {
      // Else OpenAI keeps what was sent for 30 days.
      openai: { store: false, strictJsonSchema: isStrict },
      compatible: { strictJsonSchema: isStrict },
    },
  };
}

/** The others answer as long as they can unless a budget leaves less. */
function maxOutput({ kind }: RemoteServer, { maxOutputTokens }: ChatRequest, most: number) {
  if (maxOutputTokens !== undefined) {
    return { maxOutputTokens: Math.min(maxOutputTokens, most) };
  }
  return kind === "anthropic" ? { maxOutputTokens: Math.min(most, anthropicAnswerTokens) } : {};
}

/** A schema is JSON here and a type of its own there. */
function schemaOf(
  format: JsonObject,
): NonNullable<Extract<LanguageModelV4CallOptions["responseFormat"], { type: "json" }>["schema"]> {
  return format;
}
