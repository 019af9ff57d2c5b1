export interface KnownModel {
  /** Without a tag: every tag of a family shares its row unless it has one of its own. */
  readonly name: string;
  /** `num_ctx` to ask for: what the model handles and a usual machine has memory for. */
  readonly contextTokens: number;
  /** About what `ollama pull` downloads for the default tag, where known. */
  readonly pullSizeBytes?: number;
  /** Thinks before it answers: its answers need more room and time. */
  readonly thinks?: true;
  /** Ollama does not hold this model to a JSON schema; its JSON is asked for by words alone. */
  readonly ignoresFormat?: true;
}

const gigabytes = 1_000_000_000;

/** For a model that has no row: what the smallest of the known ones handle. */
export const unknownModelContextTokens = 8_192;

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

/** Finds the row of a model by its name with or without tag and namespace (`user/codellama:13b`). */
export function findKnownModel(name: string): KnownModel | undefined {
  const last = name.slice(name.lastIndexOf("/") + 1).toLowerCase();
  const family = last.split(":")[0] ?? last;
  return rows.get(last) ?? rows.get(family);
}

/**
 * Returns the context window to ask of the server for this model: the same at every call of a
 * process, since another one would load the model anew. A configured number lowers it, and stands
 * as it is for a model that has no row.
 */
export function contextTokensFor(name: string, configured: number | undefined): number {
  const known = findKnownModel(name);
  if (known === undefined) return configured ?? unknownModelContextTokens;
  return Math.min(known.contextTokens, configured ?? known.contextTokens);
}
