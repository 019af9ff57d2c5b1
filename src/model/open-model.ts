import type { Config } from "../config/schema.ts";
import { AgentError } from "../shared/errors.ts";
import type { ChatModel } from "./chat-model.ts";
import type { OllamaModelConfig } from "./ollama/ollama-model.ts";
import { openPackagedRecordings, openReplayModel, packagedRecordingsName } from "./replay-model.ts";

/** Where a model's name leads: the text before the first colon, when it is one of ours. */
export type ModelSource =
  | { readonly kind: "ollama"; readonly model: string }
  | { readonly kind: "replay"; readonly path: string }
  | { readonly kind: "recordings" };

/**
 * Reads a model's name: `recordings`, `replay:FILE`, `ollama:NAME`, or the name of an Ollama model.
 *
 * @throws {AgentError} USAGE for an empty name or an empty path.
 */
export function parseModelName(name: string): ModelSource {
  const text = name.trim();
  if (text === packagedRecordingsName) return { kind: "recordings" };
  const [, prefix, rest] = /^(replay|ollama):(.*)$/s.exec(text) ?? [undefined, "ollama", text];
  const target = rest?.trim() ?? "";
  if (target === "" || /[\s\p{Cc}]/u.test(prefix === "ollama" ? target : "")) {
    throw new AgentError(
      "USAGE",
      `Opening a model: ${JSON.stringify(name.slice(0, 100))} is no model's name; an Ollama model such as qwen3-coder, or replay:FILE, is wanted; correct --model.`,
      { blame: "caller" },
    );
  }
  return prefix === "replay" ? { kind: "replay", path: target } : { kind: "ollama", model: target };
}

/**
 * Opens the model that a name stands for. An Ollama server that answers is asked what it knows of the
 * model; one that does not is no error before the first call.
 *
 * @throws {AgentError} USAGE, CONFIG_INVALID, RECORDING_NOT_FOUND; REMOTE_NOT_ALLOWED when the
 * server or the model is not on this machine and nobody consented.
 */
export async function openModel(
  name: string,
  config: OllamaModelConfig & Pick<Config, "ollamaHost">,
): Promise<ChatModel> {
  const source = parseModelName(name);
  switch (source.kind) {
    case "recordings":
      return openPackagedRecordings();
    case "replay":
      return openReplayModel(name.trim(), [source.path]);
    case "ollama":
      return openOllama(source.model, config);
  }
}

/** Loaded late: a replay needs none of it. */
async function openOllama(
  model: string,
  config: OllamaModelConfig & Pick<Config, "ollamaHost">,
): Promise<ChatModel> {
  const [{ OllamaModel }, { openOllamaClient }, { requireConsent }, facts] = await Promise.all([
    import("./ollama/ollama-model.ts"),
    import("./ollama/check-ollama.ts"),
    import("./ollama/remote-consent.ts"),
    import("./ollama/model-facts.ts"),
  ]);
  const client = openOllamaClient(config);
  requireConsent(client.host, model, config.allowRemote);
  const said = await facts.askModelFacts(client, model);
  return new OllamaModel(model, client, config, undefined, said);
}
