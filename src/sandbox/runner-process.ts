import type { ChildProcess } from "node:child_process";
import { AgentError } from "../shared/errors.ts";
import { killProcessTree, startProcess } from "../shared/process-tree.ts";
import { readBoundedLines } from "./bounded-lines.ts";
import type { CommandLine } from "./command-line.ts";
import type { Death } from "./limit-texts.ts";
import { createProcessMeter, type ProcessMeter } from "./process-usage.ts";
import { type FixedLimitName, fieldLimits, type RunnerMessage } from "./protocol.ts";
import { parseRunnerMessage } from "./runner-messages.ts";

export interface RunnerListener {
  onMessage(message: RunnerMessage): void;
  onDeath(death: Death): void;
}

export interface RunnerProcessOptions {
  readonly startTimeoutMs?: number;
  /** Bounds of memory that its runtime has besides the setting; default: any may be. */
  readonly memoryLimits?: readonly FixedLimitName[];
}

/** A plain Python start takes 4 s of a core; several on a busy machine take longer. */
const usualStartTimeoutMs = 120_000;
const maxStderrCharacters = 4_000;
const maxDetailCharacters = 300;
const exitGraceMs = 1_000;
/** A runner that waits longer may use the time, see `idleMs` of its own. */
const shortWaitMs = 200;

/**
 * One sandboxed process: starts it, speaks lines with it and knows how it died. It serves one
 * listener at a time and is never used for a second program.
 */
export class RunnerProcess {
  readonly #child: ChildProcess;
  readonly #ready: Promise<"snapshot" | "plain">;
  readonly #startTimeoutMs: number;
  readonly #memoryLimits: readonly FixedLimitName[] | undefined;
  #meter: ProcessMeter | undefined;
  #listener: RunnerListener | undefined;
  #death: Death | undefined;
  #gone: Promise<void> | undefined;
  #maxMessageBytes = 65_536;
  #stderr = "";
  #isReady = false;
  #readyAtMs = 0;
  #settleReady: { resolve(from: "snapshot" | "plain"): void; reject(error: Error): void };

  constructor(commandLine: CommandLine, options: RunnerProcessOptions = {}) {
    this.#startTimeoutMs = options.startTimeoutMs ?? usualStartTimeoutMs;
    this.#memoryLimits = options.memoryLimits;
    const { promise, resolve, reject } = Promise.withResolvers<"snapshot" | "plain">();
    this.#ready = promise;
    this.#settleReady = { resolve, reject };
    // Whoever takes the process awaits it; one that nobody takes must not crash the host.
    promise.catch(() => {});
    this.#child = startProcess(commandLine.command, commandLine.args, {
      env: commandLine.env,
      // The fourth is the lifeline: it closes when this process dies, however it dies.
      stdio: ["pipe", "pipe", "pipe", ...(commandLine.endsWithParent ? [] : ["pipe" as const])],
    });
    this.#listen();
    if (commandLine.input !== undefined) {
      this.#child.stdin?.write(commandLine.input);
    }
  }

  /**
   * Resolves when the process can take a program. Keeps the host alive until then, unless it is
   * asked for in the background. @throws {AgentError} SANDBOX_UNAVAILABLE
   */
  async ready(isBackground = false): Promise<void> {
    const timer = setTimeout(() => {
      this.die({ reason: "timeout", detail: `it was not ready within ${this.#startTimeoutMs} ms` });
    }, this.#startTimeoutMs);
    if (isBackground) {
      timer.unref();
    } else {
      this.keepHostAlive(true);
    }
    try {
      await this.#ready;
    } finally {
      clearTimeout(timer);
      if (!isBackground) {
        this.keepHostAlive(false);
      }
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Measures the whole tree; one for the life of the process. */
  get meter(): ProcessMeter {
    this.#meter ??= createProcessMeter(this.#child.pid ?? 0);
    return this.#meter;
  }

  /** What it used while it waited for its program is none of the program's. To be called before `load`. */
  forgetWait(): void {
    if (performance.now() - this.#readyAtMs > shortWaitMs) {
      this.meter.readKnown();
    }
  }

  get death(): Death | undefined {
    return this.#death;
  }

  set maxMessageBytes(bytes: number) {
    this.#maxMessageBytes = bytes;
  }

  set listener(listener: RunnerListener | undefined) {
    this.#listener = listener;
  }

  /** Sends one message, as JSON without a line break. */
  send(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  /** Whether this process keeps the host alive; an idle one must not. */
  keepHostAlive(isNeeded: boolean): void {
    const { stdin, stdout, stderr, stdio } = this.#child;
    const handles: unknown[] = [this.#child, stdin, stdout, stderr, stdio[3]];
    for (const handle of handles as { ref?(): void; unref?(): void }[]) {
      if (isNeeded) {
        handle?.ref?.();
      } else {
        handle?.unref?.();
      }
    }
  }

  /** Records why it dies, tells the listener, and kills the tree; the first reason stands. */
  die(death: Death): void {
    if (this.#death !== undefined) {
      return;
    }
    this.#death = this.#withLimits(death);
    this.#settleReady.reject(
      new AgentError(
        "SANDBOX_UNAVAILABLE",
        `Starting the sandbox: ${death.detail}; a ready process is wanted; run autodidact doctor.`,
        { blame: "environment", isRetryable: death.reason === "timeout" },
      ),
    );
    this.#listener?.onDeath(this.#death);
    void this.#killTree();
  }

  /** Memory that is refused has several bounds; only those of this runtime may be meant. */
  #withLimits(death: Death): Death {
    const mayBeMet = ["maxMemoryBytes", ...(this.#memoryLimits ?? [])] as const;
    const isKnown = death.limit !== undefined || death.allowed !== undefined;
    return death.reason === "out-of-memory" && this.#memoryLimits !== undefined && !isKnown
      ? { ...death, mayBeMet }
      : death;
  }

  /** Resolves when the whole tree is gone; a call under way ends as `crashed`. May be called twice. */
  async kill(): Promise<void> {
    this.die({ reason: "crashed", detail: "it was closed" });
    await this.#killTree();
  }

  /** Calls back once when the process can take a program; never for one that dies before. */
  onReady(callback: (startedFrom: "snapshot" | "plain") => void): void {
    this.#ready.then(callback, () => undefined);
  }

  /** Calls back once when the process has ended, or never started. */
  onGone(callback: () => void): void {
    this.#child.once("exit", callback);
    this.#child.once("error", callback);
  }

  #killTree(): Promise<void> {
    this.#gone ??= this.#killOnce();
    return this.#gone;
  }

  async #killOnce(): Promise<void> {
    // Ready, it can start nothing: its lock, its namespaces or its permissions refuse it.
    await killProcessTree(this.#child, { isSettled: this.#isReady });
    for (const stream of this.#child.stdio) {
      stream?.destroy();
    }
  }

  #listen(): void {
    const { stdin, stdout, stderr, stdio } = this.#child;
    for (const stream of [stdin, stdio[3]]) {
      // Writing to a process that has just died fails; its death is reported by its exit.
      stream?.on("error", () => {});
    }
    stderr?.on("data", (chunk: Buffer) => {
      // What it says first names the cause; a flood after it is not kept.
      this.#stderr = (this.#stderr + chunk.toString("utf8")).slice(0, maxStderrCharacters);
    });
    if (stdout !== null) {
      readBoundedLines(stdout, () => this.#maxMessageBytes + fieldLimits.lineOverheadBytes, {
        onLine: (line) => this.#onLine(line),
        onTooLong: () =>
          this.die({
            reason: "protocol-error",
            detail: "it sent a line longer than allowed",
            limit: "maxMessageBytes",
          }),
      });
    }
    this.#child.once("error", (error) => this.die({ reason: "crashed", detail: error.message }));
    this.#child.once("exit", (code, signal) => {
      const end = (): void => this.die(deathOfExit(code, signal, this.#stderr));
      // Its last line may still be on the way.
      const timer = setTimeout(end, exitGraceMs);
      const onEnd = (): void => {
        clearTimeout(timer);
        end();
      };
      if (stdout === null || stdout.readableEnded || stdout.destroyed) {
        onEnd();
      } else {
        stdout.once("close", onEnd);
      }
    });
  }

  #onLine(line: string): void {
    if (this.#death !== undefined) {
      return;
    }
    const message = parseRunnerMessage(line);
    if (message === undefined) {
      this.die({ reason: "protocol-error", detail: "it sent a line that is no message" });
    } else if (message.type === "ready" && !this.#isReady) {
      this.#isReady = true;
      this.#readyAtMs = performance.now();
      // The first reading takes longest, since it looks for the whole tree: before anybody waits.
      this.meter.readKnown();
      this.#settleReady.resolve(message.startedFrom);
    } else if (this.#listener === undefined) {
      this.die({ reason: "protocol-error", detail: "it answered when nothing was asked" });
    } else {
      this.#listener.onMessage(message);
    }
  }
}

/** The words V8 ends with when its heap is full or the kernel gives it no more; it has no exit code. */
const outOfMemoryText =
  /out of memory|OOM|Cannot allocate memory|memory allocation of \d+ bytes failed/;

/** Those of them that mean the heap alone. */
const heapText = /Reached heap limit|heap out of memory|Ineffective mark-compacts/;

/** bubblewrap ends with 128 and the number of the signal that its program ended by: SIGXCPU is 24. */
const cpuTimeExitCode = 152;

function deathOfExit(code: number | null, signal: NodeJS.Signals | null, stderr: string): Death {
  if (signal === "SIGXCPU" || code === cpuTimeExitCode) {
    return { reason: "timeout", detail: "it used up its CPU time", limit: "maxCpuMs" };
  }
  if (code !== 0 && outOfMemoryText.test(stderr)) {
    const which = heapText.test(stderr) ? { limit: "heap" as const } : {};
    return {
      reason: "out-of-memory",
      detail: "it asked for more memory than it can get",
      ...which,
    };
  }
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  const [firstLine = ""] = code === 0 ? [] : stderr.trim().split("\n");
  const said = firstLine === "" ? "" : `: ${firstLine.slice(0, maxDetailCharacters)}`;
  const detail = `it ended ${how} before it answered${said}`;
  return { reason: "crashed", detail, ...(code === null ? {} : { exitCode: code }) };
}
