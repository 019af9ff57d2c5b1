import { AgentError } from "./errors.ts";
import {
  anthropicUrl,
  describeEndpoint,
  type Endpoint,
  openAiUrl,
  parseServerUrl,
} from "./server-url.ts";

export const modelSchemes = [
  "ollama",
  "openai",
  "anthropic",
  "compatible",
  "embedded",
  "replay",
] as const;
export type ModelScheme = (typeof modelSchemes)[number];

/** Where Ollama's cloud models run. */
export const ollamaCloud = "https://ollama.com";

/** The scheme of a model's name, which no other name may have, and what stands behind it. */
export function splitModelName(name: string): { scheme?: ModelScheme; target: string } {
  const text = name.trim();
  const colon = text.indexOf(":");
  const prefix = text.slice(0, Math.max(0, colon)).toLowerCase();
  const scheme = modelSchemes.find((one) => one === prefix);
  return scheme === undefined ? { target: text } : { scheme, target: text.slice(colon + 1).trim() };
}

/**
 * Reads `NAME@URL`. The name may hold an @ itself: the URL begins behind the first one that a scheme
 * follows, else behind the last.
 *
 * @throws {AgentError} USAGE
 */
export function readCompatible(target: string): { model: string; server: Endpoint } {
  const mark = target.search(/@[a-z][a-z\d+.-]*:\/\//i);
  const at = mark === -1 ? target.lastIndexOf("@") : mark;
  const model = target.slice(0, Math.max(0, at));
  if (model === "") {
    throw new AgentError(
      "USAGE",
      `Opening a model: ${JSON.stringify(`compatible:${target.slice(0, 100)}`)} names no server; compatible:NAME@URL is wanted, as in compatible:qwen3@http://127.0.0.1:8000/v1; correct --model.`,
      { blame: "caller" },
    );
  }
  return { model, server: parseServerUrl(target.slice(at + 1)) };
}

/** True for a model that Ollama runs on its own servers: `gpt-oss:120b-cloud`, `glm-4.6:cloud`. */
export function isCloudModel(name: string): boolean {
  return /[-:]cloud$/i.test(name.trim());
}

/**
 * Where a model's name leads off this machine, as an origin; undefined where it leads nowhere else. Of an
 * Ollama model the name tells only whether Ollama's cloud runs it: whose server is asked the settings say.
 *
 * @throws {AgentError} USAGE for a `compatible:` name whose server cannot be read.
 */
export function destinationOf(name: string): string | undefined {
  const { scheme, target } = splitModelName(name);
  switch (scheme) {
    case "openai":
      return describeEndpoint(openAiUrl).origin;
    case "anthropic":
      return describeEndpoint(anthropicUrl).origin;
    case "compatible": {
      const { server } = readCompatible(target);
      return server.isLoopback ? undefined : server.origin;
    }
    case "embedded":
    case "replay":
      return undefined;
    case "ollama":
    case undefined:
      return isCloudModel(target) ? ollamaCloud : undefined;
    default:
      return scheme satisfies never;
  }
}

/** True as well where the name's server cannot be read: a stranger may have written it. */
export function leadsElsewhere(name: string): boolean {
  try {
    return destinationOf(name) !== undefined;
  } catch (error) {
    if (error instanceof AgentError) return true;
    throw error;
  }
}
