import { setTimeout as delay } from "node:timers/promises";
import type { ChatAnswer } from "../shared/chat.ts";
import { AgentError } from "../shared/errors.ts";
import type { CallQueue } from "./call-queue.ts";
import type { ChatModel, ChatOptions, ChatRequest, ModelPrice } from "./chat-model.ts";
import { BusyError } from "./model-errors.ts";

export interface Patience {
  readonly queue: CallQueue;
  /** Calls after the first that a busy server is asked for; 0 asks once. */
  readonly maxRetries: number;
  /** Milliseconds that these waits may take together. */
  readonly maxWaitMs: number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

export const realWait: Patience["wait"] = async (ms, signal) => {
  await delay(ms, undefined, signal === undefined ? {} : { signal });
};

const firstBackoffMs = 1_000;
const longestBackoffMs = 30_000;

/**
 * How long to wait before the n-th retry, from 0: what the server says and up to a tenth more, so that
 * those it sent away do not come back all at once; else twice as long each time, half of it at random.
 */
function backoffMs(retry: number, retryAfterMs: number | undefined, random: number): number {
  if (retryAfterMs !== undefined) return Math.ceil(retryAfterMs * (1 + random / 10));
  const longest = Math.min(longestBackoffMs, firstBackoffMs * 2 ** retry);
  return Math.ceil(longest * (0.5 + random / 2));
}

/**
 * Keeps calls of one provider within its limit, and asks a busy server again. A call that waits for
 * its retry leaves its place to others. What else goes wrong is thrown on as it is.
 */
export class PatientModel implements ChatModel {
  readonly name: string;
  readonly contextTokens: number;
  readonly outputTokensLimit?: number;
  readonly price?: ModelPrice | null;
  readonly #model: ChatModel;
  readonly #patience: Patience;

  constructor(model: ChatModel, patience: Patience) {
    this.name = model.name;
    this.contextTokens = model.contextTokens;
    if (model.outputTokensLimit !== undefined) this.outputTokensLimit = model.outputTokensLimit;
    if (model.price !== undefined) this.price = model.price;
    this.#model = model;
    this.#patience = patience;
  }

  async chat(request: ChatRequest, options: ChatOptions = {}): Promise<ChatAnswer> {
    const { queue, maxRetries, maxWaitMs, random, wait } = this.#patience;
    const { signal } = options;
    let waitedMs = 0;
    for (let retry = 0; ; retry += 1) {
      try {
        return await queue.run(() => this.#model.chat(request, options), signal);
      } catch (error) {
        if (!(error instanceof BusyError)) throw this.#asAbort(error, signal);
        const pauseMs = backoffMs(retry, error.retryAfterMs, random());
        // A server that wants more time than there is will not be there sooner.
        if (retry >= maxRetries || waitedMs + pauseMs > maxWaitMs) throw error;
        options.onProgress?.({ outputTokens: 0, isThinking: false, retryInMs: pauseMs });
        await wait(pauseMs, signal).catch((cause: unknown) => {
          throw this.#asAbort(cause, signal);
        });
        waitedMs += pauseMs;
      }
    }
  }

  /** An abort in the queue or between two calls is told like one within a call. */
  #asAbort(error: unknown, signal: AbortSignal | undefined): unknown {
    if (error instanceof AgentError || signal?.aborted !== true) return error;
    return new AgentError(
      "ABORTED",
      `Asking the model ${this.name}: the call was stopped; resume the run to go on.`,
      { blame: "caller", cause: error },
    );
  }
}
