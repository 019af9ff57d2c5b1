import type { Language } from "../shared/json.ts";
import { findCodeInJson } from "./code-in-json.ts";
import { definesEntry, definesInPython, isOtherLanguage, looksLikeCode } from "./code-text.ts";
import { languageOfTag } from "./fence-tag.ts";
import { findFencedBlocks, textOutside } from "./fenced-blocks.ts";
import { mendCode, withoutPrompts } from "./mend-code.ts";
import { isCutOff } from "./source-parts.ts";
import { findUnfencedCode } from "./unfenced-code.ts";

/** One place of an answer that may hold the code. */
export interface CodePiece {
  readonly tag: string;
  readonly code: string;
  /** The prose before it. */
  readonly before: string;
  /** Complete as far as brackets, strings and the fence say. */
  readonly isWhole: boolean;
  /** What keeps it from being read as code of the language. */
  readonly obstacle?: "diff" | "other-language" | "not-code";
}

/** A block of Markdown in a block of Markdown, and so on; deeper ones are fences that repeat themselves. */
const maxNesting = 4;

/** The fenced blocks of an answer, those that stand in blocks of Markdown included. */
export function fencedPieces(
  text: string,
  language: Language,
  entry: string | undefined,
  nesting = 0,
): CodePiece[] {
  return findFencedBlocks(text).flatMap((block): CodePiece[] => {
    const isWrapper = nesting < maxNesting && ["", "markdown", "md", "text"].includes(block.tag);
    if (isWrapper && /^[ \t]*(?:`{3}|~{3})\w/m.test(block.content)) {
      return fencedPieces(block.content, language, entry, nesting + 1);
    }
    const { tag, before, isClosed } = block;
    const content = withoutHeredoc(block.content);
    const added = addedLines(tag, content);
    if (added === null) return [{ tag, before, code: content, isWhole: true, obstacle: "diff" }];
    const code = mendCode(added ?? content, language);
    const isWhole = isClosed || !isCutOff(code, language);
    const obstacle = added === undefined ? obstacleOf(tag, code, language, entry) : undefined;
    return [{ tag, before, code, isWhole, ...(obstacle === undefined ? {} : { obstacle }) }];
  });
}

/** Code outside of fences, and in the texts of JSON. */
export function otherPieces(text: string, language: Language): CodePiece[] {
  const outside = textOutside(text);
  const unfenced = outside.flatMap((piece, index) =>
    findUnfencedCode(withoutPrompts(piece), language).map(({ code, before }) => {
      const mended = mendCode(code, language);
      const isLast = index === outside.length - 1;
      return { tag: "", before, code: mended, isWhole: !isLast || !isCutOff(mended, language) };
    }),
  );
  const inJson = findCodeInJson(text, language).map((code) => mendCode(code, language));
  const wrapped = inJson
    .filter((code) => looksLikeCode(code, language))
    .map((code) => ({ tag: "", before: "", code, isWhole: true }));
  return [...unfenced.filter(({ code }) => looksLikeCode(code, language)), ...wrapped];
}

function obstacleOf(
  tag: string,
  code: string,
  language: Language,
  entry: string | undefined,
): CodePiece["obstacle"] {
  if (isOtherLanguage(code, language)) return "other-language";
  const tagged = languageOfTag(tag);
  if (tagged === language) return undefined;
  if (tagged === "none") {
    const isEntry = entry !== undefined && definesEntry(code, language, entry);
    return isEntry || looksLikeCode(code, language) ? undefined : "not-code";
  }
  const isPython = language === "python" && entry !== undefined && definesInPython(code, entry);
  return isPython ? undefined : "other-language";
}

const heredoc = /^[ \t]*(?:\$ )?(?:cat|tee|python[\d.]*)\b.*<<-?[ \t]*['"]?(\w+)/;

/** `cat > f.py <<'EOF'`: the file that the shell is told to write. */
function withoutHeredoc(content: string): string {
  if (!content.includes("<<")) return content;
  const lines = content.split("\n");
  const firstWords = lines.map((line) => /^\w+/.exec(line)?.[0]);
  const last = new Map(firstWords.map((word, index) => [word, index]));
  const words = lines.map((line) => heredoc.exec(line)?.[1]);
  const isEnded = (word: string | undefined, index: number) =>
    word !== undefined && (last.get(word) ?? 0) > index + 1;
  const start = words.findIndex(isEnded);
  if (start === -1) return content;
  return lines.slice(start + 1, firstWords.indexOf(words[start], start + 2)).join("\n");
}

/** The file that a diff makes anew; null for a diff that changes one, undefined for no diff. */
function addedLines(tag: string, content: string): string | null | undefined {
  if (/^<{7} |^>{7} /m.test(content)) return null;
  const removed = /^--- /m.exec(content)?.index;
  const isDiff =
    tag === "diff" ||
    tag === "patch" ||
    /^@@ -\d/m.test(content) ||
    (removed !== undefined && /^\+\+\+ /m.test(content.slice(removed)));
  if (!isDiff) return undefined;
  const lines = content
    .split("\n")
    .filter((line) => !/^(?:diff |index |new file|--- |\+\+\+ |@@ |\\ )/.test(line) && line !== "");
  const isNew = lines.length > 0 && lines.every((line) => line.startsWith("+"));
  return isNew ? lines.map((line) => line.slice(1)).join("\n") : null;
}
