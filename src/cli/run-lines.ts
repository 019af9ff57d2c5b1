import type { CaseSummary } from "../shared/events.ts";
import type { RunMemory } from "./run-memory.ts";
import { safeLine, shorten } from "./safe-text.ts";

/** Before a line that belongs to the one above it. */
export const indent = "   ";

/** The case as a person sees it, on one line. */
export function describeCase(summary: CaseSummary): string {
  const origin = summary.origin === "example" ? " (yours)" : "";
  return `${line(summary.text ?? "a sealed case")}${origin}`;
}

/** What shows an entry of a journal, or a line that says that a changed one cannot be shown. */
export function unlessChanged<T>(
  entry: { readonly type: string },
  show: () => T[],
): (T | string)[] {
  try {
    return [...show()];
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return [
      `${indent}An entry (${entry.type}) cannot be shown, it was changed: ${line(error.message)}`,
    ];
  }
}

export function dim(memory: RunMemory, text: string): string[] {
  return [memory.options.style("dim", text)];
}

/** Text of models and skills on one bounded line, control characters written out. */
export function line(text: string): string {
  return shorten(safeLine(text), 400);
}
