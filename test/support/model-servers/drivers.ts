import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
};

/** A key for a server of this machine stands in a file; one that is opened has read it. */
async function openWithKeyFile(
  url: string,
  model: string,
  config: ModelConfig,
  services: ModelServices,
): Promise<ChatModel> {
  const folder = await mkdtemp(join(tmpdir(), "autodidact-key-"));
  try {
    const path = join(folder, "key");
    await writeFile(path, canaryKey, { mode: 0o600 });
    const keyed = { ...config, compatibleKeyFiles: { [url]: path } };
    return await openModel(`compatible:${model}@${url}/v1`, keyed, services);
  } finally {
    await rm(folder, { recursive: true });
  }
}

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
      services?.env === undefined
        ? openWithKeyFile(url, model, { ...defaults, ...config }, { env: {}, ...services })
        : openModel(`compatible:${model}@${url}/v1`, { ...defaults, ...config }, services),
  },
];
