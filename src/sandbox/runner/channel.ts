import { denoRuntime } from "../deno-runtime.ts";
import type { HostMessage, RunnerMessage } from "../protocol.ts";
import { lineOf, readMessages } from "./channel-lines.ts";

// Taken once, before any skill code could put its own in their place.
const { stringify } = JSON;
const { apply } = Reflect;
const Bytes = Uint8Array;
const { then } = Promise.prototype;
const encoder = new TextEncoder();
const encode = encoder.encode.bind(encoder);

/** The runner's end of the protocol; whoever holds it can speak for the process. */
export interface Channel {
  send(message: RunnerMessage): void;
  /** As `send`, for an answer whose value is JSON text already. */
  sendReturned(id: string, valueText: string): void;
  /** Calls back for each message in turn, never two at once; ends the process at the end of input. */
  listen(onMessage: (message: HostMessage) => Promise<void>): Promise<never>;
  exit(code: number): never;
  /** Whether waiting for the host counts as something that is still to happen; at first it does. */
  keepWaiting(isNeeded: boolean): void;
}

/** What a channel stands on: the process's own pipes, or a rehearsal's. */
export interface ChannelEnds {
  /** Resolves to how many bytes were read, or null at the end of input. */
  read(buffer: Uint8Array): Promise<number | null>;
  /** Returns how many bytes were written. */
  write(bytes: Uint8Array): number;
  exit(code: number): never;
  keepWaiting(isNeeded: boolean): void;
}

/** Takes hold of stdin, stdout and exit; afterwards they can be taken away from everybody else. */
export function openChannel(): Channel {
  const deno = denoRuntime();
  const hold = stdinMethod(deno.stdin, "REF");
  const release = stdinMethod(deno.stdin, "UNREF");
  return createChannel({
    read: deno.stdin.read.bind(deno.stdin),
    write: deno.stdout.writeSync.bind(deno.stdout),
    exit: deno.exit.bind(deno),
    keepWaiting: (isNeeded) => (isNeeded ? hold() : release()),
  });
}

export function createChannel({ read, write, exit, keepWaiting }: ChannelEnds): Channel {
  const sendText = (text: string): void => {
    const bytes: Uint8Array = encode(`${text}\n`);
    for (let start = write(bytes); start < bytes.length; ) {
      // Not `subarray`, which asks the array for its constructor.
      start += write(new Bytes(bytes.buffer, bytes.byteOffset + start));
    }
  };
  return {
    exit,
    keepWaiting,
    send: (message) => sendText(lineOf(message)),
    sendReturned: (id, valueText) =>
      sendText(`{"type":"returned","id":${stringify(id)},"value":${valueText}}`),
    listen: async (onMessage) => {
      let turn = Promise.resolve();
      await readMessages<HostMessage>(read, (message) => {
        turn = apply(then, turn, [() => onMessage(message)]);
      });
      // The host has closed our stdin or is dead: nobody is left to answer.
      return exit(0);
    },
  };
}

/** Deno has these under symbols alone, for its Node layer. */
function stdinMethod(stdin: object, description: string): () => void {
  const prototype: object = Object.getPrototypeOf(stdin);
  const symbol = Object.getOwnPropertySymbols(prototype).find(
    (candidate) => candidate.description === description,
  );
  const method: unknown = symbol === undefined ? undefined : Reflect.get(prototype, symbol);
  if (typeof method !== "function") {
    throw new TypeError(
      `opening the channel: Deno's standard input has no ${description}, it must; use the pinned Deno`,
    );
  }
  return method.bind(stdin);
}
