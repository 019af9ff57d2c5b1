import type { Contract } from "../verify/contract.ts";

/** Text cut to size, and how many characters it lost. */
export interface Shortened {
  readonly text: string;
  readonly leftOut: number;
}

/** A fenced block whose fence is longer than any in the text, so that the text cannot close it. */
export function fenced(text: string, info = ""): string {
  const runs = Array.from(text.matchAll(/`+/g), (match) => match[0].length);
  const fence = "`".repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return `${fence}${info}\n${text}\n${fence}`;
}

/** One fenced block of `- item` lines; further lines of an item are indented. */
export function fencedList(items: readonly string[]): string {
  return fenced(items.map((item) => `- ${item.replaceAll("\n", "\n  ")}`).join("\n"), "text");
}

/**
 * At most `maxCharacters` of a text (and a mark that says how much is missing): its beginning, and
 * a third from its end. Never splits a surrogate pair.
 */
export function shorten(text: string, maxCharacters: number): Shortened {
  if (text.length <= maxCharacters) {
    return { text, leftOut: 0 };
  }
  // The mark between the two takes room of its own.
  const room = Math.max(0, maxCharacters - 45);
  const tailLength = Math.floor(room / 3);
  const head = wholeHead(text, room - tailLength);
  const tail = wholeTail(text, tailLength);
  const leftOut = text.length - head.length - tail.length;
  return { text: `${head}\n[… ${leftOut} characters left out …]\n${tail}`, leftOut };
}

function wholeHead(text: string, length: number): string {
  const code = text.charCodeAt(length - 1);
  return text.slice(0, code >= 0xd800 && code <= 0xdbff ? length - 1 : length);
}

function wholeTail(text: string, length: number): string {
  const start = text.length - length;
  const code = text.charCodeAt(start);
  return text.slice(code >= 0xdc00 && code <= 0xdfff ? start + 1 : start);
}

/** The part of a contract that matters to a model, a line for each of its members. */
export function contractText(contract: Contract): string {
  const { description, entry, parameters, result, errors, capabilities, files, tolerance } =
    contract;
  const rows = [
    `"description": ${JSON.stringify(description)}`,
    `"entry": ${JSON.stringify(entry)}`,
    `"parameters": ${rowsOf(parameters)}`,
    `"result": ${JSON.stringify(result)}`,
    ...(tolerance === undefined ? [] : [`"tolerance": ${tolerance}`]),
    `"errors": ${rowsOf(errors)}`,
    `"capabilities": ${JSON.stringify(capabilities)}`,
    `"files": ${JSON.stringify(files)}`,
  ];
  return `{\n  ${rows.join(",\n  ")}\n}`;
}

function rowsOf(values: readonly unknown[]): string {
  return values.length === 0
    ? "[]"
    : `[\n    ${values.map((value) => JSON.stringify(value)).join(",\n    ")}\n  ]`;
}

/** `count_words(text)`: what the coder must define. */
export function entrySignature(contract: Contract): string {
  return `${contract.entry}(${contract.parameters.map(({ name }) => name).join(", ")})`;
}
