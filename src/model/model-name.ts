import { AgentError } from "../shared/errors.ts";
import { editDistance } from "../shared/nearest-word.ts";
import { type EmbeddedSource, parseEmbeddedName } from "./embedded/embedded-name.ts";
import { findKnownModel } from "./model-table.ts";
import { type Endpoint, parseServerUrl } from "./remote/endpoint.ts";

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

const schemes = ["ollama", "openai", "anthropic", "compatible", "embedded", "replay"] as const;
type Scheme = (typeof schemes)[number];

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
  const text = name.trim();
  if (text === packagedRecordingsName) return { kind: "recordings" };
  const colon = text.indexOf(":");
  const prefix = text.slice(0, Math.max(0, colon));
  const scheme = schemes.find((one) => one === prefix.toLowerCase());
  if (scheme !== undefined) return readTarget(scheme, text.slice(colon + 1).trim(), name);
  refuseSlip(prefix, text, name);
  return readTarget("ollama", text, name);
}

function readTarget(scheme: Scheme, target: string, name: string): ModelSource {
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
      return readCompatible(target, name);
    case "ollama":
    case "openai":
    case "anthropic":
      return { kind: scheme, model: target };
    default:
      return scheme satisfies never;
  }
}

/** The name may hold an @ itself: the URL begins behind the one that a scheme follows, else the last. */
function readCompatible(target: string, name: string): ModelSource {
  const mark = target.search(/@[a-z][a-z\d+.-]*:\/\//i);
  const at = mark === -1 ? target.lastIndexOf("@") : mark;
  const model = target.slice(0, Math.max(0, at));
  if (model === "") {
    throw noName(
      name,
      "names no server; compatible:NAME@URL is wanted, as in compatible:qwen3@http://127.0.0.1:8000/v1; correct --model",
    );
  }
  return { kind: "compatible", model, server: parseServerUrl(target.slice(at + 1)) };
}

/** @throws {AgentError} USAGE when the prefix was most likely to be a scheme. */
function refuseSlip(prefix: string, text: string, name: string): void {
  const word = prefix.toLowerCase();
  const rest = text.slice(prefix.length + 1);
  if (elsewhere.has(word)) {
    throw noName(
      name,
      `names the scheme ${word}, which there is not; any OpenAI-compatible server is compatible:NAME@URL, an Ollama model of this name ollama:${text}; correct --model`,
    );
  }
  if (word === "" || findKnownModel(word) !== undefined) return;
  const near = schemes.find((scheme) => editDistance(word, scheme) === 1);
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
