import { AgentError } from "../../shared/errors.ts";
import type { OllamaHost } from "./host.ts";
import { isCloudModel } from "./model-names.ts";

/** Lines a person can type to allow it, or to avoid it. */
export const remoteRemedy: readonly string[] = [
  "--allow-remote   # or AUTODIDACT_ALLOW_REMOTE=true, to consent",
  "unset OLLAMA_HOST   # and choose a model without -cloud, to stay on this machine",
];

/** Says what would leave this machine, or undefined when nothing does. */
export function describeRemote(host: OllamaHost, model: string): string | undefined {
  if (!host.isLoopback) return `the server ${host.url} is not on this machine`;
  return describeRemoteModel(model, undefined);
}

function describeRemoteModel(model: string, remoteHost: string | undefined): string | undefined {
  if (remoteHost !== undefined) return `the model ${model} runs on ${remoteHost}`;
  return isCloudModel(model) ? `the model ${model} runs in Ollama's cloud` : undefined;
}

/** True where Ollama's own servers answer, for which it asks money. */
export function isSoldByOllama(host: OllamaHost, model: string): boolean {
  return isCloudModel(model) || /^https?:\/\/(?:[^/]+\.)?ollama\.com[:/]/.test(`${host.url}/`);
}

/** @throws {AgentError} REMOTE_NOT_ALLOWED when something would leave this machine without consent. */
export function requireConsent(host: OllamaHost, model: string, allowRemote: boolean): void {
  refuse(describeRemote(host, model), allowRemote);
}

/** The same for a model about which the server was asked. */
export function requireConsentForModel(
  model: string,
  remoteHost: string | undefined,
  allowRemote: boolean,
): void {
  refuse(describeRemoteModel(model, remoteHost), allowRemote);
}

function refuse(reason: string | undefined, allowRemote: boolean): void {
  if (reason === undefined || allowRemote) return;
  throw new AgentError(
    "REMOTE_NOT_ALLOWED",
    `Using a model: ${reason}, so goals and code would leave this machine; your consent is wanted; give --allow-remote, or choose a local server and model.`,
    { blame: "caller" },
  );
}
