import type { Language } from "../shared/json.ts";

const mebibyte = 1024 * 1024;
/** The subject and, beside it, the checker of properties. */
const least = 2;
const most = 8;
/** What a ready process of the heaviest backend holds, with room for its first call. */
const processBytes: Readonly<Record<Language, number>> = {
  python: 256 * mebibyte,
  typescript: 64 * mebibyte,
};

/**
 * Returns how many ready processes of a language to keep on a machine: one for each core, as long as
 * they take at most a quarter of the free memory; never fewer than a skill and its checker need.
 */
export function warmProcessCount(
  language: Language,
  machine: { readonly cores: number; readonly freeMemoryBytes: number },
): number {
  const affordable = Math.floor(machine.freeMemoryBytes / 4 / processBytes[language]);
  return Math.max(least, Math.min(most, machine.cores, affordable));
}
