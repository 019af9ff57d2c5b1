import type { Config } from "../config/schema.ts";
import { CallQueues } from "./call-queue.ts";
import type { ChatModel } from "./chat-model.ts";
import type { EmbeddedConfig, EmbeddedModels } from "./embedded/open-embedded.ts";
import { parseModelName } from "./model-name.ts";
import type { OllamaModelConfig } from "./ollama/ollama-model.ts";
import { type Patience, PatientModel, realWait } from "./patient-model.ts";
import type { RemoteConfig, RemoteOptions } from "./remote/open-remote.ts";
import { describeRemote, describeRemoteModel, requireConsent } from "./remote-consent.ts";
import { openPackagedRecordings, openReplayModel } from "./replay-model.ts";

export type ModelConfig = OllamaModelConfig &
  EmbeddedConfig &
  RemoteConfig &
  Pick<Config, "ollamaHost" | "maxParallelCalls" | "maxModelRetries" | "maxModelWaitMs">;

/** What models of one process share; each has a default of its own. */
export interface ModelServices
  extends Partial<RemoteOptions>,
    Partial<Pick<Patience, "random" | "wait">> {
  readonly queues?: CallQueues;
  /** Asked for when a model is embedded; whoever gave it closes it. */
  readonly embedded?: () => Promise<EmbeddedModels>;
}

/**
 * Opens the model that a name stands for. An Ollama server that answers is asked what it knows of the
 * model; one that does not is no error before the first call.
 *
 * @throws {AgentError} USAGE, CONFIG_INVALID, RECORDING_NOT_FOUND; REMOTE_NOT_ALLOWED when the
 * server or the model is not on this machine and nobody consented; MODEL_REFUSED without its key;
 * MODEL_MISSING, MODEL_ENGINE_MISSING, MODEL_FILE_DAMAGED and MODEL_TOO_LARGE for an embedded one.
 */
export async function openModel(
  name: string,
  config: ModelConfig,
  services: ModelServices = {},
): Promise<ChatModel> {
  const source = parseModelName(name);
  switch (source.kind) {
    case "recordings":
      return openPackagedRecordings();
    case "replay":
      return openReplayModel(name.trim(), [source.path]);
    case "ollama":
      return patient(await openOllama(source.model, config), "ollama", config, services);
    case "openai":
    case "anthropic":
    case "compatible": {
      const { openRemoteModel } = await import("./remote/open-remote.ts");
      const options = { env: services.env ?? process.env, urls: services.urls ?? {} };
      const model = await openRemoteModel(name.trim(), source, config, options);
      return patient(model, source.kind, config, services);
    }
    case "embedded": {
      const models = await (services.embedded ?? openEmbeddedModels)();
      return models.open(name.trim(), source.file, config);
    }
    default:
      return source satisfies never;
  }
}

export async function openEmbeddedModels(): Promise<EmbeddedModels> {
  const { EmbeddedModels } = await import("./embedded/open-embedded.ts");
  return new EmbeddedModels();
}

/** Loaded late: a replay needs none of it. */
async function openOllama(model: string, config: ModelConfig): Promise<ChatModel> {
  const [{ OllamaModel }, { openOllamaClient }, facts] = await Promise.all([
    import("./ollama/ollama-model.ts"),
    import("./ollama/check-ollama.ts"),
    import("./ollama/model-facts.ts"),
  ]);
  const client = openOllamaClient(config);
  await requireConsent(describeRemote(client.host, model), config);
  const said = await facts.askModelFacts(client, model);
  // A model of a server here may be passed on to another machine.
  await requireConsent(describeRemoteModel(model, said.remoteHost), config);
  return new OllamaModel(model, client, config, undefined, said);
}

function patient(
  model: ChatModel,
  provider: keyof Config["maxParallelCalls"],
  config: ModelConfig,
  { queues = new CallQueues(), random = Math.random, wait = realWait }: ModelServices,
): ChatModel {
  return new PatientModel(model, {
    queue: queues.of(provider, config.maxParallelCalls[provider]),
    maxRetries: config.maxModelRetries,
    maxWaitMs: config.maxModelWaitMs,
    random,
    wait,
  });
}
