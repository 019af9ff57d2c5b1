import { findKnownModel, type KnownModel, type WindowConfig } from "../model-table.ts";
import type { RemoteKind } from "./api-key.ts";

interface Named {
  readonly kind: RemoteKind;
  readonly model: string;
}

/** Prompt and answer together: what the smallest model that these two serve today handles. */
const servedWindows = { openai: 128_000, anthropic: 200_000 } as const;

/** For a server that may hold anything; a setting says what it holds. */
const compatibleWindow = 32_768;

/** The row of a remote model; another server's may be one that Ollama has too. */
export function remoteRowOf(
  { kind, model }: Named,
  models: WindowConfig["models"],
): KnownModel | undefined {
  const row = findKnownModel(`${kind}:${model}`, models);
  return row ?? (kind === "compatible" ? findKnownModel(model, models) : undefined);
}

/** The window to count with: a configured number lowers it, and stands as it is for other servers. */
export function remoteContextTokens(source: Named, config: WindowConfig): number {
  const { contextTokens: configured, models } = config;
  const known = remoteRowOf(source, models)?.contextTokens;
  if (source.kind === "compatible") return configured ?? known ?? compatibleWindow;
  const served = known ?? servedWindows[source.kind];
  return Math.min(served, configured ?? served);
}
