import { AgentError } from "../../shared/errors.ts";
import type { ServerFacts } from "../model-table.ts";
import { isSameModel } from "./model-names.ts";
import type { OllamaClient } from "./ollama-client.ts";

export interface OllamaFacts extends ServerFacts {
  readonly thinks?: boolean;
  /** Set for a model that the server only passes on. */
  readonly remoteHost?: string;
}

/**
 * Asks the server what it knows of a model: `/api/show` for the window it was trained for and whether
 * it thinks, `/api/ps` for the window it is loaded with. What it does not say is left out, and so is
 * everything when it cannot be asked: the table's row stands then.
 *
 * @throws {AgentError} ABORTED
 */
export async function askModelFacts(
  client: OllamaClient,
  model: string,
  signal?: AbortSignal,
): Promise<OllamaFacts> {
  try {
    const shown = await client.showModel(model, signal);
    const loaded = (await client.loadedModels(signal)).find((one) => isSameModel(one.name, model));
    return {
      ...shown,
      ...(loaded?.contextTokens === undefined ? {} : { loadedContextTokens: loaded.contextTokens }),
    };
  } catch (error) {
    if (error instanceof AgentError && error.code !== "ABORTED") return {};
    throw error;
  }
}
