import { AgentError } from "../../shared/errors.ts";
import {
  anthropicUrl,
  describeEndpoint,
  type Endpoint,
  openAiUrl,
} from "../../shared/server-url.ts";
import type { ModelSource } from "../model-name.ts";
import type { WindowConfig } from "../model-table.ts";
import { freeOfCharge } from "../price.ts";
import { type ConsentPolicy, describeRemoteServer, requireConsent } from "../remote-consent.ts";
import { type KeyConfig, keyRemedy, type RemoteKind, readApiKey } from "./api-key.ts";
import { RemoteModel, type RemoteModelConfig } from "./remote-model.ts";
import { RemoteServer } from "./remote-server.ts";
import { remoteContextTokens, remoteRowOf } from "./remote-windows.ts";

export type RemoteSource = Extract<ModelSource, { kind: RemoteKind }>;

export interface RemoteOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Other servers that speak like these two; for tests. */
  readonly urls?: { readonly openai?: string; readonly anthropic?: string };
}

export type RemoteConfig = RemoteModelConfig & KeyConfig & ConsentPolicy & WindowConfig;

export function endpointOf(source: RemoteSource, urls: RemoteOptions["urls"]): Endpoint {
  switch (source.kind) {
    case "openai":
      return describeEndpoint(urls?.openai ?? openAiUrl);
    case "anthropic":
      return describeEndpoint(urls?.anthropic ?? anthropicUrl);
    case "compatible":
      return source.server;
    default:
      return source satisfies never;
  }
}

/**
 * The server of a remote model, once somebody consented to it and its key is there. Nothing is sent.
 *
 * @throws {AgentError} REMOTE_NOT_ALLOWED, MODEL_REFUSED without a key, CONFIG_INVALID.
 */
export async function openServer(
  source: RemoteSource,
  config: KeyConfig & ConsentPolicy,
  { env, urls }: RemoteOptions,
): Promise<RemoteServer> {
  const endpoint = endpointOf(source, urls);
  await requireConsent(describeRemoteServer(endpoint), config);
  const key = await readApiKey(source.kind, endpoint, config, env);
  if (key === undefined && source.kind !== "compatible") {
    throw new AgentError(
      "MODEL_REFUSED",
      `Opening the model ${source.kind}:${source.model}: there is no key for it; one is wanted; ${keyRemedy(source.kind, endpoint)}.`,
      { blame: "caller" },
    );
  }
  if (key !== undefined && !endpoint.isLoopback && !endpoint.url.startsWith("https:")) {
    throw new AgentError(
      "CONFIG_INVALID",
      `Opening the model ${source.kind}:${source.model}: its key would cross the network unencrypted to ${endpoint.url}; https is wanted; correct the URL, or take the key away.`,
      { blame: "caller" },
    );
  }
  return new RemoteServer(source.kind, endpoint, key);
}

/** @param name as the user writes it. */
export async function openRemoteModel(
  name: string,
  source: RemoteSource,
  config: RemoteConfig,
  options: RemoteOptions,
): Promise<RemoteModel> {
  const server = await openServer(source, config, options);
  const outputTokensLimit = remoteRowOf(source, config.models)?.outputTokens;
  const facts = {
    name,
    model: source.model,
    contextTokens: remoteContextTokens(source, config),
    ...(outputTokensLimit === undefined ? {} : { outputTokensLimit }),
    // A server on this machine is its user's own.
    ...(server.endpoint.isLoopback ? { price: freeOfCharge } : {}),
  };
  return new RemoteModel(facts, server, config);
}
