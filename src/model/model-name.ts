import { AgentError } from "../shared/errors.ts";
import {
  type ModelScheme,
  modelSchemes,
  readCompatible,
  splitModelName,
} from "../shared/model-destination.ts";
import { editDistance } from "../shared/nearest-word.ts";
import type { Endpoint } from "../shared/server-url.ts";
import { type EmbeddedSource, parseEmbeddedName } from "./embedded/embedded-name.ts";
import { findKnownModel } from "./model-table.ts";

/** Where a model's name leads: the text before the first colon, when it is one of ours. */
export type ModelSource =
  | { readonly kind: "ollama"; readonly model: string }
  | { readonly kind: "openai"; readonly model: string }
  | { readonly kind: "anthropic"; readonly model: string }
  | { readonly kind: "compatible"; readonly model: string; readonly server: Endpoint }
  | { readonly kind: "embedded"; readonly file: EmbeddedSource }
  | { readonly kind: "replay"; readonly path: string }
  | { readonly kind: "recordings" };

export const packagedRecordingsName = "recordings";

/** Services that people know by these words and that are none of our schemes. */
const elsewhere: ReadonlySet<string> = new Set([
  ...["azure", "bedrock", "cohere", "deepinfra", "file", "fireworks", "google", "groq", "http"],
  ...["https", "huggingface", "llamacpp", "lmstudio", "openrouter", "perplexity", "together"],
  ...["vertex", "vllm", "xai"],
]);

/**
 * Reads a model's name: `recordings`, `replay:FILE`, `openai:NAME`, `anthropic:NAME`,
 * `compatible:NAME@URL`, `embedded:FILE.gguf`, `embedded:hf:OWNER/REPO:QUANT`, `ollama:NAME`. Any other is the name of an Ollama model, whose tag stands
 * behind a colon too; but a slip of a scheme (`opnai:gpt-5`), or the name of a service that we reach in
 * another way, is an error, and `ollama:` before it says that it is meant.
 *
 * @throws {AgentError} USAGE for a name that is none.
 */
export function parseModelName(name: string): ModelSource {
  const { scheme, target } = splitModelName(name);
  if (target === packagedRecordingsName && scheme === undefined) return { kind: "recordings" };
  if (scheme === undefined) refuseSlip(target, name);
  return readTarget(scheme ?? "ollama", target, name);
}

function readTarget(scheme: ModelScheme, target: string, name: string): ModelSource {
  // A path may hold spaces, a model's name may not.
  const isPath = scheme === "replay" || scheme === "embedded";
  if (target === "" || (!isPath && /[\s\p{Cc}]/u.test(target))) {
    throw noName(
      name,
      "is no model's name; an Ollama model such as qwen3-coder, openai:NAME, anthropic:NAME, compatible:NAME@URL, embedded:FILE.gguf or replay:FILE is wanted; correct --model",
    );
  }
  switch (scheme) {
    case "replay":
      return { kind: "replay", path: target };
    case "embedded":
      return { kind: "embedded", file: parseEmbeddedName(target) };
    case "compatible":
      return { kind: "compatible", ...readCompatible(target) };
    case "ollama":
    case "openai":
    case "anthropic":
      return { kind: scheme, model: target };
    default:
      return scheme satisfies never;
  }
}

/** @throws {AgentError} USAGE when the prefix was most likely to be a scheme. */
function refuseSlip(text: string, name: string): void {
  const colon = text.indexOf(":");
  const word = text.slice(0, Math.max(0, colon)).toLowerCase();
  const rest = text.slice(colon + 1);
  if (elsewhere.has(word)) {
    throw noName(
      name,
      `names the scheme ${word}, which there is not; any OpenAI-compatible server is compatible:NAME@URL, an Ollama model of this name ollama:${text}; correct --model`,
    );
  }
  if (word === "" || findKnownModel(word) !== undefined) return;
  const near = modelSchemes.find((scheme) => editDistance(word, scheme) === 1);
  // The family is older than its server.
  if (near === undefined || word === "llama") return;
  throw noName(
    name,
    `names the scheme ${word}, which there is not; did you mean ${near}:${rest}? An Ollama model of this name is ollama:${text}; correct --model`,
  );
}

function noName(name: string, what: string): AgentError {
  return new AgentError(
    "USAGE",
    `Opening a model: ${JSON.stringify(name.slice(0, 100))} ${what}.`,
    { blame: "caller" },
  );
}
