import type { Language } from "../shared/json.ts";
import type { Backend } from "./backend.ts";
import { bubblewrapBackend } from "./bubblewrap-backend.ts";
import { denoBackend } from "./deno-backend.ts";

/** Every backend of a language, strongest first; which of them this machine has, each says itself. */
export function backendsOf(language: Language, cacheDirectory: string): readonly Backend[] {
  return [
    bubblewrapBackend(language),
    denoBackend(language, cacheDirectory, { isLocked: true }),
    denoBackend(language, cacheDirectory, { isLocked: false }),
  ];
}
