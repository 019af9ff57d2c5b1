import type { ChatAnswer, ChatMessage } from "../shared/chat.ts";
import type { Role } from "../shared/events.ts";
import type { JsonObject, Language } from "../shared/json.ts";

export interface ChatRequest {
  /** The directive's goal: with role and order it finds a recorded answer. */
  readonly goal: string;
  /** The skill's language: recordings of one goal may exist in several. */
  readonly language?: Language;
  readonly role: Role;
  /** Counts the calls of this role in this directive, from 0. */
  readonly order: number;
  readonly messages: readonly ChatMessage[];
  /** JSON Schema that the whole answer must satisfy; absent for free text with fenced code. */
  readonly format?: JsonObject;
  /** For servers that take one; recorded in the journal. */
  readonly seed?: number;
  /** The most tokens to answer with, where a budget leaves less than the model could. */
  readonly maxOutputTokens?: number;
}

export interface ChatProgress {
  readonly outputTokens: number;
  readonly isThinking: boolean;
  /** From the call to its first token, and to this one; absent where nothing is measured. */
  readonly firstTokenMs?: number;
  readonly elapsedMs?: number;
  /** Set when nothing was answered: the server is busy, and is asked again after so long. */
  readonly retryInMs?: number;
}

export interface ChatOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ChatProgress) => void;
}

/** In US dollars. */
export interface ModelPrice {
  readonly inputPerMillion: number;
  readonly outputPerMillion: number;
}

/** A model that answers conversations. */
export interface ChatModel {
  /** As the user writes it: `qwen3-coder`, `openai:gpt-5`, `replay:runs/x.jsonl`. */
  readonly name: string;
  /** Tokens of prompt and answer together; the same for the whole process. */
  readonly contextTokens: number;
  /** The most tokens of one answer; absent: what the prompt leaves of the context. */
  readonly outputTokensLimit?: number;
  /** Null where nobody knows it; absent where the table, or the name, says it. */
  readonly price?: ModelPrice | null;
  /** Says on every screen that answers are recorded, and by whom; undefined for a live model. */
  readonly recordingLabel?: string;
  /**
   * Sends one conversation and returns the whole answer. An abort closes the connection before
   * it returns and leaves nothing behind.
   *
   * @throws {AgentError} MODEL_… codes, RECORDING_EXHAUSTED, PROMPT_CUT when the server read less
   * than was sent, ABORTED.
   */
  chat(request: ChatRequest, options?: ChatOptions): Promise<ChatAnswer>;
}
