import type { Config } from "../config/schema.ts";
import type { ModelPrice } from "./chat-model.ts";
import { remoteRow } from "./remote-rows.ts";

export interface KnownModel {
  /** Without a tag: every tag of a family shares its row unless it has one of its own. */
  readonly name: string;
  /** `num_ctx` to ask for: what the model handles and a usual machine has memory for. */
  readonly contextTokens: number;
  /** The most tokens of one answer; absent: what the window leaves. */
  readonly outputTokens?: number;
  /** Null where only a part of it is known. */
  readonly price?: ModelPrice | null;
  /** About what `ollama pull` downloads for the default tag, where known. */
  readonly pullSizeBytes?: number;
  /** Thinks before it answers: its answers need more room and time. */
  readonly thinks?: boolean;
  /** Ollama does not hold this model to a JSON schema; its JSON is asked for by words alone. */
  readonly ignoresFormat?: boolean;
}

/** What the configuration says of models; it comes before the table. */
export type ModelRows = Config["models"];

const gigabytes = 1_000_000_000;

/** For a model that has no row: what the smallest of the known ones handle. */
export const unknownModelContextTokens = 8_192;

/** Below it no prompt of ours fits. */
const leastContextTokens = 2_048;

/** @see https://ollama.com/library for sizes and trained windows */
const knownModels: readonly KnownModel[] = [
  { name: "qwen3-coder", contextTokens: 32_768, pullSizeBytes: 19 * gigabytes },
  { name: "glm-4.7-flash", contextTokens: 8_192, pullSizeBytes: 19 * gigabytes, thinks: true },
  { name: "qwen2.5-coder", contextTokens: 32_768, pullSizeBytes: 4.7 * gigabytes },
  { name: "qwen3", contextTokens: 32_768, pullSizeBytes: 5.2 * gigabytes, thinks: true },
  { name: "devstral", contextTokens: 32_768, pullSizeBytes: 14 * gigabytes },
  {
    name: "gpt-oss",
    contextTokens: 32_768,
    pullSizeBytes: 14 * gigabytes,
    thinks: true,
    ignoresFormat: true,
  },
  { name: "deepseek-coder-v2", contextTokens: 16_384, pullSizeBytes: 8.9 * gigabytes },
  { name: "deepseek-r1", contextTokens: 16_384, pullSizeBytes: 5.2 * gigabytes, thinks: true },
  { name: "codellama", contextTokens: 16_384, pullSizeBytes: 3.8 * gigabytes },
  { name: "codestral", contextTokens: 32_768, pullSizeBytes: 13 * gigabytes },
  { name: "codegemma", contextTokens: 8_192, pullSizeBytes: 5 * gigabytes },
  { name: "starcoder2", contextTokens: 16_384, pullSizeBytes: 1.7 * gigabytes },
  { name: "granite-code", contextTokens: 8_192, pullSizeBytes: 2 * gigabytes },
  { name: "llama3", contextTokens: 8_192, pullSizeBytes: 4.7 * gigabytes },
  { name: "llama3.1", contextTokens: 16_384, pullSizeBytes: 4.9 * gigabytes },
  { name: "llama3.2", contextTokens: 16_384, pullSizeBytes: 2 * gigabytes },
  { name: "llama3.3", contextTokens: 16_384, pullSizeBytes: 43 * gigabytes },
  { name: "gemma3", contextTokens: 16_384, pullSizeBytes: 3.3 * gigabytes },
  { name: "phi4", contextTokens: 16_384, pullSizeBytes: 9.1 * gigabytes },
  { name: "mistral", contextTokens: 16_384, pullSizeBytes: 4.4 * gigabytes },
  { name: "mistral-small", contextTokens: 32_768, pullSizeBytes: 14 * gigabytes },
];

const rows: ReadonlyMap<string, KnownModel> = new Map(knownModels.map((row) => [row.name, row]));

/**
 * Finds the row of a model by its name with or without tag and namespace (`user/codellama:13b`), or of
 * a provider's model (`openai:gpt-5-mini`), whatever date stands behind its name. What `models` says
 * of it stands before what the table does.
 */
export function findKnownModel(name: string, models: ModelRows = {}): KnownModel | undefined {
  const row = tableRow(name);
  const own = ownRow(name, models);
  if (own === undefined) return row;
  const { inputPricePerMillion: input, outputPricePerMillion: output, ...facts } = own;
  const isPriced = input !== undefined || output !== undefined;
  const price = isPriced ? { price: wholePrice(input, output, row) } : {};
  const said = Object.fromEntries(
    Object.entries({ ...facts, ...price }).filter(([, value]) => value !== undefined),
  );
  return { name, contextTokens: unknownModelContextTokens, ...row, ...said };
}

/** What is not said is as in the table; taken for nothing, it would let a limit of money be passed. */
function wholePrice(
  input: number | undefined,
  output: number | undefined,
  row: KnownModel | undefined,
): ModelPrice | null {
  const inputPerMillion = input ?? row?.price?.inputPerMillion;
  const outputPerMillion = output ?? row?.price?.outputPerMillion;
  if (inputPerMillion === undefined || outputPerMillion === undefined) return null;
  return { inputPerMillion, outputPerMillion };
}

function tableRow(name: string): KnownModel | undefined {
  const remote = remoteRow(name);
  if (remote !== undefined) return remote;
  const last = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  const family = last.split(":")[0] ?? last;
  return rows.get(last) ?? rows.get(family);
}

/** By the name as it is written, else without the tag. */
function ownRow(name: string, models: ModelRows): ModelRows[string] | undefined {
  const plain = (text: string) =>
    text
      .trim()
      .toLowerCase()
      .replace(/^ollama:/, "");
  const wanted = plain(name);
  const entries = Object.entries(models);
  const isProviders = /^[a-z]+:/.test(name) && remoteRow(name) !== undefined;
  const family = isProviders ? wanted : (wanted.split(":")[0] ?? wanted);
  const found =
    entries.find(([key]) => plain(key) === wanted) ??
    entries.find(([key]) => plain(key) === family);
  return found?.[1];
}

/** What the server says of a model; nothing where it does not say. */
export interface ServerFacts {
  readonly trainedContextTokens?: number;
  /** Of the model as it is loaded now. */
  readonly loadedContextTokens?: number;
}

export type WindowConfig = Pick<Config, "contextTokens"> & Partial<Pick<Config, "models">>;

/**
 * Returns the context window to ask of the server for this model: the same at every call of a
 * process, since another one would load the model anew. `contextTokens` lowers it, and stands as it is
 * for a model of which nothing is known; of such a one the window that it is loaded with is taken.
 * Never more than it was trained for: the server would cut the prompt there.
 */
export function contextTokensFor(
  name: string,
  { contextTokens: configured, models = {} }: WindowConfig,
  facts: ServerFacts = {},
): number {
  const known = tableRow(name)?.contextTokens;
  const own = ownRow(name, models)?.contextTokens;
  const wanted =
    own ?? known ?? configured ?? facts.loadedContextTokens ?? unknownModelContextTokens;
  const trained = facts.trainedContextTokens ?? wanted;
  return Math.max(leastContextTokens, Math.min(wanted, configured ?? wanted, trained));
}
