import { namedModels } from "../config/model-chain.ts";
import type { Config } from "../config/schema.ts";
import { describeNearest } from "../model/nearest-models.ts";
import { requireOneKeyServer } from "../model/remote/api-key.ts";
import { listModels, type ServedModel } from "../model/remote/list-models.ts";
import { endpointOf, openServer, type RemoteSource } from "../model/remote/open-remote.ts";
import { remoteContextTokens } from "../model/remote/remote-windows.ts";
import { describeRemoteServer, isAllowed, remoteNotAllowed } from "../model/remote-consent.ts";
import { AgentError } from "../shared/errors.ts";
import type { ModelReadiness } from "./application.ts";
import type { ModelServer } from "./parts.ts";

type RemoteReadiness = Exclude<ModelReadiness, { kind: "recorded" | "missing" }>;

/** Settings, and what was consented to. */
export type ReadinessConfig = Config & Parameters<typeof isAllowed>[1];

/**
 * Whether a remote model can be asked: somebody consented, its key is there, and its server has it.
 *
 * @throws {AgentError} MODEL_MISSING with the nearest names, MODEL_REFUSED, CONFIG_INVALID.
 */
export async function remoteReadiness(
  config: ReadinessConfig,
  name: string,
  source: RemoteSource,
): Promise<RemoteReadiness> {
  const endpoint = endpointOf(source, undefined);
  const remote = describeRemoteServer(endpoint);
  if (remote !== undefined && !(await isAllowed(remote, config))) {
    return remoteNotAllowed([remote], false);
  }
  const served = await askServed(config, source);
  if (served instanceof AgentError) {
    return { kind: "unreachable", problem: served.message, remedy: reachRemedy(endpoint.url) };
  }
  requireServed(name, source.model, served);
  const told = served.find(({ id }) => id === source.model)?.contextTokens;
  const contextTokens = remoteContextTokens(source, config);
  if (told !== undefined && told < contextTokens) throw tooSmall(name, told, contextTokens);
  return { kind: "ready", model: name, contextTokens };
}

/** The models of the server; the error when it does not answer. */
async function askServed(
  config: ReadinessConfig,
  source: RemoteSource,
): Promise<readonly ServedModel[] | AgentError> {
  // As listing the models sends the key, too.
  requireOneKeyServer(namedModels(config), config, process.env);
  try {
    return await listModels(await openServer(source, config, { env: process.env }));
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    if (error.code === "MODEL_UNREACHABLE") return error;
    // Some servers have no such list, and answer chats all the same.
    if (error.code === "MODEL_PROTOCOL") return [{ id: source.model }];
    throw error;
  }
}

/** What `doctor` says of the server of a remote model. */
export async function remoteServer(
  config: ReadinessConfig,
  source: RemoteSource,
): Promise<ModelServer> {
  const name = "Model server";
  try {
    const served = await askServed(config, source);
    if (served instanceof AgentError) return { kind: "unreachable", name, problem: served.message };
    const { url } = endpointOf(source, undefined);
    return { kind: "answers", name, version: "it answers", url };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { kind: "unreachable", name, problem: error.message };
  }
}

function reachRemedy(url: string): readonly string[] {
  return [`curl -i ${url}/models   # does it answer? If not, correct the URL or start the server`];
}

/** `claude-sonnet-4-5` stands for the dated one, which is the one in the list. */
function requireServed(name: string, model: string, served: readonly ServedModel[]): void {
  const isServed = served.some(({ id }) => id === model || id.startsWith(`${model}-`));
  if (isServed || model.endsWith("-latest")) return;
  const nearest = describeNearest(
    model,
    served.map(({ id }) => id),
  );
  throw new AgentError(
    "MODEL_MISSING",
    `Opening the model ${name}: its server has no such model, one that it has is wanted; choose it with --model. ${nearest}`,
    { blame: "caller" },
  );
}

function tooSmall(name: string, told: number, counted: number): AgentError {
  return new AgentError(
    "MODEL_CONTEXT_OVERFLOW",
    `Opening the model ${name}: its server gives it a window of ${told} tokens, ${counted} were counted on; one that is known is wanted; give --set contextTokens=${told}.`,
    { blame: "caller" },
  );
}
