import type { Config } from "../config/schema.ts";
import { findKnownModel } from "../model/model-table.ts";
import { checkOllama, openOllamaClient, pullOllamaModel } from "../model/ollama/check-ollama.ts";
import { unreachableProblem } from "../model/ollama/ollama-errors.ts";
import { openModel, parseModelName } from "../model/open-model.ts";
import { openPackagedRecordings } from "../model/replay-model.ts";
import { AgentError } from "../shared/errors.ts";
import type { Language } from "../shared/json.ts";
import type { ModelReadiness, PullProgress } from "./application.ts";
import type { ModelServer } from "./parts.ts";

type RecordedInstead =
  | { readonly kind: "recorded"; readonly label: string }
  | { readonly kind: "unreachable"; readonly recordedGoals: readonly string[] };

/**
 * Whether the model can be asked, and what stands in for it when it cannot: the package's recorded
 * answers, if it holds any for the goal.
 */
export async function modelReadiness(
  config: Config,
  goal: string,
  language: Language,
  name: string,
): Promise<ModelReadiness> {
  const source = parseModelName(name);
  if (source.kind !== "ollama") {
    const { contextTokens } = await openModel(name, config);
    return { kind: "ready", model: name, contextTokens };
  }
  const readiness = await checkOllama(config, source.model);
  if (readiness.kind === "unreachable") {
    return { ...readiness, ...(await recordedInstead(goal, language)) };
  }
  if (readiness.kind === "ready") {
    const { contextTokens, thinks } = readiness;
    return { kind: "ready", model: name, contextTokens, thinks };
  }
  return readiness;
}

async function recordedInstead(goal: string, language: Language): Promise<RecordedInstead> {
  const recordings = await openPackagedRecordings();
  return recordings.holds(goal, language)
    ? { kind: "recorded", label: recordings.recordingLabel ?? "recorded answers" }
    : {
        kind: "unreachable",
        recordedGoals: recordings.goals
          .filter((recorded) => (recorded.language ?? language) === language)
          .map((recorded) => recorded.goal),
      };
}

/** Whether the configured Ollama server answers; nothing but its version is asked. */
export async function modelServer(config: Config): Promise<ModelServer> {
  const client = openOllamaClient(config);
  if (!client.host.isLoopback && !config.allowRemote) {
    const problem = `${client.host.url} is not on this machine and nobody consented to it.`;
    return { kind: "unreachable", problem };
  }
  try {
    return { kind: "answers", version: await client.version(), url: client.host.url };
  } catch (error) {
    if (!(error instanceof AgentError)) {
      throw error;
    }
    return { kind: "unreachable", problem: unreachableProblem(client.host.url, error) };
  }
}

/** Bytes of the model's file: as the server says, else from the table of known models. */
export async function modelSizeBytes(config: Config, name: string): Promise<number | undefined> {
  const source = parseModelName(name);
  if (source.kind !== "ollama") {
    return undefined;
  }
  const readiness = await checkOllama(config, source.model);
  return readiness.kind === "ready"
    ? readiness.sizeBytes
    : findKnownModel(source.model)?.pullSizeBytes;
}

/** @throws {AgentError} USAGE for a recording's name; MODEL_… when the server cannot pull it. */
export async function pullModel(
  config: Config,
  name: string,
  onProgress: (progress: PullProgress) => void,
  signal?: AbortSignal,
): Promise<void> {
  const source = parseModelName(name);
  if (source.kind !== "ollama") {
    throw new AgentError(
      "USAGE",
      `Pulling ${name}: it is a recording, the name of an Ollama model is wanted.`,
      { blame: "caller" },
    );
  }
  await pullOllamaModel(config, source.model, onProgress, signal);
}
