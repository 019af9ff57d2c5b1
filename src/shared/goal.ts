import anyAscii from "any-ascii";
import { digestBytes } from "./digest.ts";
import { reservedNames } from "./reserved-names.ts";

const VERBS = new Set(["create", "build", "write", "make", "develop", "implement"]);
const ARTICLES = new Set(["a", "an", "the"]);
const JOINING = new Set(["that", "which", "to", "for"]);
/** Punctuation that may follow a word without belonging to it. */
const TRAILING = new Set("\"'`‘’“”«»)]},;:.…!?");

const LONGEST_NAME = 60;
const DIGEST_LENGTH = 8;
/** Enough for a name, whatever the transliteration does; a goal may have a million characters. */
const NAME_SOURCE_LENGTH = 400;

/**
 * A goal without what wording alone changes: letter case, a leading "create" or its like, the
 * article behind it, the word "skill" at either end unless quoted with others, quotes and punctuation at the ends of words,
 * hyphens, spaces.
 * Equal for two wordings of one goal. Characters that tell goals apart (`c++`, `c#`, `-1`, `";"`)
 * stay, since a goal taken for another's would be answered with the wrong skill.
 */
export function normalizeGoal(goal: string): string {
  const written = goal.normalize("NFKC").split(/\s+/u).filter(Boolean);
  const words = written.flatMap((word) => wordsOf(word));
  let start = 0;
  if (words[start] === "please") start += 1;
  if (VERBS.has(words[start] ?? "")) start += 1;
  const isArticle = (word: string | undefined): boolean => ARTICLES.has(word?.toLowerCase() ?? "");
  if (isArticle(words[start])) start += 1;
  if (words[start] === "skill" && JOINING.has(words[start + 1] ?? "")) start += 2;
  const end = words.at(-1) === "skill" && !endsQuoted(written) ? -1 : undefined;
  const kept = words.slice(start, end);
  return (kept.length > 0 ? kept : words).join(" ");
}

/**
 * True when the last word stands in quotes that do not hold the whole goal: the text in `prints
 * "a skill"` is somebody's own, and `prints "a"` another goal.
 */
function endsQuoted(written: readonly string[]): boolean {
  const [first = ""] = written;
  const ending = (written.at(-1) ?? "").slice(-20);
  const begins = written.length > 1 && /^["'`‘’“”«»]/u.test(first);
  return !begins && /["'`’”»][)\]};:,.…!?]{0,20}$/u.test(ending);
}

/** Lower case but for lone letters: "vitamin A" is no article, "A-Z" is not "a-z". */
function wordsOf(written: string): string[] {
  const bare = trimEnd(written.replace(/^["'`‘’“”«»([{]+/u, ""));
  const word = bare === "" ? written : bare;
  if (!/\p{L}{2}/u.test(word)) return [word];
  return word.toLowerCase().split(/(?<=[\p{L}\p{N}]{2})[-_‐‑–](?=\p{L}{2})/u);
}

/** A loop, since a pattern that ends in `+$` takes quadratic time on a long row of brackets. */
function trimEnd(word: string): string {
  let end = word.length;
  while (end > 0 && TRAILING.has(word.charAt(end - 1))) end -= 1;
  // "5!" and "n!" are no exclamations.
  if (/\p{L}{2}$/u.test(word.slice(Math.max(0, end - 4), end))) return word.slice(0, end);
  const mark = word.slice(end).search(/[!?]/);
  return word.slice(0, mark < 0 ? end : end + mark + 1);
}

/**
 * The name a goal's skill has: lower-case ASCII, at most 60 characters, an identifier of Python
 * and TypeScript and a file name everywhere (`create_a_json_validator_skill`). Goals that are
 * equal but for punctuation may share one; goals that are cut, or leave nothing to read, carry a
 * digest of the whole goal and never do.
 */
export function skillNameFromGoal(goal: string): string {
  const text = goal.normalize("NFKC").toLowerCase().trim();
  const source = text
    .slice(0, NAME_SOURCE_LENGTH)
    .replace(/(?<=[\p{L}\p{N}+])\+/gu, " plus ")
    .replace(/(?<=\p{L})#/gu, " sharp ");
  const words =
    anyAscii(source)
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? [];
  const name = words.join("_");
  if (name === "") return `skill_${digestOf(text)}`;
  const identifier = /^[0-9]/.test(name) ? `skill_${name}` : name;
  if (identifier.length > LONGEST_NAME || text.length > NAME_SOURCE_LENGTH) {
    return cutName(identifier, text);
  }
  return reservedNames.has(identifier) ? `${identifier}_skill` : identifier;
}

function cutName(name: string, text: string): string {
  const room = LONGEST_NAME - DIGEST_LENGTH - 1;
  const cut = name.slice(0, room + 1);
  const lastWord = cut.lastIndexOf("_");
  const isWhole = name.length <= room;
  const readable = isWhole ? name : cut.slice(0, lastWord > 0 ? lastWord : room);
  return `${readable}_${digestOf(text)}`;
}

function digestOf(text: string): string {
  return digestBytes(text).slice("sha256:".length, "sha256:".length + DIGEST_LENGTH);
}
