import type { ProofCheck } from "../application/application.ts";
import { safeLine } from "./safe-text.ts";
import type { Screen } from "./screen.ts";

const longestPart = 20;

/** One finding on a proof, as soon as it stands. */
export function renderCheck({ part, state, detail }: ProofCheck, style: Screen["style"]): string {
  const mark = {
    holds: style("green", "✓"),
    fails: style("red", "✗"),
    skipped: style("dim", "–"),
  }[state];
  return `  ${mark} ${safeLine(part).padEnd(longestPart)} ${safeLine(detail)}`;
}

/** Lines that belong beneath it. */
export function renderMore({ more = [] }: ProofCheck): string[] {
  return more.map((line) => `      • ${safeLine(line)}`);
}
