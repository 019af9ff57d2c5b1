import type { Language } from "../shared/json.ts";
import type { CodePiece } from "./code-piece.ts";
import { type DefinedName, definedNames, definesEntry, usesName } from "./code-text.ts";
import { sourceParts } from "./source-parts.ts";

export type Choice =
  | { readonly kind: "chosen"; readonly code: string; readonly isWhole: boolean }
  | { readonly kind: "several" }
  | { readonly kind: "none" };

/**
 * Chooses among pieces that define the entry: the same program twice is one, a bare signature and what
 * was cut off give way, and of different programs the last counts only where the answer's own words say
 * that it corrects or completes the others. Pieces that define what the chosen one uses are put before it.
 */
export function chooseCode(
  pieces: readonly CodePiece[],
  language: Language,
  entry: string,
): Choice {
  const defining = pieces.filter(({ code }) => definesEntry(code, language, entry));
  const candidates = preferred(
    preferred(defining, ({ isWhole }) => isWhole),
    ({ code }) => !isStub(code, language),
  );
  const distinct = distinctPrograms(candidates, language);
  const [only] = distinct;
  if (only === undefined) return { kind: "none" };
  const chosen = distinct.length === 1 ? only : correction(distinct);
  return chosen === undefined ? { kind: "several" } : withHelpers(chosen, pieces, language, entry);
}

function preferred(
  pieces: readonly CodePiece[],
  isBetter: (piece: CodePiece) => boolean,
): readonly CodePiece[] {
  const better = pieces.filter(isBetter);
  return better.length > 0 ? better : pieces;
}

/** The last of each program; one that another holds whole is no program of its own. */
function distinctPrograms(pieces: readonly CodePiece[], language: Language): CodePiece[] {
  const byText = new Map<string, CodePiece>();
  for (const piece of pieces) {
    const text = essence(piece.code, language);
    byText.delete(text);
    byText.set(text, piece);
  }
  const texts = [...byText.keys()];
  return [...byText]
    .filter(([text]) => !texts.some((other) => other !== text && other.includes(text)))
    .map(([, piece]) => piece);
}

/** The code without comments, and without what lines and spaces look like. */
function essence(code: string, language: Language): string {
  return sourceParts(code, language)
    .filter(({ kind }) => kind !== "comment")
    .map(({ text }) => text)
    .join("")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

const corrects =
  /\b(?:correct(?:ed|ion)|fix(?:ed|es)?|final|complete|full|improved?|updated?|revised?|rewritten|mistake|bug|oops|wait|actually|instead|better|now|putting|together|clean(?:ed)?)\b|^\W*after\b/im;
const offers =
  /\b(?:alternative(?:ly)?|or|option|another|other|also|wrong|incorrect|bad|not|avoid|don't|approach|variant|method|version \d)\b/i;

/** The last, when the words before it say that it takes the place of the others. */
function correction(pieces: readonly CodePiece[]): CodePiece | undefined {
  const last = pieces.at(-1);
  if (last === undefined) return undefined;
  const lines = last.before.split("\n").filter((line) => line.trim() !== "");
  const announcement = lines.at(-1) ?? "";
  return corrects.test(last.before) && !offers.test(announcement) ? last : undefined;
}

/** A signature with nothing behind it. */
function isStub(code: string, language: Language): boolean {
  const lines = essence(code, language)
    .replace(/^[ \t]*(?:"""[\s\S]*?"""|'''[\s\S]*?''')[ \t]*$/gm, "")
    .split("\n")
    .filter((line) => line.trim() !== "");
  const isEmpty = (line: string) =>
    /^\s*(?:pass|\.\.\.|raise NotImplementedError.*|throw new Error\(["'](?:not implemented|todo)["']\);?|\})\s*$/i.test(
      line,
    );
  return lines.every(
    (line) =>
      isEmpty(line) ||
      /^\S.*[:{](?:\s*(?:\.\.\.|pass|\}))?\s*$/.test(line) ||
      /^(?:import|from|declare) /.test(line),
  );
}

function withHelpers(
  chosen: CodePiece,
  pieces: readonly CodePiece[],
  language: Language,
  entry: string,
): Choice {
  const helpers = pieces.filter(({ code }) => !mentions(code, entry));
  const needed = new Set<CodePiece>();
  const owners = new Map<string, string>();
  const open = [chosen];
  for (let piece = open.pop(); piece !== undefined; piece = open.pop()) {
    for (const helper of helpers) {
      const used = usedNames(piece.code, helper.code, language);
      for (const { name } of used) {
        const text = essence(helper.code, language);
        // The same name with two meanings: nobody can know which was meant.
        if ((owners.get(name) ?? text) !== text) return { kind: "several" };
        owners.set(name, text);
      }
      if (used.length > 0 && !needed.has(helper)) {
        needed.add(helper);
        open.push(helper);
      }
    }
  }
  const parts = [...helpers.filter((helper) => needed.has(helper)), chosen];
  const distinct = new Map(parts.map((part) => [essence(part.code, language), part]));
  const code = [...distinct.values()].map((part) => part.code.trim()).join("\n\n");
  return { kind: "chosen", code, isWhole: chosen.isWhole };
}

function mentions(code: string, entry: string): boolean {
  return new RegExp(`(?<![\\w$])${entry.replace(/\W/g, "\\$&")}(?![\\w$])`).test(code);
}

function usedNames(code: string, helper: string, language: Language): DefinedName[] {
  if (code === helper) return [];
  return definedNames(helper, language).filter((defined) => usesName(code, defined));
}
