import type { TaggedValue } from "../sandbox/sandbox.ts";
import { type ValueForm, valueForm } from "./tagged-value.ts";

const maxShownDepth = 12;
/** C0 but for line feed and tab, C1, line separators, and marks that reorder what is read. */
const unsafeCharacters =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Text of a skill made safe for terminals and prompts: control and reordering characters escaped. */
export function escapeControls(text: string): string {
  return text.replace(
    unsafeCharacters,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** At most `maxLength` characters, the last a `…` where something was cut. */
export function shorten(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${text.slice(0, Math.max(0, maxLength - 1))}…`;
}

/** A value on one line, like JSON; bounded in length and depth whatever the value is. */
export function showValue(value: TaggedValue, maxLength = 200): string {
  const parts = new BoundedText(maxLength + 1);
  print(value, parts, 0);
  return shorten(parts.text, maxLength);
}

/** Stops growing once it is longer than will be shown, so that huge values cost nothing. */
class BoundedText {
  text = "";
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get isFull(): boolean {
    return this.room <= 0;
  }

  /** Characters that may still be added. */
  get room(): number {
    return this.#limit - this.text.length;
  }

  add(part: string): void {
    if (!this.isFull) {
      this.text += part;
    }
  }
}

function print(value: TaggedValue, out: BoundedText, depth: number): void {
  if (out.isFull) {
    return;
  }
  if (depth > maxShownDepth) {
    out.add("…");
    return;
  }
  const form = valueForm(value);
  if (form.kind === "array") {
    printItems(form.items, out, depth, "[", "]");
  } else if (form.kind === "set") {
    printItems(form.items, out, depth, "set([", "])");
  } else if (form.kind === "object") {
    printObject(form, out, depth);
  } else {
    out.add(scalarText(form, out.room));
  }
}

function scalarText(
  form: Exclude<ValueForm, { kind: "array" | "set" | "object" }>,
  room: number,
): string {
  switch (form.kind) {
    case "null":
      return "null";
    case "boolean":
      return String(form.value);
    case "number":
      return Object.is(form.value, -0) ? "-0" : String(form.value);
    case "integer":
      return form.digits;
    case "string":
      return quoted(form.value, room);
    case "bytes":
      return `bytes(base64 ${quoted(form.base64, room)})`;
    case "opaque":
      return `<no plain value: ${escapeControls(form.text.slice(0, room)).replace(/\s+/g, " ")}>`;
  }
}

function quoted(text: string, room: number): string {
  return escapeControls(JSON.stringify(text.slice(0, room)));
}

function printItems(
  items: readonly TaggedValue[],
  out: BoundedText,
  depth: number,
  open: string,
  close: string,
): void {
  out.add(open);
  for (const [index, item] of items.entries()) {
    if (out.isFull) {
      return;
    }
    out.add(index === 0 ? "" : ", ");
    print(item, out, depth + 1);
  }
  out.add(close);
}

function printObject(
  form: Extract<ValueForm, { kind: "object" }>,
  out: BoundedText,
  depth: number,
): void {
  out.add("{");
  let isFirst = true;
  for (const key of Object.keys(form.value)) {
    if (out.isFull) {
      return;
    }
    out.add(isFirst ? "" : ", ");
    isFirst = false;
    out.add(quoted(key, out.room));
    out.add(": ");
    print(form.value[key] ?? null, out, depth + 1);
  }
  out.add("}");
}
