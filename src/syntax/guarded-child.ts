import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { killProcessTree, startProcess } from "../shared/process-tree.ts";
import type { ChildAnswer, ChildRequest } from "./child-protocol.ts";

export type ChildReply =
  | { readonly kind: "answered"; readonly answer: ChildAnswer }
  | { readonly kind: "died" }
  | { readonly kind: "timeout" };

export interface GuardedChildOptions {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * One child process at a time, started by the first request and again after each death, that
 * answers one request at a time. Does not keep the host alive between requests; ends with it.
 */
export class GuardedChild {
  readonly #options: GuardedChildOptions;
  #child: ChildProcess | undefined;
  #settle: ((reply: ChildReply) => void) | undefined;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: GuardedChildOptions) {
    this.#options = options;
  }

  /** True when the next request meets a process that has answered nothing yet. */
  get isCold(): boolean {
    return this.#child === undefined;
  }

  /** Runs `work` when everything queued before it has ended. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => undefined);
    return await turn;
  }

  /** To be called inside `inTurn` only. A child that is late is killed. */
  async request(request: ChildRequest, timeoutMs: number): Promise<ChildReply> {
    const child = this.#child ?? this.#start();
    const reply = await new Promise<ChildReply>((resolve) => {
      // This timer is what keeps the host alive while it waits; the child itself is unref'd.
      const timer = setTimeout(() => this.#settle?.({ kind: "timeout" }), timeoutMs);
      this.#settle = (settled) => {
        clearTimeout(timer);
        this.#settle = undefined;
        resolve(settled);
      };
      child.stdin?.write(`${JSON.stringify(request)}\n`);
    });
    if (reply.kind !== "answered" || reply.answer.isPoisoned) {
      await this.#kill();
    }
    return reply;
  }

  /** Ends the child; a request under way answers `died`, a later one starts another child. */
  async close(): Promise<void> {
    await this.#kill();
  }

  #start(): ChildProcess {
    const child = startProcess(this.#options.command, this.#options.args, {
      env: minimalEnvironment(),
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#child = child;
    const onEnd = () => {
      if (this.#child === child) {
        this.#child = undefined;
        this.#settle?.({ kind: "died" });
      }
    };
    child.once("error", onEnd);
    child.once("exit", onEnd);
    // A write to a child that has just died: its `exit` tells the same.
    child.stdin?.on("error", () => {});
    if (child.stdout !== null) {
      createInterface({ input: child.stdout }).on("line", (line) => {
        if (this.#child === child) this.#settle?.(parseReply(line));
      });
    }
    unreference(child);
    return child;
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child !== undefined) {
      this.#settle?.({ kind: "died" });
      await killProcessTree(child);
    }
  }
}

function parseReply(line: string): ChildReply {
  try {
    const answer: ChildAnswer = JSON.parse(line);
    return { kind: "answered", answer };
  } catch {
    // Half a line means that the child died while it wrote.
    return { kind: "died" };
  }
}

function minimalEnvironment(): Record<string, string> {
  const systemRoot = process.env["SystemRoot"];
  // Windows starts no process without it.
  return process.platform === "win32" && systemRoot !== undefined ? { SystemRoot: systemRoot } : {};
}

function unreference(child: ChildProcess): void {
  child.unref();
  for (const stream of [child.stdin, child.stdout]) {
    if (stream !== null && "unref" in stream && typeof stream.unref === "function") {
      stream.unref();
    }
  }
}
