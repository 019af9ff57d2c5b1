import { aborted } from "./aborted.ts";
import { IncomingFiles } from "./incoming-files.ts";
import { type Death, describeDeath, excessDeath } from "./limit-texts.ts";
import { fieldLimits, type RaisedError, type RunnerMessage } from "./protocol.ts";
import { type ResourceWatch, watchResources } from "./resource-watch.ts";
import type { RunnerProcess } from "./runner-process.ts";
import type {
  CallMeasures,
  CallOutcome,
  ExecutionLimits,
  TaggedValue,
  WorkFile,
} from "./sandbox.ts";

export type ExchangeOutcome = CallOutcome | (CallMeasures & { readonly kind: "loaded" });

/** One question and its answer, with every limit watched in between. */
export class Exchange {
  readonly #runner: RunnerProcess;
  readonly #limits: ExecutionLimits;
  readonly #id: string;
  readonly #tellPrinted: (text: string) => void;
  readonly #startMs = performance.now();
  readonly #outcome = Promise.withResolvers<ExchangeOutcome>();
  readonly #files: IncomingFiles;
  #watch: ResourceWatch | undefined;
  #printed = "";
  #printedBytes = 0;

  constructor(
    runner: RunnerProcess,
    limits: ExecutionLimits,
    id: string,
    onPrinted: (text: string) => void = () => {},
  ) {
    this.#tellPrinted = onPrinted;
    this.#runner = runner;
    this.#limits = limits;
    this.#id = id;
    this.#files = new IncomingFiles(limits);
  }

  /** Sends the lines and waits for the answer to the last; an abort ends the process, then throws. */
  async run(lines: readonly string[], signal: AbortSignal | undefined): Promise<ExchangeOutcome> {
    const runner = this.#runner;
    runner.listener = {
      onMessage: (message) => this.#onMessage(message),
      onDeath: (death) => this.#settle({ kind: "died", ...death }),
    };
    const timer = setTimeout(() => {
      this.#die({ reason: "timeout", detail: "it took too long", limit: "timeoutMs" });
    }, this.#limits.timeoutMs);
    const watch = watchResources(runner.meter, this.#limits, (limit) => {
      this.#die(excessDeath(limit));
    });
    this.#watch = watch;
    const onAbort = (): void => this.#die({ reason: "crashed", detail: "it was aborted" });
    signal?.addEventListener("abort", onAbort, { once: true });
    runner.keepHostAlive(true);
    try {
      for (const line of lines) {
        runner.send(line);
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
      watch.stop();
      signal?.removeEventListener("abort", onAbort);
      runner.listener = undefined;
      runner.keepHostAlive(false);
    }
  }

  #onMessage(message: RunnerMessage): void {
    if (message.type === "ready" || message.id !== this.#id) {
      this.#die({ reason: "protocol-error", detail: "it answered a question that was not asked" });
      return;
    }
    switch (message.type) {
      case "printed":
        this.#onPrinted(message.text);
        return;
      case "file": {
        const death = this.#files.add(message);
        if (death !== undefined) {
          this.#die(death);
        }
        return;
      }
      case "died": {
        const { reason, detail, limit } = message;
        this.#die({ reason, detail, ...(limit === undefined ? {} : { limit }) });
        return;
      }
      case "loaded":
        this.#settle({ kind: "loaded" });
        return;
      case "returned":
        this.#settle({ kind: "returned", value: message.value, files: this.#files.files });
        return;
      case "raised": {
        const { errorType, errorBases, message: text, trace } = message;
        const error = { errorType, errorBases, message: text, trace };
        this.#settle({ kind: "raised", ...error, files: this.#files.files });
      }
    }
  }

  #onPrinted(text: string): void {
    const remaining = this.#limits.maxOutputBytes - this.#printedBytes;
    this.#printedBytes += Buffer.byteLength(text);
    const kept = cutToBytes(text, remaining);
    this.#printed += kept;
    if (kept !== "") {
      this.#tellPrinted(kept);
    }
    // The runner stops a flood itself and says so; this is for one that no longer does.
    if (this.#printedBytes > 2 * this.#limits.maxOutputBytes + fieldLimits.printedCharacters) {
      this.#die({
        reason: "output-limit",
        detail: "it printed too much",
        limit: "maxOutputBytes",
      });
    }
  }

  #die(death: Death): void {
    this.#runner.die(death);
  }

  #settle(found: Unmeasured): void {
    const durationMs = performance.now() - this.#startMs;
    const usage = this.#watch?.usage();
    const measured = {
      printed: this.#printed,
      durationMs,
      ...(usage === undefined ? {} : { usage }),
    };
    if (found.kind === "died") {
      const detail = describeDeath(found, this.#limits, { elapsedMs: durationMs, usage });
      const { reason, exitCode } = found;
      const ended = exitCode === undefined ? {} : { exitCode };
      this.#outcome.resolve({ kind: "died", reason, detail, ...ended, ...measured });
    } else {
      this.#outcome.resolve({ ...found, ...measured });
    }
  }
}

type Unmeasured =
  | { kind: "loaded" }
  | { kind: "returned"; value: TaggedValue; files: readonly WorkFile[] }
  | ({ kind: "raised"; files: readonly WorkFile[] } & RaisedError)
  | ({ kind: "died" } & Death);

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
