import type { ChatModel } from "./chat-model.ts";

/** So many calls of one model in a row, while others wait; then it is their turn. */
const longestRow = 8;

interface Waiting {
  readonly model: string;
  readonly start: () => void;
}

/**
 * Orders calls to a server that may hold one model at a time: those for the model that works are made
 * at once, those for others wait, and are made together when it is their model's turn. Nobody waits
 * for more than a row of calls of each other model.
 */
export class ModelTurns {
  readonly #waiting: Waiting[] = [];
  #model: string | undefined;
  #active = 0;
  #row = 0;

  /** Resolves when a call of this model may be made; what it gives must be called at the end. */
  async take(model: string, signal?: AbortSignal): Promise<() => void> {
    signal?.throwIfAborted();
    if (!this.#mayJoin(model)) {
      await this.#wait(model, signal);
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      this.#active -= 1;
      this.#next();
    };
  }

  /** Counts the call at once, so that whoever asks next sees it. */
  #mayJoin(model: string): boolean {
    const isFree = this.#active === 0 && this.#waiting.length === 0;
    const isSame = this.#model === model && this.#active > 0;
    const mayGoOn = this.#waiting.length === 0 || this.#row < longestRow;
    if (!isFree && !(isSame && mayGoOn)) return false;
    this.#row = this.#model === model ? this.#row + 1 : 1;
    this.#model = model;
    this.#active += 1;
    return true;
  }

  async #wait(model: string, signal: AbortSignal | undefined): Promise<void> {
    const turn = Promise.withResolvers<void>();
    const waiting = { model, start: turn.resolve };
    this.#waiting.push(waiting);
    const leave = () => {
      const index = this.#waiting.indexOf(waiting);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      turn.reject(signal?.reason);
    };
    signal?.addEventListener("abort", leave, { once: true });
    try {
      await turn.promise;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  #next(): void {
    const [first] = this.#waiting;
    if (this.#active > 0 || first === undefined) return;
    const { model } = first;
    this.#model = model;
    const mine = this.#waiting.filter((one) => one.model === model);
    const others = this.#waiting.filter((one) => one.model !== model);
    this.#waiting.splice(0, this.#waiting.length, ...others);
    this.#active = mine.length;
    this.#row = mine.length;
    for (const { start } of mine) start();
  }
}

/** The same model, whose calls wait for its turn. */
export function takingTurns(model: ChatModel, turns: ModelTurns): ChatModel {
  const { name, contextTokens, outputTokensLimit, price } = model;
  return {
    name,
    contextTokens,
    ...(outputTokensLimit === undefined ? {} : { outputTokensLimit }),
    ...(price === undefined ? {} : { price }),
    chat: async (request, options) => {
      const leave = await turns.take(name, options?.signal);
      try {
        return await model.chat(request, options);
      } finally {
        leave();
      }
    },
  };
}
