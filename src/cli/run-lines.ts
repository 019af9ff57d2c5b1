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

export function dim(memory: RunMemory, text: string): string[] {
  return [memory.options.style("dim", text)];
}

/** Text of models and skills on one bounded line, control characters written out. */
export function line(text: string): string {
  return shorten(safeLine(text), 400);
}
