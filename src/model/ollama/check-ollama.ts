import type { Config } from "../../config/schema.ts";
import { AgentError } from "../../shared/errors.ts";
import { nearestWords } from "../../shared/nearest-word.ts";
import { type OllamaHost, parseOllamaHost } from "../../shared/ollama-host.ts";
import { contextTokensFor, findKnownModel } from "../model-table.ts";
import {
  type ConsentPolicy,
  describeRemote,
  describeRemoteModel,
  isAllowed,
  type RemoteNotAllowed,
  remoteNotAllowed,
  requireConsent,
} from "../remote-consent.ts";
import { askModelFacts, type OllamaFacts } from "./model-facts.ts";
import { isSameModel, withTag } from "./model-names.ts";
import { type InstalledModel, OllamaClient, type PullStep } from "./ollama-client.ts";
import { ollamaRemedy, unreachableProblem } from "./ollama-errors.ts";

export type OllamaConfig = Pick<Config, "ollamaHost" | "contextTokens" | "models"> & ConsentPolicy;

/** Whether a model can be asked. `remedy`: lines a person can type. */
export type OllamaReadiness =
  | {
      readonly kind: "ready";
      readonly model: string;
      readonly contextTokens: number;
      readonly sizeBytes: number;
      readonly version: string;
      readonly thinks: boolean;
    }
  | { readonly kind: "unreachable"; readonly problem: string; readonly remedy: readonly string[] }
  | {
      readonly kind: "missing";
      readonly model: string;
      readonly installed: readonly InstalledModel[];
      readonly pullSizeBytes?: number;
    }
  | RemoteNotAllowed;

/** The host of the configuration, else OLLAMA_HOST, else the default one. */
function ollamaHostOf(config: Pick<Config, "ollamaHost">): OllamaHost {
  return parseOllamaHost(config.ollamaHost ?? process.env["OLLAMA_HOST"]);
}

export function openOllamaClient(config: Pick<Config, "ollamaHost">): OllamaClient {
  return new OllamaClient(ollamaHostOf(config), process.env["OLLAMA_API_KEY"]);
}

/**
 * Asks the server whether it is there and has the model. Sends nothing to a server that is not on
 * this machine unless `allowRemote` says so.
 *
 * @throws {AgentError} CONFIG_INVALID for an address that is none, ABORTED.
 */
export async function checkOllama(
  config: OllamaConfig,
  model: string,
  signal?: AbortSignal,
): Promise<OllamaReadiness> {
  const client = openOllamaClient(config);
  const remote = describeRemote(client.host, model);
  if (remote !== undefined && !(await isAllowed(remote, config))) {
    return remoteNotAllowed([remote], true);
  }
  try {
    const version = await client.version(signal);
    const facts = await askModelFacts(client, model, signal);
    return await describeModel(
      config,
      model,
      { version, facts },
      await client.installedModels(signal),
    );
  } catch (error) {
    if (!(error instanceof AgentError) || error.code === "ABORTED") throw error;
    const problem = unreachableProblem(client.host.url, error);
    return { kind: "unreachable", problem, remedy: remedyFor(client.host, error, model) };
  }
}

/** Starting a server here helps only where one of this machine is missing. */
function remedyFor(host: OllamaHost, error: AgentError, model: string): readonly string[] {
  return host.isLoopback && error.code === "MODEL_UNREACHABLE"
    ? ollamaRemedy(model)
    : [`curl ${host.url}/api/version   # is it an Ollama server? If not, correct OLLAMA_HOST`];
}

async function describeModel(
  config: OllamaConfig,
  model: string,
  { version, facts }: { readonly version: string; readonly facts: OllamaFacts },
  installed: readonly InstalledModel[],
): Promise<OllamaReadiness> {
  const found = installed.find((one) => isSameModel(one.name, model));
  if (found === undefined) {
    const pullSizeBytes = knownPullSize(model);
    return {
      kind: "missing",
      model,
      installed: nearestFirst(model, installed),
      ...(pullSizeBytes === undefined ? {} : { pullSizeBytes }),
    };
  }
  const remote = describeRemoteModel(model, found.remoteHost ?? facts.remoteHost);
  if (remote !== undefined && !(await isAllowed(remote, config))) {
    return remoteNotAllowed([remote], true);
  }
  const contextTokens = contextTokensFor(model, config, facts);
  const thinks = findKnownModel(model, config.models)?.thinks ?? facts.thinks ?? false;
  return { kind: "ready", model, contextTokens, sizeBytes: found.sizeBytes, version, thinks };
}

function nearestFirst(model: string, installed: readonly InstalledModel[]): InstalledModel[] {
  const names = installed.map(({ name }) => name);
  const order = nearestWords(model, names, names.length);
  return installed.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** The table's sizes are those of the default tag; other tags may be ten times as large. */
function knownPullSize(model: string): number | undefined {
  return withTag(model).endsWith(":latest") ? findKnownModel(model)?.pullSizeBytes : undefined;
}

/**
 * Pulls a model; resolves when it is installed.
 *
 * @throws {AgentError} REMOTE_NOT_ALLOWED, MODEL_… when the server cannot, ABORTED.
 */
export async function pullOllamaModel(
  config: OllamaConfig,
  model: string,
  onStep: (step: PullStep) => void,
  signal?: AbortSignal,
): Promise<void> {
  const client = openOllamaClient(config);
  await requireConsent(describeRemote(client.host, model), config);
  await client.pull(model, onStep, signal);
}
