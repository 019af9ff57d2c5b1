import { AgentError } from "../shared/errors.ts";
import { type Asked, abortedError, modelError, serverFault } from "./model-errors.ts";

interface WatchdogLimits {
  readonly asked: Pick<Asked, "action">;
  /** Milliseconds until the first sign of an answer. */
  readonly firstTimeoutMs: number;
  /** Milliseconds without a sign in the middle of it. */
  readonly idleTimeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface ServerOptions extends WatchdogLimits {
  readonly asked: Asked;
  /** What the first sign of an answer is: `byte`, `token`. */
  readonly sign: string;
  /** Where to look when the connection broke: `look at the server's log`. */
  readonly logHint: string;
  /** The error for a request that failed before its answer began. */
  readonly connectionError: (asked: Asked, error: unknown) => AgentError;
}

/** What a person is told, by how far the answer was. */
export interface WatchdogWords {
  silence(timeoutMs: number, hasBegun: boolean): AgentError;
  failure(error: unknown, hasBegun: boolean): unknown;
}

/** A server is spoken of in the words below; who is none brings its own. */
export type WatchdogOptions = ServerOptions | (WatchdogLimits & { readonly words: WatchdogWords });

/** Ends a call when its caller aborts, or when whoever answers is silent for too long. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  readonly #words: WatchdogWords;
  readonly #controller = new AbortController();
  readonly #onAbort: () => void;
  #timer: NodeJS.Timeout;
  #timeoutMs: number;
  #hasBegun = false;
  #thrown: { readonly error: unknown } | undefined;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#words = "words" in options ? options.words : wordsOfServer(options);
    const { signal, asked } = options;
    this.#onAbort = () => this.#controller.abort(abortedError(asked, signal?.reason));
    if (signal?.aborted === true) this.#onAbort();
    signal?.addEventListener("abort", this.#onAbort);
    this.#timeoutMs = options.firstTimeoutMs;
    this.#timer = this.#startTimer();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Call it at each sign of the answer: the time begins anew. */
  sawProgress(): void {
    if (this.#hasBegun) {
      this.#timer.refresh();
      return;
    }
    this.#hasBegun = true;
    clearTimeout(this.#timer);
    this.#timeoutMs = this.#options.idleTimeoutMs;
    this.#timer = this.#startTimer();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener("abort", this.#onAbort);
  }

  /** Keeps what a reader of the answer throws apart from what the connection does. */
  call<T, R>(reader: (value: T) => R, value: T): R {
    try {
      return reader(value);
    } catch (error) {
      this.#thrown = { error };
      throw error;
    }
  }

  /** The error that ended the request, whatever the libraries in between made of it. */
  explain(error: unknown): unknown {
    if (this.#thrown !== undefined) return this.#thrown.error;
    if (this.#controller.signal.aborted) return this.#controller.signal.reason;
    return error instanceof AgentError ? error : this.#words.failure(error, this.#hasBegun);
  }

  #startTimer(): NodeJS.Timeout {
    return setTimeout(
      () => this.#controller.abort(this.#words.silence(this.#timeoutMs, this.#hasBegun)),
      this.#timeoutMs,
    );
  }
}

function wordsOfServer({ asked, sign, logHint, connectionError }: ServerOptions): WatchdogWords {
  return {
    silence: (ms, hasBegun) =>
      hasBegun
        ? modelError(
            "MODEL_STREAM_CUT",
            asked,
            `the server at ${asked.url} sent nothing for ${ms} ms in the middle of its answer; raise idleTimeoutMs if it is only slow, then resume the run`,
          )
        : modelError(
            "MODEL_UNREACHABLE",
            asked,
            `the server at ${asked.url} sent no first ${sign} within ${ms} ms; raise firstTokenTimeoutMs if it is only slow, or choose a smaller model, then resume the run`,
          ),
    failure: (cause, hasBegun) =>
      hasBegun
        ? modelError(
            "MODEL_STREAM_CUT",
            asked,
            `the connection to ${asked.url} broke in the middle of the answer; a whole answer is wanted; ${logHint}, then resume the run`,
            { ...serverFault, cause },
          )
        : connectionError(asked, cause),
  };
}
