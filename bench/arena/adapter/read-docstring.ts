import { readPythonLiteral } from "./python-literal.ts";
import { endOfBracket } from "./source-scanner.ts";

/**
 * The examples that stand in a prompt's text, as asserts: `>>> f(x)` with its answer below, and
 * `f(x) == y`, `f(x) ➞ y`, `f(x) => y` on one line outside of a session. What is no literal is left
 * out, and so is `f(x) = …`, which prose uses for definitions.
 */
export function readDocstring(prompt: string, entry: string): readonly string[] {
  const asserts = new Set<string>();
  const pattern = new RegExp(`(?<![\\w.])(?<!def )${entry}\\(`, "g");
  for (const found of prompt.matchAll(pattern)) {
    const close = endOfBracket(prompt, found.index + found[0].length - 1);
    if (close === -1) {
      continue;
    }
    const call = prompt.slice(found.index, close + 1);
    const answer = answerBehind(prompt.slice(close + 1), isPrompted(prompt, found.index));
    if (answer !== undefined) {
      asserts.add(`assert ${call} == ${answer}`);
    }
  }
  return [...asserts];
}

function isPrompted(prompt: string, at: number): boolean {
  return /(?:^|\n)[ \t]*>>>[ \t]*$/.test(prompt.slice(Math.max(0, at - 60), at));
}

function answerBehind(rest: string, isBelow: boolean): string | undefined {
  const below = /^[ \t]*\r?\n[ \t]*([^\n]+)/;
  const sign = /^[ \t]*(?:#[ \t]*)?(?:==|=>|➞|→)[ \t]*([^\n]+)/;
  const written = (isBelow ? below : sign).exec(rest)?.[1]?.trim();
  return written === undefined ? undefined : literalIn(written);
}

/** The whole line, or what of it stands before a comment, a full stop or an explanation. */
function literalIn(line: string): string | undefined {
  const bare = line.split(/\s+#/)[0] ?? "";
  const cuts = [bare, bare.replace(/[.;,]$/, ""), bare.split(/\s{2,}|\.\s|\s\(/)[0] ?? ""];
  return cuts.map((cut) => cut.trim()).find((cut) => readPythonLiteral(cut) !== undefined);
}
