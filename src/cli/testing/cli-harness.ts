import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import type { ApplicationSettings, CliEnvironment, OutputStream } from "../cli-environment.ts";
import { runCli } from "../run-cli.ts";
import { type FakeApplication, fakeApplication, type Step } from "./fake-application.ts";

export interface CliOutcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly settings: ApplicationSettings | undefined;
}

export interface CliOrder {
  readonly steps?: readonly Step[];
  readonly stdin?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly isTerminal?: boolean;
  /** Standard input is a terminal as well. */
  readonly canAsk?: boolean;
  readonly columns?: number;
  /** Called with a function that presses Ctrl-C. */
  readonly onStart?: (interrupt: () => void) => void;
  /** Working folder; a fresh one that is removed when absent. */
  readonly cwd?: string;
}

/** Runs one command line against a scripted application; fails on calls that were left over. */
export async function runCommand(
  argv: readonly string[],
  order: CliOrder = {},
): Promise<CliOutcome> {
  const own = order.cwd === undefined ? mkdtempSync(join(tmpdir(), "cli-")) : undefined;
  const cwd = order.cwd ?? own ?? "";
  let application: FakeApplication | undefined;
  let settings: ApplicationSettings | undefined;
  const listeners = new Set<() => void>();
  const [stdout, stderr] = [capture(order), capture(order)];
  const stdin = new PassThrough();
  stdin.end(order.stdin ?? "");
  const environment: CliEnvironment = {
    cwd,
    env: order.env ?? {},
    homeDirectory: cwd,
    stdin: Object.assign(stdin, { isTTY: order.canAsk === true }),
    stdout: stdout.stream,
    stderr: stderr.stream,
    clock: { now: () => new Date(0), monotonicMs: () => 0 },
    openApplication: async (given) => {
      settings = given;
      application = fakeApplication(given.config, order.steps ?? []);
      return application;
    },
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exitNow: (code) => {
      throw new Error(`exitNow(${code})`);
    },
  };
  order.onStart?.(() => {
    for (const listener of listeners) {
      listener();
    }
  });
  try {
    const code = await runCli(argv, environment);
    expectClean(application, order, listeners);
    return { code, stdout: stdout.text(), stderr: stderr.text(), settings };
  } finally {
    if (own !== undefined) {
      rmSync(own, { recursive: true, force: true });
    }
  }
}

function expectClean(
  application: FakeApplication | undefined,
  order: CliOrder,
  listeners: ReadonlySet<unknown>,
): void {
  application?.expectDone();
  if (application === undefined && (order.steps ?? []).length > 0) {
    throw new Error("the application was never opened");
  }
  if (application?.isClosed() === false) {
    throw new Error("the application was left open");
  }
  if (listeners.size > 0) {
    throw new Error("a listener for Ctrl-C was left");
  }
}

function capture(order: CliOrder): { stream: OutputStream; text: () => string } {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk.toString("utf8")));
  const { isTerminal = false, columns = 80 } = order;
  return {
    stream: Object.assign(stream, { isTTY: isTerminal, columns }),
    text: () => chunks.join(""),
  };
}
