import { fieldOf, parseJson } from "../../shared/json.ts";
import type { RemoteKind } from "./api-key.ts";

/** How a wire writes an event that is some text of the answer and nothing else. */
interface DeltaShape {
  /** What stands before the text. */
  readonly opening: RegExp;
  /** The text of an event that was parsed; undefined of every other event. */
  readonly textOf: (event: unknown) => unknown;
}

const shapes: Readonly<Record<RemoteKind, DeltaShape>> = {
  openai: {
    opening: /"delta": ?"/,
    textOf: (event) =>
      fieldOf(event, "type") === "response.output_text.delta" ? fieldOf(event, "delta") : undefined,
  },
  anthropic: {
    opening: /"text": ?"/,
    textOf: (event) => {
      const delta = fieldOf(event, "delta");
      return fieldOf(delta, "type") === "text_delta" ? fieldOf(delta, "text") : undefined;
    },
  },
  compatible: { opening: /"content": ?"/, textOf: contentOfOnlyChoice },
};

function contentOfOnlyChoice(event: unknown): unknown {
  const choices = fieldOf(event, "choices");
  if (!Array.isArray(choices) || choices.length !== 1) return undefined;
  const delta = fieldOf(choices[0], "delta");
  if (typeof delta !== "object" || delta === null) return undefined;
  const { content, role: _, ...others }: { content?: unknown; role?: unknown } = delta;
  const isPlain = Object.values(others).every((value) => value === null);
  return isPlain && fieldOf(choices[0], "finish_reason") == null ? content : undefined;
}

/** The inside of a string of JSON, one character a byte. Two can be joined: none begins or ends in half a letter. */
const stringBody = String.raw`(?![\x80-\xbf])(?:[ !#-[\]-\xff]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))+`;
const bodyAt = new RegExp(stringBody, "y");
/** What differs in every event of OpenAI, and says nothing: a count, and padding. */
const count = /(?<="sequence_number":)\d+/;
const padding = /(?<="obfuscation":")\w*/;
const eventLines = /^(?:event: ?[\w.]+\n)?data: ?(\{.*\})$/;
const eventEnd = "\n\n";
const lineFeed = 10;
/** Of some ten events: what comes in smaller reads comes slowly enough. */
const fewBytes = 2_048;

/**
 * Makes one event of those that came in one read, one after the other, and are text and nothing else,
 * since a package takes longer for an event than any server. Whatever else comes, and an event that
 * was cut between two reads, goes on byte for byte; nothing is held back.
 */
export class DeltaMerger {
  readonly #shape: DeltaShape;
  readonly #onMerged: (count: number) => void;
  #isAtEvent = true;
  /** Matches what is like the last such event: what is before its text, the text, what is after it. */
  #alike = /(?!)/;

  /** @param onMerged told how many events became part of another. */
  constructor(kind: RemoteKind, onMerged: (count: number) => void) {
    this.#shape = shapes[kind];
    this.#onMerged = onMerged;
  }

  push(chunk: Uint8Array): Uint8Array {
    const wasAtEvent = this.#isAtEvent;
    this.#isAtEvent = chunk.at(-1) === lineFeed && chunk.at(-2) === lineFeed;
    if (chunk.length < fewBytes) return chunk;
    // One character a byte: cutting and joining cannot damage what is no ASCII.
    const all = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    const first = wasAtEvent ? 0 : all.indexOf(eventEnd) + eventEnd.length;
    const last = all.lastIndexOf(eventEnd);
    if (last <= first) return chunk;
    const events = all.slice(first, last).split(eventEnd);
    const merged = this.#merge(events);
    if (merged.length === events.length) return chunk;
    return Buffer.from(all.slice(0, first) + merged.join(eventEnd) + all.slice(last), "latin1");
  }

  #merge(events: readonly string[]): string[] {
    const merged: string[] = [];
    for (let index = 0; index < events.length; ) {
      const event = events[index] ?? "";
      const texts = this.#textsFrom(events, index);
      if (texts.length > 1) {
        merged.push(
          event.replace(this.#alike, (_, head, __, tail) => head + texts.join("") + tail),
        );
        this.#onMerged(texts.length - 1);
      } else merged.push(event);
      index += Math.max(1, texts.length);
    }
    return merged;
  }

  /** The texts of an event and of those after it that are like it. */
  #textsFrom(events: readonly string[], start: number): string[] {
    const texts: string[] = [];
    for (let index = start; index < events.length; index += 1) {
      const event = events[index] ?? "";
      const text =
        this.#alike.exec(event)?.[2] ?? (index === start ? this.#learn(event) : undefined);
      if (text === undefined) break;
      texts.push(text);
    }
    return texts;
  }

  #learn(event: string): string | undefined {
    const { opening, textOf } = this.#shape;
    const before = opening.exec(event);
    if (before === null) return undefined;
    const start = before.index + before[0].length;
    bodyAt.lastIndex = start;
    const [text] = bodyAt.exec(event) ?? [];
    if (text === undefined) return undefined;
    const [head, tail] = [event.slice(0, start), event.slice(start + text.length)];
    const json = eventLines.exec(`${head}?${tail}`)?.[1];
    if (json === undefined || textOf(parseJson(json)) !== "?") return undefined;
    this.#alike = new RegExp(`^(${patternOf(head)})(${stringBody})(${patternOf(tail)})$`);
    return text;
  }
}

function patternOf(part: string): string {
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const padded = (text: string) => text.split(padding).map(literal).join("\\w*");
  return part.split(count).map(padded).join("\\d+");
}
