import { styleText } from "node:util";
import type { CliEnvironment, OutputStream } from "./cli-environment.ts";
import { jsonLine } from "./safe-text.ts";
import { wrapLine } from "./wrap-line.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Text that is copied or has a shape of its own: code, JSON, a command. Never wrapped. */
export interface Verbatim {
  readonly verbatim: string;
}

/** A line of prose, or what is shown as it is, perhaps of several lines. */
export type Line = string | Verbatim;

export function verbatim(text: string): Verbatim {
  return { verbatim: text };
}

/** Where a command shows things. Under `--json` standard output carries JSON and nothing else. */
export interface Screen {
  readonly isJson: boolean;
  /** True when a status line can be drawn and redrawn. */
  readonly isLive: boolean;
  /** True when a person can be asked something. */
  readonly canAsk: boolean;
  readonly stdout: OutputStream;
  columns(): number;
  style(style: Style, text: string): string;
  /**
   * Text for people, on standard output; nothing under `--json`. On a terminal lines are wrapped to
   * its width, elsewhere they stay whole.
   */
  print(...lines: readonly Line[]): void;
  /** Problems and hints, on standard error; wrapped in the same way. */
  note(...lines: readonly Line[]): void;
  /** One value a line; nothing without `--json`. */
  emit(value: unknown): void;
}

export function createScreen(
  environment: Pick<CliEnvironment, "stdout" | "stderr" | "stdin" | "env">,
  isJson: boolean,
): Screen {
  const { stdout, stderr, stdin, env } = environment;
  const isColoured = usesColour(stdout, env);
  const isDumb = env["TERM"] === "dumb";
  return {
    isJson,
    isLive: stdout.isTTY === true && !isJson && !isDumb,
    canAsk: stdin.isTTY === true && stdout.isTTY === true && !isJson,
    stdout,
    columns: () => stdout.columns ?? 80,
    style: (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text),
    print: (...lines) => {
      if (!isJson) {
        writeLines(stdout, lines);
      }
    },
    note: (...lines) => writeLines(stderr, lines),
    emit: (value) => {
      if (isJson) {
        stdout.write(`${jsonLine(value)}\n`);
      }
    },
  };
}

function writeLines(stream: OutputStream, lines: readonly Line[]): void {
  if (lines.length > 0) {
    const { columns } = stream;
    const isWrapped = stream.isTTY === true && columns !== undefined;
    const wrap = (line: string) => (isWrapped ? wrapLine(line, columns) : [line]);
    const shown = lines.flatMap((line) => (typeof line === "string" ? wrap(line) : line.verbatim));
    stream.write(`${shown.join("\n")}\n`);
  }
}

/** `FORCE_COLOR` beats `NO_COLOR`, as in Node; otherwise colours go to terminals only. */
function usesColour(stream: OutputStream, env: NodeJS.ProcessEnv): boolean {
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) {
    return forced !== "0" && forced !== "false";
  }
  if ((env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb") {
    return false;
  }
  return stream.isTTY === true;
}
