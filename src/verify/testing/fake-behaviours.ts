import type { Behaviour, WeighedCase } from "../agreement/behaviour.ts";

/** A program of its own text that gives these outcomes; `passes` is written as `10-1`. */
export function behaviour(
  outcomes: readonly string[],
  passes = "",
  more: Partial<Behaviour> = {},
): Behaviour {
  const digest = more.textDigest ?? crypto.randomUUID();
  return {
    origin: { model: "other", prompt: "", language: "python" },
    textDigest: digest,
    treeDigest: digest,
    samples: 1,
    outcomes,
    passes: [...passes].map((bit) => bit === "1"),
    ...more,
  };
}

/** `e` an example, `o` an open case, `s` a sealed one. */
export function weighedCases(kinds: string): WeighedCase[] {
  return [...kinds].map((kind, index) => ({
    id: `c${index + 1}`,
    isExample: kind === "e",
    isSealed: kind === "s",
    weight: 1,
  }));
}
