import type { PatternMatch, PatternText } from "./child-protocol.ts";

/** Returns the patterns that match, in their order, each with the line of its first match. */
export function matchPatterns(source: string, patterns: readonly PatternText[]): PatternMatch[] {
  const matches: PatternMatch[] = [];
  for (const [index, pattern] of patterns.entries()) {
    // `g` and `y` would make the answer depend on where an earlier search ended.
    const found = new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, "")).exec(source);
    if (found !== null) {
      matches.push({ index, line: source.slice(0, found.index).split("\n").length });
    }
  }
  return matches;
}
