import { styleText } from "node:util";
import type { CliEnvironment, OutputStream } from "./cli-environment.ts";

export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

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
  /** Text for people, on standard output; nothing under `--json`. */
  print(...lines: readonly string[]): void;
  /** Problems and hints, on standard error. */
  note(...lines: readonly string[]): void;
  /** One value a line; nothing without `--json`. */
  emit(value: unknown): void;
}

export function createScreen(environment: CliEnvironment, isJson: boolean): Screen {
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
      if (!isJson && lines.length > 0) {
        stdout.write(`${lines.join("\n")}\n`);
      }
    },
    note: (...lines) => {
      if (lines.length > 0) {
        stderr.write(`${lines.join("\n")}\n`);
      }
    },
    emit: (value) => {
      if (isJson) {
        stdout.write(`${JSON.stringify(value)}\n`);
      }
    },
  };
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
