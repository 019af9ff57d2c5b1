import { AgentError } from "../shared/errors.ts";
import { watchMemory } from "./memory-watch.ts";
import type { HostMessage, RunnerMessage } from "./protocol.ts";
import type { Death, RunnerProcess } from "./runner-process.ts";
import type { CallOutcome, ExecutionLimits, TaggedValue, WorkFile } from "./sandbox.ts";
import { workPathProblem } from "./work-file.ts";

export type ExchangeOutcome = CallOutcome | { readonly kind: "loaded" };

/** One question and its answer, with every limit watched in between. */
export class Exchange {
  readonly #runner: RunnerProcess;
  readonly #limits: ExecutionLimits;
  readonly #id: string;
  readonly #startMs = performance.now();
  readonly #outcome = Promise.withResolvers<ExchangeOutcome>();
  readonly #files: WorkFile[] = [];
  #pieces: string[] = [];
  #fileBytes = 0;
  #printed = "";
  #printedBytes = 0;

  constructor(runner: RunnerProcess, limits: ExecutionLimits, id: string) {
    this.#runner = runner;
    this.#limits = limits;
    this.#id = id;
  }

  async run(
    messages: readonly HostMessage[],
    signal: AbortSignal | undefined,
  ): Promise<ExchangeOutcome> {
    const { timeoutMs, maxMemoryBytes } = this.#limits;
    const runner = this.#runner;
    runner.listener = {
      onMessage: (message) => this.#onMessage(message),
      onDeath: (death) => this.#settle({ kind: "died", ...death }),
    };
    const timer = setTimeout(() => {
      runner.die({ reason: "timeout", detail: `it took longer than ${timeoutMs} ms` });
    }, timeoutMs);
    const memory = watchMemory(runner.pid ?? 0, maxMemoryBytes, (bytes) => {
      const detail = `it held ${bytes} bytes of memory, ${maxMemoryBytes} are allowed`;
      runner.die({ reason: "out-of-memory", detail });
    });
    const onAbort = (): void => {
      runner.die({ reason: "crashed", detail: "it was aborted" });
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    runner.keepHostAlive(true);
    try {
      for (const message of messages) {
        runner.send(message);
      }
      const outcome = await this.#outcome.promise;
      if (outcome.kind === "died") {
        await runner.kill();
      }
      if (signal?.aborted === true) {
        throw aborted(signal);
      }
      return outcome;
    } finally {
      clearTimeout(timer);
      memory.stop();
      signal?.removeEventListener("abort", onAbort);
      runner.listener = undefined;
      runner.keepHostAlive(false);
    }
  }

  #onMessage(message: RunnerMessage): void {
    if (message.type === "ready" || message.id !== this.#id) {
      this.#die("protocol-error", "it answered a question that was not asked");
      return;
    }
    switch (message.type) {
      case "printed":
        this.#onPrinted(message.text);
        return;
      case "file":
        this.#onFile(message);
        return;
      case "died":
        this.#die(message.reason, message.detail);
        return;
      case "loaded":
        this.#outcome.resolve({ kind: "loaded" });
        return;
      case "returned":
        this.#settle({ kind: "returned", value: message.value, files: this.#files });
        return;
      case "raised": {
        const { errorType, errorBases, message: text, trace } = message;
        const error = { errorType, errorBases, message: text, trace };
        this.#settle({ kind: "raised", ...error, files: this.#files });
      }
    }
  }

  #onPrinted(text: string): void {
    const remaining = this.#limits.maxOutputBytes - this.#printedBytes;
    this.#printedBytes += Buffer.byteLength(text);
    this.#printed += cutToBytes(text, remaining);
    // The runner stops a flood itself and says so; this is for one that no longer does.
    if (this.#printedBytes > 2 * this.#limits.maxOutputBytes + 65_536) {
      this.#die("output-limit", "it printed more than allowed");
    }
  }

  #onFile(file: Extract<RunnerMessage, { type: "file" }>): void {
    this.#fileBytes += Buffer.byteLength(file.contentBase64, "base64");
    const problem = this.#fileProblem(file.path);
    if (problem !== undefined) {
      this.#die("file-limit", problem);
      return;
    }
    this.#pieces.push(file.contentBase64);
    if (file.last) {
      const content = Buffer.concat(this.#pieces.map((piece) => Buffer.from(piece, "base64")));
      this.#files.push({ path: file.path, contentBase64: content.toString("base64") });
      this.#pieces = [];
    }
  }

  #fileProblem(path: string): string | undefined {
    if (this.#fileBytes > this.#limits.maxFileBytes) {
      return `its files take more than the ${this.#limits.maxFileBytes} bytes allowed`;
    }
    if (this.#files.length >= this.#limits.maxFiles) {
      return `it made more than the ${this.#limits.maxFiles} files allowed`;
    }
    const problem = workPathProblem(path);
    return problem === undefined ? undefined : `it made ${JSON.stringify(path)}: ${problem}`;
  }

  #die(reason: Death["reason"], detail: string): void {
    this.#runner.die({ reason, detail });
  }

  #settle(outcome: Unmeasured): void {
    const durationMs = performance.now() - this.#startMs;
    this.#outcome.resolve({ ...outcome, printed: this.#printed, durationMs });
  }
}

type Unmeasured =
  | { kind: "returned"; value: TaggedValue; files: readonly WorkFile[] }
  | {
      kind: "raised";
      errorType: string;
      errorBases: readonly string[];
      message: string;
      trace: string;
      files: readonly WorkFile[];
    }
  | ({ kind: "died" } & Death);

export function aborted(signal: AbortSignal): AgentError {
  return new AgentError(
    "ABORTED",
    "Running a skill: it was aborted, its process is gone; start it again.",
    {
      blame: "caller",
      cause: signal.reason,
    },
  );
}

/** Never cuts a character in two. */
function cutToBytes(text: string, bytes: number): string {
  if (bytes <= 0) {
    return "";
  }
  if (Buffer.byteLength(text) <= bytes) {
    return text;
  }
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes), { stream: true });
}
