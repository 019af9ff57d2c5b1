import { findKnownModel } from "../model-table.ts";
import type { RemoteKind } from "./api-key.ts";

/** Prompt and answer together: what the smallest model that these two serve today handles. */
const servedWindows = { openai: 128_000, anthropic: 200_000 } as const;

/** Older models of OpenAI, with less. */
const smallWindows: readonly (readonly [RegExp, number])[] = [
  [/^gpt-4(?:-\d{4})?$/, 8_192],
  [/^gpt-3\.5-turbo/, 16_385],
];

/** For a server that may hold anything; a setting says what it holds. */
const compatibleWindow = 32_768;

/** The window to count with: a configured number lowers it, and stands as it is for other servers. */
export function remoteContextTokens(
  { kind, model }: { readonly kind: RemoteKind; readonly model: string },
  configured: number | undefined,
): number {
  if (kind === "compatible") {
    return configured ?? findKnownModel(model)?.contextTokens ?? compatibleWindow;
  }
  const small = smallWindows.find(([pattern]) => pattern.test(model));
  const served = small?.[1] ?? servedWindows[kind];
  return Math.min(served, configured ?? served);
}
