import type { Readable, Writable } from "node:stream";
import type { PrintedOutput } from "../runner/printed-output.ts";

/** The standard streams of a skill's `process`, each made when it is first asked for. */
export interface ProcessStreams {
  stdin(): Readable;
  stdout(): Writable;
  stderr(): Writable;
}

type StreamModule = Pick<typeof import("node:stream"), "Readable" | "Writable">;

/** Returns streams that end at once, and that write to the skill's own captured output. */
export function createProcessStreams(
  loadStreams: () => StreamModule,
  printed: PrintedOutput,
): ProcessStreams {
  let stdin: Readable | undefined;
  let stdout: Writable | undefined;
  let stderr: Writable | undefined;
  return {
    stdin: () => {
      stdin ??= Object.assign(loadStreams().Readable.from([]), { fd: 0, isTTY: false });
      return stdin;
    },
    stdout: () => {
      stdout ??= Object.assign(captured(loadStreams(), printed), { fd: 1, isTTY: false });
      return stdout;
    },
    stderr: () => {
      stderr ??= Object.assign(captured(loadStreams(), printed), { fd: 2, isTTY: false });
      return stderr;
    },
  };
}

function captured({ Writable }: StreamModule, printed: PrintedOutput): Writable {
  const decoder = new TextDecoder();
  return new Writable({
    decodeStrings: false,
    write: (chunk: unknown, _encoding, done) => {
      const isText = typeof chunk === "string";
      printed.write(isText ? chunk : decoder.decode(chunk as Uint8Array, { stream: true }));
      done();
    },
  });
}
