import { configSchema } from "../../../src/config/schema.ts";
import type { ChatModel } from "../../../src/model/chat-model.ts";
import { type ModelConfig, type ModelServices, openModel } from "../../../src/model/open-model.ts";
import { anthropicMessagesWire } from "./anthropic-messages.ts";
import { chatCompletionsWire } from "./chat-completions.ts";
import { ollamaWire } from "./ollama.ts";
import { openaiResponsesWire } from "./openai-responses.ts";
import type { Wire } from "./wire.ts";

/** Found in no text, file or message but a request's headers. */
export const canaryKey = "canary-K3y-0123456789abcdef";

export interface Driver {
  readonly wire: Wire;
  /** Opens the model `m` of a server at this URL, which has no path. */
  open(
    url: string,
    config?: Partial<ModelConfig>,
    services?: ModelServices,
    model?: string,
  ): Promise<ChatModel>;
}

const defaults: ModelConfig = { ...configSchema.parse({}), maxModelRetries: 0 };
const env = {
  OPENAI_API_KEY: canaryKey,
  ANTHROPIC_API_KEY: canaryKey,
  COMPATIBLE_API_KEY: canaryKey,
};

/** The four providers that a server answers for. */
export const drivers: readonly Driver[] = [
  {
    wire: ollamaWire,
    open: (url, config, services, model = "m") =>
      openModel(model, { ...defaults, ollamaHost: url, ...config }, { env, ...services }),
  },
  {
    wire: openaiResponsesWire,
    open: (url, config, services, model = "m") =>
      openModel(
        `openai:${model}`,
        { ...defaults, ...config },
        { env, urls: { openai: `${url}/v1` }, ...services },
      ),
  },
  {
    wire: anthropicMessagesWire,
    open: (url, config, services, model = "m") =>
      openModel(
        `anthropic:${model}`,
        { ...defaults, ...config },
        { env, urls: { anthropic: `${url}/v1` }, ...services },
      ),
  },
  {
    wire: chatCompletionsWire,
    open: (url, config, services, model = "m") =>
      openModel(`compatible:${model}@${url}/v1`, { ...defaults, ...config }, { env, ...services }),
  },
];
