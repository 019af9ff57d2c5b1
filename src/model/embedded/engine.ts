import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { homedir } from "node:os";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { killProcessTree, startProcess } from "../../shared/process-tree.ts";
import type { EngineQuestion, EngineReply } from "./engine-protocol.ts";

/** Without the id, which the engine gives. */
type Question = EngineQuestion extends infer Kind
  ? Kind extends EngineQuestion
    ? Omit<Kind, "id">
    : never
  : never;

type FinalReply = Exclude<EngineReply, { readonly type: "token" }>;
export type TokenReply = Extract<EngineReply, { readonly type: "token" }>;

export type EngineOutcome =
  | FinalReply
  /** The process ended: its signal or exit code, and the last it wrote about it. */
  | { readonly type: "died"; readonly detail: string };

export interface EngineCall {
  readonly signal?: AbortSignal | undefined;
  readonly onToken?: (reply: TokenReply) => void;
}

interface Waiting {
  readonly child: ChildProcess;
  readonly onToken: ((reply: TokenReply) => void) | undefined;
  settle(outcome: EngineOutcome): void;
}

const shownStderrBytes = 600;
/** Reading a long prompt cannot be stopped between two batches: then the process is. */
const abortPatienceMs = 1_000;

/**
 * The process that holds one embedded model, started by the first call and again after it died.
 * Answers one question at a time, in order. Does not keep this process alive between calls, and
 * ends with it, after a `kill -9` too.
 */
export class Engine {
  readonly #entry: string;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #stderr = "";
  #nextId = 0;

  /** @param entry another program that speaks the same lines; for tests. */
  constructor(entry: string = ownEntry()) {
    this.#entry = entry;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Resolves when an abort has stopped the work, if need be by ending the process. */
  async ask(question: Question, call: EngineCall = {}): Promise<EngineOutcome> {
    const id = this.#nextId;
    this.#nextId += 1;
    const child = this.#child ?? this.#start();
    const { signal } = call;
    const { promise, resolve } = Promise.withResolvers<EngineOutcome>();
    this.#waiting.set(id, { child, onToken: call.onToken, settle: resolve });
    this.#holdAlive(child, true);
    let patience: NodeJS.Timeout | undefined;
    const abort = () => {
      child.stdin?.write(`${JSON.stringify({ type: "abort", id })}\n`);
      patience = setTimeout(() => void this.#kill(), abortPatienceMs);
    };
    signal?.addEventListener("abort", abort, { once: true });
    child.stdin?.write(`${JSON.stringify({ ...question, id })}\n`);
    if (signal?.aborted === true) abort();
    try {
      return await promise;
    } finally {
      clearTimeout(patience);
      signal?.removeEventListener("abort", abort);
      this.#waiting.delete(id);
      if (this.#waitingFor(child).length === 0) this.#holdAlive(child, false);
    }
  }

  /** Ends the process; calls under way end as `died`, a later one starts it again. */
  async close(): Promise<void> {
    await this.#kill();
  }

  #start(): ChildProcess {
    const child = startProcess(process.execPath, ["--no-warnings", this.#entry], {
      env: engineEnvironment(),
      stdio: ["pipe", "ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#stderr = "";
    child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-shownStderrBytes);
    });
    // A write to a process that has just died: its `close` tells the same.
    child.stdin?.on("error", () => {});
    createInterface({ input: answersOf(child) }).on("line", (line) => this.#receive(line));
    // `close` and not `exit`: what it wrote last has been read by then.
    child.once("close", (code, signalName) =>
      this.#ended(child, signalName ?? `exit code ${code}`),
    );
    child.once("error", (error) => this.#ended(child, error.message));
    return child;
  }

  #receive(line: string): void {
    const reply: EngineReply = JSON.parse(line);
    const waiting = this.#waiting.get(reply.id);
    if (reply.type === "token") waiting?.onToken?.(reply);
    else waiting?.settle(reply);
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child === child) this.#child = undefined;
    const said = this.#stderr.trim();
    const detail = said === "" ? how : `${how}: ${said}`;
    // The next process may have been started, and asked, before this one was gone.
    for (const waiting of this.#waitingFor(child)) waiting.settle({ type: "died", detail });
  }

  #waitingFor(child: ChildProcess): readonly Waiting[] {
    return [...this.#waiting.values()].filter((waiting) => waiting.child === child);
  }

  async #kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    this.#child = undefined;
    const closed = once(child, "close");
    await killProcessTree(child);
    await closed;
  }

  #holdAlive(child: ChildProcess, isHeld: boolean): void {
    const held: unknown[] = [child, child.stdin, child.stderr, answersOf(child)];
    for (const one of held) setHeld(one, isHeld);
  }
}

function setHeld(held: unknown, isHeld: boolean): void {
  const method = isHeld ? "ref" : "unref";
  const holder = held as { ref?(): unknown; unref?(): unknown } | null;
  holder?.[method]?.();
}

function answersOf(child: ChildProcess): Readable {
  return child.stdio[3] as Readable;
}

/** The engine needs a home for its settings and nothing of ours: no key, no address. */
function engineEnvironment(): Record<string, string> {
  const kept = ["PATH", "SystemRoot", "TEMP", "TMPDIR"];
  const entries = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(entries), HOME: homedir() };
}

function ownEntry(): string {
  const url = new URL(
    import.meta.url.endsWith(".ts") ? "./child.ts" : "./child.js",
    import.meta.url,
  );
  return fileURLToPath(url);
}
