import { leadsElsewhere } from "../shared/model-destination.ts";
import type { ChatModel, ModelPrice } from "./chat-model.ts";
import { findKnownModel, type ModelRows } from "./model-table.ts";

export const freeOfCharge: ModelPrice = { inputPerMillion: 0, outputPerMillion: 0 };

/**
 * What the configuration says first, then the model itself, then the table; a model whose name leads
 * nowhere else runs on a machine of the user's and costs nothing. Undefined where
 * nobody knows.
 */
export function priceOf(
  model: Pick<ChatModel, "name" | "price">,
  models: ModelRows,
): ModelPrice | undefined {
  const { name, price } = model;
  const own = ownPrice(name, models);
  if (own !== undefined) return own ?? undefined;
  if (price !== undefined) return price ?? undefined;
  return findKnownModel(name)?.price ?? (leadsElsewhere(name) ? undefined : freeOfCharge);
}

function ownPrice(name: string, models: ModelRows): ModelPrice | null | undefined {
  const unpriced = findKnownModel(name)?.price;
  const priced = findKnownModel(name, models)?.price;
  return priced === unpriced ? undefined : priced;
}

/** In US dollars; null where the price is not known. */
export function moneyFor(
  price: ModelPrice | undefined,
  tokens: { readonly promptTokens: number; readonly outputTokens: number },
): number | null {
  if (price === undefined) return null;
  const { inputPerMillion, outputPerMillion } = price;
  return (tokens.promptTokens * inputPerMillion + tokens.outputTokens * outputPerMillion) / 1e6;
}
