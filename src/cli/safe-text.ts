/*
 * What a model or a skill wrote may hold escape sequences that recolour, rewrite or rename the
 * reader's terminal, and bidirectional marks that show code in another order than it runs.
 */
const dangerous = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
/** Joiners that scripts and emoji need, and Arabic and Indic signs that are visible themselves. */
const harmless = /\u200c|\u200d|[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u{110bd}\u{110cd}]/u;

/** Returns text for one line of a terminal: every control character is written out, newlines too. */
export function safeLine(text: string): string {
  return text.replace(dangerous, showCharacter);
}

/** Returns text for several lines: like {@link safeLine}, but newlines and tabs stay. */
export function safeText(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(dangerous, (found) =>
      found === "\n" || found === "\t" ? found : showCharacter(found),
    );
}

/**
 * Returns a value as one line of JSON that says the same to a program and nothing to a terminal: JSON
 * itself escapes neither the upper control characters nor those that change the order of writing.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(dangerous, (found) =>
    harmless.test(found) ? found : found.split("").map(escapeUnit).join(""),
  );
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** Returns at most `length` characters, with `…` for what was cut; no character is cut in two. */
export function shorten(text: string, length: number): string {
  const characters = [...text.slice(0, length * 2 + 2)];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join("")}…`;
}

const named = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

function showCharacter(character: string): string {
  if (harmless.test(character)) {
    return character;
  }
  const code = character.codePointAt(0) ?? 0;
  const hexadecimal = code.toString(16);
  const numbered =
    code <= 0xff ? `\\x${hexadecimal.padStart(2, "0")}` : `\\u{${hexadecimal.padStart(4, "0")}}`;
  return named.get(character) ?? numbered;
}
