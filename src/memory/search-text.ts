import { normalizeGoal } from "../shared/goal.ts";

/** Scripts that write without spaces: each character becomes a word of its own. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/gu;
/** Words that goals share without being alike; leaving them out also saves most of the search. */
const STOP_WORDS = new Set(
  "a an and are as at be by for from in into is it its of on or that the this to using which with skill function python typescript".split(
    " ",
  ),
);
const MOST_WORDS = 24;
const LONGEST_GOAL = 2_000;

/** The text as the search index holds it. */
export function toSearchText(text: string): string {
  return text.replace(UNSPACED, " $& ");
}

/**
 * An FTS5 expression that finds texts sharing a word with the goal, or undefined when the goal
 * has none. Every word is quoted, so nothing in a goal acts as query syntax.
 */
export function toSearchExpression(goal: string): string | undefined {
  const text = toSearchText(normalizeGoal(goal.slice(0, LONGEST_GOAL)));
  const words = new Set(text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []);
  const telling = [...words].filter((word) => !STOP_WORDS.has(word)).slice(0, MOST_WORDS);
  if (telling.length === 0) return undefined;
  return telling.map((word) => `"${word}"`).join(" OR ");
}
