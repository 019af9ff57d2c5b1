import { namedModels } from "../config/model-chain.ts";
import { parseModelName } from "../model/model-name.ts";
import { openOllamaClient, remoteNotAllowed } from "../model/ollama/check-ollama.ts";
import { askModelFacts } from "../model/ollama/model-facts.ts";
import { requireOneKeyServer } from "../model/remote/api-key.ts";
import { endpointOf } from "../model/remote/open-remote.ts";
import {
  describeRemote,
  describeRemoteModel,
  describeRemoteServer,
  isAllowed,
  type Remote,
} from "../model/remote-consent.ts";
import type { RemoteNotAllowed } from "./application.ts";
import type { ReadinessConfig } from "./remote-readiness.ts";

/**
 * Every place off this machine that these models lead to without consent, in one answer: whoever starts a
 * run is asked before it, not when a chain's end is reached; see `Application.remotesToAllow`.
 */
export async function remotesToAllow(
  config: ReadinessConfig,
  names: readonly string[],
): Promise<RemoteNotAllowed | undefined> {
  requireOneKeyServer([...namedModels(config), ...names], config, process.env);
  if (config.allowRemote) return undefined;
  const different = [...new Set(names)];
  const found = await Promise.all(different.map((name) => findRemote(config, name)));
  const remotes: Remote[] = [];
  for (const remote of found) {
    if (remote !== undefined && !(await isAllowed(remote, config))) remotes.push(remote);
  }
  const isOllama = different.every((name) => parseModelName(name).kind === "ollama");
  return remotes.length === 0 ? undefined : remoteNotAllowed(remotes, isOllama);
}

async function findRemote(config: ReadinessConfig, name: string): Promise<Remote | undefined> {
  const source = parseModelName(name);
  switch (source.kind) {
    case "openai":
    case "anthropic":
    case "compatible":
      return describeRemoteServer(endpointOf(source, undefined));
    case "ollama": {
      const client = openOllamaClient(config);
      const remote = describeRemote(client.host, source.model);
      if (remote !== undefined) return remote;
      // A server that does not answer now is believed when its model is opened.
      const { remoteHost } = await askModelFacts(client, source.model);
      return describeRemoteModel(source.model, remoteHost);
    }
    case "embedded":
    case "replay":
    case "recordings":
      return undefined;
    default:
      return source satisfies never;
  }
}
