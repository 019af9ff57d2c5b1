import type { Config } from "../../config/schema.ts";
import { AgentError } from "../../shared/errors.ts";

/** Stops a call that says nothing for too long, or whose caller wants no more of it. */
export class SilenceWatch {
  readonly signal: AbortSignal;
  readonly #caller: AbortSignal | undefined;
  readonly #idleTimeoutMs: number;
  readonly #silence = new AbortController();
  #limitMs: number;
  #timer: NodeJS.Timeout;

  constructor(
    limits: Pick<Config, "firstTokenTimeoutMs" | "idleTimeoutMs">,
    caller: AbortSignal | undefined,
  ) {
    this.#caller = caller;
    this.#idleTimeoutMs = limits.idleTimeoutMs;
    this.#limitMs = limits.firstTokenTimeoutMs;
    this.#timer = this.#start();
    const callers = caller === undefined ? [] : [caller];
    this.signal = AbortSignal.any([this.#silence.signal, ...callers]);
  }

  heard(): void {
    clearTimeout(this.#timer);
    this.#limitMs = this.#idleTimeoutMs;
    this.#timer = this.#start();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** The error when it was the caller or the silence that ended the call. */
  explain(action: string): AgentError | undefined {
    if (this.#caller?.aborted === true) {
      const text = `${action}: the call was stopped; resume the run to go on.`;
      return new AgentError("ABORTED", text, { blame: "caller", cause: this.#caller.reason });
    }
    if (!this.#silence.signal.aborted) return undefined;
    return new AgentError(
      "MODEL_STREAM_CUT",
      `${action}: nothing came for ${this.#limitMs} ms; a token is wanted; raise firstTokenTimeoutMs or idleTimeoutMs, or choose a smaller model.`,
      { blame: "environment", isRetryable: true },
    );
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => this.#silence.abort(), this.#limitMs);
  }
}
