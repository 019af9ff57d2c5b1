import type { InputStream } from "./cli-environment.ts";

const newline = 0x0a;
const usualMaxLineBytes = 16 * 1024 * 1024;

export type InputLine = {
  /** Counted from 1. */
  readonly number: number;
} & ({ readonly text: string } | { readonly problem: string });

/**
 * Gives the lines of a stream one by one and reads on only when the next is asked for; empty ones
 * are left out, but counted. A line that is too long or no UTF-8 comes as what is wrong with it; of one
 * that is too long no more is held than is allowed.
 */
export async function* readLines(
  stdin: InputStream,
  maxLineBytes = usualMaxLineBytes,
): AsyncGenerator<InputLine, void, undefined> {
  const line = new OpenLine(maxLineBytes);
  for await (const chunk of stdin) {
    let left = Buffer.from(chunk);
    for (let at = left.indexOf(newline); at !== -1; at = left.indexOf(newline)) {
      line.add(left.subarray(0, at));
      left = left.subarray(at + 1);
      const ended = line.end();
      if (isWorthReading(ended)) {
        yield ended;
      }
    }
    line.add(left);
  }
  const last = line.end();
  if (isWorthReading(last)) {
    yield last;
  }
}

/** The line whose end has not come yet. */
class OpenLine {
  readonly #maxBytes: number;
  #number = 0;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  add(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes > this.#maxBytes) {
      this.#pieces = [];
    } else {
      this.#pieces.push(piece);
    }
  }

  end(): InputLine {
    const [bytes, content] = [this.#bytes, Buffer.concat(this.#pieces)];
    this.#pieces = [];
    this.#bytes = 0;
    this.#number += 1;
    return { number: this.#number, ...readLine(content, bytes, this.#maxBytes) };
  }
}

function readLine(content: Buffer, bytes: number, maxBytes: number) {
  if (bytes > maxBytes) {
    const problem = `it has ${bytes} bytes, at most ${maxBytes} are wanted; give large data as a file with --input`;
    return { problem };
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(content).trim() };
  } catch {
    return { problem: "it is no UTF-8, which is wanted; write it as UTF-8" };
  }
}

function isWorthReading(line: InputLine): boolean {
  return "problem" in line || line.text !== "";
}
