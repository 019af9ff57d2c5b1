import { AgentError } from "../shared/errors.ts";
import type { InputStream } from "./cli-environment.ts";

const newline = 0x0a;
const maxLineBytes = 16 * 1024 * 1024;

export interface InputLine {
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
}

/**
 * Gives the lines of a stream one by one and reads on only when the next is asked for; empty ones
 * are left out, but counted.
 *
 * @throws {AgentError} USAGE for a line beyond 16 MB, after which no other can be found.
 */
export async function* readLines(stdin: InputStream): AsyncGenerator<InputLine, void, undefined> {
  let number = 0;
  let rest: Buffer[] = [];
  let restBytes = 0;
  const take = (end: Buffer): InputLine => {
    const text = Buffer.concat([...rest, end])
      .toString("utf8")
      .trim();
    rest = [];
    restBytes = 0;
    number += 1;
    return { number, text };
  };
  for await (const chunk of stdin) {
    let left = Buffer.from(chunk);
    for (let at = left.indexOf(newline); at !== -1; at = left.indexOf(newline)) {
      const line = take(left.subarray(0, at));
      left = left.subarray(at + 1);
      if (line.text !== "") {
        yield line;
      }
    }
    rest.push(left);
    restBytes += left.length;
    if (restBytes > maxLineBytes) {
      throw tooLong(number + 1);
    }
  }
  const last = take(Buffer.alloc(0));
  if (last.text !== "") {
    yield last;
  }
}

function tooLong(number: number): AgentError {
  return new AgentError(
    "USAGE",
    `Reading standard input: line ${number} has more than ${maxLineBytes} bytes; at most that is wanted; give large data as a file with --input.`,
    { blame: "caller" },
  );
}
