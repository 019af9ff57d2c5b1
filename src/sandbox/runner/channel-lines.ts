import type { RunnerMessage } from "../protocol.ts";

// Taken once, before any skill code could put its own in their place.
const { parse, stringify } = JSON;
const { isArray } = Array;
const { keys } = Object;
const { apply } = Reflect;
const { indexOf } = Uint8Array.prototype;
const { decode } = TextDecoder.prototype;
const Bytes = Uint8Array;
const bufferBytes = 65_536;
const newline = 10;

/**
 * Returns a message as one line of JSON. By hand: `JSON.stringify` would ask every object for the
 * `toJSON` it inherits, which a skill can have written, and hand it the exchange's id.
 */
export function lineOf(message: RunnerMessage): string {
  return jsonOf(message);
}

function jsonOf(value: unknown): string {
  if (typeof value !== "object" || value === null) {
    // A text, a number, true, false or null: none is asked for a `toJSON`.
    return stringify(value);
  }
  let text = "";
  if (isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      text += `${index === 0 ? "" : ","}${jsonOf(value[index])}`;
    }
    return `[${text}]`;
  }
  const names = keys(value);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    const item: unknown = (value as Readonly<Record<string, unknown>>)[name];
    if (item !== undefined) {
      text += `${text === "" ? "" : ","}${stringify(name)}:${jsonOf(item)}`;
    }
  }
  return `{${text}}`;
}

/**
 * Calls back with each line as parsed JSON, until the end of input. Skill code of this process must
 * see nothing of it, since a line names the next exchange: no method is looked up where it could be.
 */
export async function readMessages<Message>(
  read: (buffer: Uint8Array) => Promise<number | null>,
  onMessage: (message: Message) => void,
): Promise<void> {
  const memory = new ArrayBuffer(bufferBytes);
  const buffer = new Bytes(memory);
  const decoder = new TextDecoder();
  const streamed = { stream: true };
  let text = "";
  for (let count = await read(buffer); count !== null; count = await read(buffer)) {
    let start = 0;
    for (let end = find(buffer, 0, count); end !== -1; end = find(buffer, start, count)) {
      // Not `subarray`, which asks the array for its constructor.
      text += apply(decode, decoder, [new Bytes(memory, start, end - start)]);
      onMessage(parse(text));
      text = "";
      start = end + 1;
    }
    text += apply(decode, decoder, [new Bytes(memory, start, count - start), streamed]);
  }
}

/** Where the line ends that begins at `start`, or -1; what lies behind `count` is an earlier read's. */
function find(bytes: Uint8Array, start: number, count: number): number {
  const end: number = apply(indexOf, bytes, [newline, start]);
  return end < count ? end : -1;
}
