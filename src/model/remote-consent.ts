import type { Config } from "../config/schema.ts";
import { AgentError } from "../shared/errors.ts";
import { isCloudModel, ollamaCloud } from "../shared/model-destination.ts";
import { isOllamaCom } from "../shared/ollama-host.ts";

/** What persons consented to, beside `allowRemote`, which is consent to everything. */
export interface Consents {
  /** @param destination an origin, `https://api.openai.com`. */
  has(destination: string): Promise<boolean>;
}

export type ConsentPolicy = Pick<Config, "allowRemote"> & { readonly consents?: Consents };

/** Somewhere outside this machine. */
export interface Remote {
  readonly destination: string;
  /** Why it is: `the server http://… is not on this machine`. */
  readonly reason: string;
}

/** What goes there, for whoever is asked. */
const whatLeaves =
  "goals with their examples, contracts and test cases, the code and what it printed or raised, and what is recalled of earlier runs";

/** Lines a person can type to allow it, or to avoid it. */
function remoteRemedy(isOllama: boolean): readonly string[] {
  return [
    "--allow-remote   # or AUTODIDACT_ALLOW_REMOTE=true, to consent",
    isOllama
      ? "unset OLLAMA_HOST   # and choose a model without -cloud, to stay on this machine"
      : "--model qwen3-coder   # or another model of Ollama, to stay on this machine",
  ];
}

interface Server {
  readonly url: string;
  readonly isLoopback: boolean;
}

/** Says what would leave this machine, or undefined when nothing does. */
export function describeRemote(host: Server, model: string): Remote | undefined {
  return describeRemoteServer(host) ?? describeRemoteModel(model, undefined);
}

export function describeRemoteServer({ url, isLoopback }: Server): Remote | undefined {
  if (isLoopback) return undefined;
  return { destination: new URL(url).origin, reason: `the server ${url} is not on this machine` };
}

/** For a model of a local Ollama, which may pass it on. */
export function describeRemoteModel(
  model: string,
  remoteHost: string | undefined,
): Remote | undefined {
  if (remoteHost !== undefined) {
    return {
      destination: originOf(remoteHost),
      reason: `the model ${model} runs on ${remoteHost}`,
    };
  }
  return isCloudModel(model)
    ? { destination: ollamaCloud, reason: `the model ${model} runs in Ollama's cloud` }
    : undefined;
}

/** Ollama names its cloud with its port, which the origin of a URL leaves out. */
function originOf(host: string): string {
  const url = host.includes("://") ? host : `https://${host}`;
  return URL.canParse(url) ? new URL(url).origin : host;
}

/** True where Ollama's own servers answer, for which it asks money. */
export function isSoldByOllama({ url }: Server, model: string): boolean {
  return isCloudModel(model) || isOllamaCom(url);
}

export async function isAllowed(remote: Remote, policy: ConsentPolicy): Promise<boolean> {
  return policy.allowRemote || (await policy.consents?.has(remote.destination)) === true;
}

/** `destinations`: what consent is given to, each once; the problem says what would go there. */
export interface RemoteNotAllowed {
  readonly kind: "remote-not-allowed";
  readonly problem: string;
  readonly remedy: readonly string[];
  readonly destinations: readonly string[];
}

export function remoteNotAllowed(remotes: readonly Remote[], isOllama: boolean): RemoteNotAllowed {
  const destinations = [...new Set(remotes.map(({ destination }) => destination))];
  const reasons = new Set(remotes.map(({ reason }) => reason));
  return {
    kind: "remote-not-allowed",
    problem: `Goals and code would leave this machine: ${[...reasons].join("; ")}. What goes to ${destinations.join(" and to ")}: ${whatLeaves}. Your consent is wanted.`,
    remedy: remoteRemedy(isOllama),
    destinations,
  };
}

/** @throws {AgentError} REMOTE_NOT_ALLOWED when something would leave this machine without consent. */
export async function requireConsent(
  remote: Remote | undefined,
  policy: ConsentPolicy,
): Promise<void> {
  if (remote === undefined || (await isAllowed(remote, policy))) return;
  throw new AgentError(
    "REMOTE_NOT_ALLOWED",
    `Using a model: ${remote.reason}, so ${whatLeaves} would leave this machine for ${remote.destination}; your consent is wanted; give --allow-remote, or choose a local server and model.`,
    { blame: "caller" },
  );
}
