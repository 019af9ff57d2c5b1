import { createInterface } from "node:readline";
import type { InputStream, OutputStream } from "./cli-environment.ts";

export type LineRead =
  | { readonly kind: "line"; readonly text: string }
  /** Ctrl-C at the prompt; what was typed is dropped. */
  | { readonly kind: "interrupted"; readonly wasEmpty: boolean }
  | { readonly kind: "ended" };

/** What the line could go on with, and the part of it that would be replaced. */
export type Completion = [string[], string];

export interface ReadOptions {
  readonly complete?: (line: string) => Completion | Promise<Completion>;
  /** Newest first. */
  readonly history?: readonly string[];
}

/** Reads what a person types, or what a script pipes in, line by line. */
export interface LineReader {
  /** A script sees no prompt. */
  read(prompt: string, options?: ReadOptions): Promise<LineRead>;
  close(): void;
}

export function createLineReader(stdin: InputStream, stdout: OutputStream): LineReader {
  return stdin.isTTY === true && stdout.isTTY === true
    ? createTerminalReader(stdin, stdout)
    : createPipeReader(stdin);
}

/**
 * Opens readline for one line at a time: while none is open the terminal is in its ordinary mode,
 * so that Ctrl-C reaches the process and typing does not disturb the status line.
 */
function createTerminalReader(input: InputStream, output: OutputStream): LineReader {
  /** Lines pasted together with the one that was asked for. */
  const ahead: string[] = [];
  let unfinished = "";
  return {
    read: (prompt, options = {}) => {
      const next = ahead.shift();
      if (next !== undefined) {
        output.write(`${prompt}${next}\n`);
        return Promise.resolve({ kind: "line", text: next });
      }
      return new Promise((resolve) => {
        const { complete, history = [] } = options;
        const readline = createInterface({
          input,
          output,
          prompt,
          terminal: true,
          history: [...history],
          removeHistoryDuplicates: true,
          ...(complete === undefined ? {} : { completer: asCompleter(complete) }),
        });
        let first: string | undefined;
        readline.on("line", (line) => {
          if (first !== undefined) {
            ahead.push(line);
            return;
          }
          first = line;
          // The rest of a paste arrives in the same turn; closing at once would lose it.
          setImmediate(() => {
            unfinished = readline.line;
            readline.close();
          });
        });
        readline.on("SIGINT", () => {
          const wasEmpty = readline.line === "";
          output.write("^C\n");
          resolve({ kind: "interrupted", wasEmpty });
          readline.close();
        });
        readline.on("close", () =>
          resolve(first === undefined ? { kind: "ended" } : { kind: "line", text: first }),
        );
        readline.prompt();
        if (unfinished !== "") {
          readline.write(unfinished);
          unfinished = "";
        }
      });
    },
    close: () => {},
  };
}

function asCompleter(complete: NonNullable<ReadOptions["complete"]>) {
  return (line: string, done: (error: null, result: [string[], string]) => void) => {
    const completion = complete(line);
    if (!(completion instanceof Promise)) {
      // At once: keys that are already in the buffer must come behind the completion.
      done(null, completion);
      return;
    }
    // No completion is better than a broken prompt.
    completion.then(
      (result) => done(null, result),
      () => done(null, [[], line]),
    );
  };
}

function createPipeReader(input: InputStream): LineReader {
  const readline = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  const lines = readline[Symbol.asyncIterator]();
  return {
    read: async () => {
      const { value, done } = await lines.next();
      return done === true ? { kind: "ended" } : { kind: "line", text: value };
    },
    close: () => readline.close(),
  };
}
