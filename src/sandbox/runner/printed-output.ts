import type { Channel } from "./channel.ts";

const flushIntervalMs = 50;
const maxPieceCharacters = 16_384;
/** As many prints go out at once after a silence; only a flood waits for the clock. */
const promptPrints = 64;
const utf8Encoder = new TextEncoder();

/** Carries what a skill prints to the host while it runs, so that a killed call keeps it. */
export interface PrintedOutput {
  /** From here on printed text belongs to this exchange. */
  begin(id: string, maxOutputBytes: number, maxMessageBytes: number): void;
  write(text: string): void;
  /** Sends what is left; later prints, from a timer say, belong to nobody and are dropped. */
  end(): void;
}

/** Calls back once, after so long; must not keep the process from ending. */
export type Later = (callback: () => void, ms: number) => void;

/** Returns the output of one process; too much of it ends the process with `output-limit`. */
export function createPrintedOutput(channel: Channel, later: Later): PrintedOutput {
  const now = performance.now.bind(performance);
  let id: string | undefined;
  let remainingBytes = 0;
  let maxBytes = 0;
  let pieceCharacters = maxPieceCharacters;
  let buffered = "";
  let lastFlushMs = 0;
  let promptLeft = 0;
  let isFlushPlanned = false;

  const flush = (): void => {
    for (let start = 0; id !== undefined && start < buffered.length; start += pieceCharacters) {
      channel.send({ type: "printed", id, text: buffered.slice(start, start + pieceCharacters) });
    }
    buffered = "";
    lastFlushMs = now();
  };
  /** For a program that prints, then waits; it must not be kept from ending by this. */
  const flushLater = (): void => {
    if (!isFlushPlanned) {
      isFlushPlanned = true;
      later(() => {
        isFlushPlanned = false;
        flush();
      }, flushIntervalMs);
    }
  };
  const stop = (exchange: string): never => {
    flush();
    const detail = `it printed more than the ${maxBytes} bytes allowed`;
    const limit = "maxOutputBytes";
    channel.send({ type: "died", id: exchange, reason: "output-limit", detail, limit });
    return channel.exit(70);
  };
  return {
    begin: (newId, maxOutputBytes, maxMessageBytes) => {
      id = newId;
      maxBytes = maxOutputBytes;
      remainingBytes = maxOutputBytes;
      // One character takes at most six bytes as JSON.
      pieceCharacters = Math.max(1, Math.min(maxPieceCharacters, Math.floor(maxMessageBytes / 8)));
      lastFlushMs = Number.NEGATIVE_INFINITY;
    },
    write: (text) => {
      if (id === undefined) {
        return;
      }
      // More characters than bytes are left: no need to encode a flood to know that it is one.
      const bytes = text.length > remainingBytes ? text.length : utf8Encoder.encode(text).length;
      if (bytes > remainingBytes) {
        buffered += text.slice(0, remainingBytes);
        stop(id);
      }
      remainingBytes -= bytes;
      buffered += text;
      promptLeft = now() - lastFlushMs >= flushIntervalMs ? promptPrints : promptLeft - 1;
      if (buffered.length >= maxPieceCharacters || promptLeft > 0) {
        flush();
      } else {
        flushLater();
      }
    },
    end: () => {
      flush();
      id = undefined;
    },
  };
}
