import type { ChatModel, ModelPrice } from "./chat-model.ts";
import { findKnownModel, type ModelRows } from "./model-table.ts";

export const freeOfCharge: ModelPrice = { inputPerMillion: 0, outputPerMillion: 0 };

/** What the configuration says first, then the model itself, then the table; undefined: unknown. */
export function priceOf(
  model: Pick<ChatModel, "name" | "price">,
  models: ModelRows,
): ModelPrice | undefined {
  const own = models[model.name];
  const isPriced =
    own?.inputPricePerMillion !== undefined || own?.outputPricePerMillion !== undefined;
  const known = findKnownModel(model.name, models)?.price;
  return isPriced ? known : (model.price ?? known);
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
