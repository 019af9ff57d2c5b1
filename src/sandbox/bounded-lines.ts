import type { Readable } from "node:stream";

export interface BoundedLineEvents {
  onLine(line: string): void;
  /** A line grew longer than allowed; nothing more is read. */
  onTooLong(): void;
}

const newline = 10;

/** Splits a stream into lines and never holds more than one line's bytes; an unended line is dropped. */
export function readBoundedLines(
  stream: Readable,
  maxLineBytes: () => number,
  events: BoundedLineEvents,
): void {
  let pieces: Buffer[] = [];
  let length = 0;
  let isStopped = false;

  const take = (piece: Buffer): boolean => {
    length += piece.length;
    if (length > maxLineBytes()) {
      isStopped = true;
      pieces = [];
      events.onTooLong();
      return false;
    }
    pieces.push(piece);
    return true;
  };
  stream.on("data", (chunk: Buffer) => {
    let rest = chunk;
    for (let end = rest.indexOf(newline); end !== -1 && !isStopped; end = rest.indexOf(newline)) {
      if (take(rest.subarray(0, end))) {
        const line = Buffer.concat(pieces).toString("utf8");
        pieces = [];
        length = 0;
        events.onLine(line);
      }
      rest = rest.subarray(end + 1);
    }
    if (!isStopped && rest.length > 0) {
      take(rest);
    }
  });
}
