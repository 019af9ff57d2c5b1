import { namedModels } from "../config/model-chain.ts";
import { parseModelName } from "../model/model-name.ts";
import { openOllamaClient } from "../model/ollama/check-ollama.ts";
import { askModelFacts } from "../model/ollama/model-facts.ts";
import { requireOneKeyServer } from "../model/remote/api-key.ts";
import { endpointOf } from "../model/remote/open-remote.ts";
import {
  describeRemoteModel,
  describeRemoteServer,
  isAllowed,
  type Remote,
  remoteNotAllowed,
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
  const found = await Promise.all(different.map((name) => findRemotes(config, name)));
  const remotes: Remote[] = [];
  for (const remote of found.flat()) {
    if (remote !== undefined && !(await isAllowed(remote, config))) remotes.push(remote);
  }
  const isOllama = different.every((name) => parseModelName(name).kind === "ollama");
  return remotes.length === 0 ? undefined : remoteNotAllowed(remotes, isOllama);
}

async function findRemotes(
  config: ReadinessConfig,
  name: string,
): Promise<readonly (Remote | undefined)[]> {
  const source = parseModelName(name);
  switch (source.kind) {
    case "openai":
    case "anthropic":
    case "compatible":
      return [describeRemoteServer(endpointOf(source, undefined))];
    case "ollama": {
      const client = openOllamaClient(config);
      const server = describeRemoteServer(client.host);
      const mayAsk = server === undefined || (await isAllowed(server, config));
      // One that does not answer now is asked again when the model is opened.
      const facts = mayAsk ? await askModelFacts(client, source.model) : {};
      return [server, describeRemoteModel(source.model, facts.remoteHost)];
    }
    case "embedded":
    case "replay":
    case "recordings":
      return [];
    default:
      return source satisfies never;
  }
}
