import { modelChain } from "../config/model-chain.ts";
import type { EmbeddedSource } from "../model/embedded/embedded-name.ts";
import { parseModelName } from "../model/model-name.ts";
import { findKnownModel } from "../model/model-table.ts";
import { checkOllama, openOllamaClient, pullOllamaModel } from "../model/ollama/check-ollama.ts";
import { unreachableProblem } from "../model/ollama/ollama-errors.ts";
import { type ModelServices, openModel } from "../model/open-model.ts";
import { describeRemoteServer, isAllowed } from "../model/remote-consent.ts";
import { openPackagedRecordings } from "../model/replay-model.ts";
import { AgentError } from "../shared/errors.ts";
import type { Language } from "../shared/json.ts";
import type { ModelReadiness, PulledModel, PullProgress } from "./application.ts";
import type { ModelServer } from "./parts.ts";
import type { ReadinessConfig } from "./remote-readiness.ts";

type RecordedInstead =
  | { readonly kind: "recorded"; readonly label: string }
  | { readonly kind: "unreachable"; readonly recordedGoals: readonly string[] };

/**
 * Whether the model can be asked, and what stands in for it when it cannot: the package's recorded
 * answers, if it holds any for the goal.
 */
export async function modelReadiness(
  config: ReadinessConfig,
  goal: string,
  language: Language,
  name: string,
  services: ModelServices = {},
): Promise<ModelReadiness> {
  const source = parseModelName(name);
  if (source.kind === "embedded" && (await isToDownload(source.file, config))) {
    return { kind: "missing", model: name, installed: [], isDownload: true };
  }
  if (source.kind === "recordings" || source.kind === "replay" || source.kind === "embedded") {
    const { contextTokens } = await openModel(name, config, services);
    return { kind: "ready", model: name, contextTokens };
  }
  const readiness =
    source.kind === "ollama"
      ? await checkOllama(config, source.model)
      : await (await import("./remote-readiness.ts")).remoteReadiness(config, name, source);
  if (readiness.kind === "unreachable") {
    return { ...readiness, ...(await recordedInstead(goal, language)) };
  }
  if (readiness.kind === "ready") {
    const { contextTokens } = readiness;
    const thinks = "thinks" in readiness ? readiness.thinks : undefined;
    return {
      kind: "ready",
      model: name,
      contextTokens,
      ...(thinks === undefined ? {} : { thinks }),
    };
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

/** Whether the server of the configured model answers: Ollama's, for recordings too. */
export async function modelServer(config: ReadinessConfig): Promise<ModelServer> {
  const source = parseModelName(modelChain(config.model)[0] ?? "");
  if (source.kind === "embedded") return await embeddedEngine();
  if (source.kind === "openai" || source.kind === "anthropic" || source.kind === "compatible") {
    return (await import("./remote-readiness.ts")).remoteServer(config, source);
  }
  const name = "Ollama";
  const client = openOllamaClient(config);
  const remote = describeRemoteServer(client.host);
  if (remote !== undefined && !(await isAllowed(remote, config))) {
    const problem = `${client.host.url} is not on this machine and nobody consented to it.`;
    return { kind: "unreachable", name, problem };
  }
  try {
    return { kind: "answers", name, version: await client.version(), url: client.host.url };
  } catch (error) {
    if (!(error instanceof AgentError)) {
      throw error;
    }
    return { kind: "unreachable", name, problem: unreachableProblem(client.host.url, error) };
  }
}

async function embeddedEngine(): Promise<ModelServer> {
  const { engineRemedy, engineVersion } = await import("../model/embedded/engine-package.ts");
  const version = await engineVersion();
  const name = "Embedded engine";
  return version === undefined
    ? {
        kind: "unreachable",
        name,
        problem: `node-llama-cpp is not installed; run: ${engineRemedy}`,
      }
    : { kind: "answers", name, version: `node-llama-cpp ${version}`, url: "this machine" };
}

async function isToDownload(file: EmbeddedSource, config: ReadinessConfig): Promise<boolean> {
  const { findModelFile } = await import("../model/embedded/open-embedded.ts");
  return file.kind === "hugging-face" && (await findModelFile(file, config)) === undefined;
}

/** Bytes of the model's file: as the server says, else from the table of known models. */
export async function modelSizeBytes(
  config: ReadinessConfig,
  name: string,
): Promise<number | undefined> {
  const source = parseModelName(name);
  if (source.kind === "embedded") {
    const { modelFileBytes } = await import("../model/embedded/open-embedded.ts");
    return await modelFileBytes(source.file, config);
  }
  if (source.kind !== "ollama") {
    return undefined;
  }
  const readiness = await checkOllama(config, source.model);
  return readiness.kind === "ready"
    ? readiness.sizeBytes
    : findKnownModel(source.model)?.pullSizeBytes;
}

/** @throws {AgentError} USAGE for what cannot be pulled; MODEL_… when the server or hub fails. */
export async function pullModel(
  config: ReadinessConfig,
  name: string,
  onProgress: (progress: PullProgress) => void,
  signal?: AbortSignal,
): Promise<PulledModel> {
  const source = parseModelName(name);
  if (source.kind === "embedded" && source.file.kind === "hugging-face") {
    const { pullEmbedded } = await import("../model/embedded/open-embedded.ts");
    return await pullEmbedded(source.file, config, { onProgress, signal });
  }
  if (source.kind !== "ollama") {
    throw new AgentError(
      "USAGE",
      `Pulling ${name}: it cannot be pulled, an Ollama model or embedded:hf:OWNER/REPO:QUANT is wanted; choose it with --model.`,
      { blame: "caller" },
    );
  }
  await pullOllamaModel(config, source.model, onProgress, signal);
  return {};
}
