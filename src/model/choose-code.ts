import type { Language } from "../shared/json.ts";
import { CodeNames, type DefinedName } from "./code-names.ts";
import type { CodePiece } from "./code-piece.ts";
import { definesEntry } from "./code-text.ts";
import { type SourcePart, sourceParts } from "./source-parts.ts";

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
  const texts = [...byText.keys()].map((text) => text.split("\n"));
  return [...byText.values()].filter(
    (_, index) => !texts.some((other, at) => at !== index && holdsLines(other, texts[index] ?? [])),
  );
}

/** The code without comments, and without what lines and spaces look like. */
function essence(
  code: string,
  language: Language,
  counts: (part: SourcePart) => boolean = ({ kind }) => kind !== "comment",
): string {
  return sourceParts(code, language)
    .filter(counts)
    .map(({ text }) => text)
    .join("")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n");
}

const corrects =
  /\b(?:correct(?:ed|ion)|fix(?:ed|es)?|final|complete|full|improved?|updated?|revised?|rewritten|mistake|bug|oops|wait|actually|instead|better|now|putting|together|clean(?:ed)?|corregid[ao]|corrección|completa|mejorada)\b|^[^\w\n]*after\b|[修更改订]正|最终|完整/im;
const offers =
  /\b(?:alternative(?:ly)?|or|option|another|other|also|wrong|incorrect|bad|not|avoid|don't|approach|variant|method|version \d|alternativa(?:mente)?|otra|opción|también)\b|方法|或者|另一|也可以|不要/i;

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
  const counts = ({ kind, text }: SourcePart) =>
    kind === "code" || (kind === "string" && !/^(?:"""|''')/.test(text));
  const lines = essence(code, language, counts)
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

interface Helper {
  readonly piece: CodePiece;
  readonly names: CodeNames;
  readonly text: string;
}

function withHelpers(
  chosen: CodePiece,
  pieces: readonly CodePiece[],
  language: Language,
  entry: string,
): Choice {
  const asHelper = (piece: CodePiece): Helper => ({
    piece,
    names: new CodeNames(piece.code, language),
    text: essence(piece.code, language),
  });
  const helpers = pieces.filter(({ code }) => !mentions(code, entry)).map(asHelper);
  const needed = neededBy(asHelper(chosen), helpers);
  if (needed === undefined) return { kind: "several" };
  const parts = helpers.filter((helper) => needed.has(helper));
  const distinct = new Map(parts.map(({ text, piece }) => [text, piece.code]));
  const code = [...distinct.values(), chosen.code].map((part) => part.trim()).join("\n\n");
  return { kind: "chosen", code, isWhole: chosen.isWhole };
}

/** Undefined when a name that is used has two meanings: nobody can know which was meant. */
function neededBy(chosen: Helper, helpers: readonly Helper[]): ReadonlySet<Helper> | undefined {
  const needed = new Set([chosen]);
  const owners = new Map<string, string>();
  // What is added is walked through in its turn.
  for (const user of needed) {
    const others = helpers.filter(({ piece }) => piece.code !== user.piece.code);
    for (const helper of others) {
      const used = user.names.usedOf(helper.names);
      const isAnothers = ({ name }: DefinedName) =>
        (owners.get(name) ?? helper.text) !== helper.text;
      if (used.some(isAnothers)) return undefined;
      for (const { name } of used) owners.set(name, helper.text);
      if (used.length > 0) needed.add(helper);
    }
  }
  return needed;
}

function mentions(code: string, entry: string): boolean {
  return new RegExp(`(?<![\\w$])${entry.replace(/\W/g, "\\$&")}(?![\\w$])`).test(code);
}

/** Whether the lines of one text stand in another, one after the other. */
function holdsLines(lines: readonly string[], wanted: readonly string[]): boolean {
  if (wanted.length > lines.length) return false;
  const matches = matchLengths([...wanted, undefined, ...lines]);
  return matches.includes(wanted.length, wanted.length);
}

/**
 * How many of the first items also end at each item; linear.
 *
 * @see https://doi.org/10.1137/0206024 Knuth, Morris, Pratt
 */
function matchLengths(items: readonly (string | undefined)[]): number[] {
  const lengths = [0];
  for (let at = 1; at < items.length; at += 1) {
    let length = lengths[at - 1] ?? 0;
    while (length > 0 && items[at] !== items[length]) length = lengths[length - 1] ?? 0;
    lengths.push(items[at] === items[length] ? length + 1 : length);
  }
  return lengths;
}
