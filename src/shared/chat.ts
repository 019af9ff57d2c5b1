export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** A whole answer of a model, as journals keep it. */
export interface ChatAnswer {
  /** Without the thinking, which is read apart. */
  readonly text: string;
  readonly thinking: string;
  /** The model that answered, as its server names it. */
  readonly model: string;
  readonly promptTokens: number;
  /** Of these, read from the server's cache; absent where it does not say. */
  readonly cachedTokens?: number;
  readonly outputTokens: number;
  /** Of these, thought and not written; absent where the server does not say. */
  readonly reasoningTokens?: number;
  readonly durationMs: number;
  readonly firstTokenMs: number;
  /** In US dollars; absent where the price was not known. */
  readonly money?: number;
  /** A recording gave it, and it cost nothing. */
  readonly isRecorded?: true;
  /** Why there is nothing to read although the model answered: too long, cut at its window. */
  readonly problem?: string;
  /** Says what differs when a recorded prompt is not the one asked now; replayed answers only. */
  readonly promptDifference?: string;
}
