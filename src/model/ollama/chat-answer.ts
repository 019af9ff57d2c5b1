import { z } from "zod";
import type { ChatAnswer } from "../../shared/chat.ts";
import { joinThinking, splitThinking } from "../thinking.ts";
import { type Asked, modelError } from "./ollama-errors.ts";

const partSchema = z.object({
  model: z.string().default(""),
  message: z
    .object({ content: z.string().default(""), thinking: z.string().nullish() })
    .default({ content: "" }),
  done: z.boolean().default(false),
  done_reason: z.string().optional(),
  prompt_eval_count: z.number().optional(),
  prompt_eval_cached_count: z.number().nullish(),
  eval_count: z.number().optional(),
});
type Part = z.infer<typeof partSchema>;

export interface CollectedAnswer {
  readonly answer: ChatAnswer;
  readonly doneReason: string;
  /** What the server says it read; undefined when it does not say. */
  readonly readTokens?: number;
  /** True when that number is known to hold what came from its cache, too. */
  readonly countsCached: boolean;
}

export interface CollectorOptions {
  readonly asked: Asked;
  readonly maxAnswerBytes: number;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  readonly onProgress?: (progress: { outputTokens: number; isThinking: boolean }) => void;
}

/** Puts the parts of a streamed answer together. */
export class AnswerCollector {
  readonly #options: CollectorOptions;
  readonly #startMs: number;
  readonly #text: string[] = [];
  readonly #thinking: string[] = [];
  #bytes = 0;
  #tokens = 0;
  #firstTokenMs: number | undefined;
  #last: Part | undefined;
  #isInTag: boolean | undefined;

  constructor(options: CollectorOptions) {
    this.#options = options;
    this.#startMs = options.now();
  }

  /** @throws {AgentError} MODEL_PROTOCOL, MODEL_ANSWER_TOO_LARGE. */
  add(value: unknown): void {
    const part = this.#read(value);
    this.#firstTokenMs ??= this.#elapsed();
    const thinking = part.message.thinking ?? "";
    const { content } = part.message;
    this.#bytes += Buffer.byteLength(content) + Buffer.byteLength(thinking);
    if (this.#bytes > this.#options.maxAnswerBytes) throw this.#tooLarge();
    if (content !== "") this.#text.push(content);
    if (thinking !== "") this.#thinking.push(thinking);
    if (part.done) this.#last = part;
    if (content !== "" || thinking !== "") this.#report(thinking);
  }

  /** @throws {AgentError} MODEL_STREAM_CUT when the last part never came. */
  finish(): CollectedAnswer {
    const last = this.#last;
    if (last === undefined) throw this.#cut();
    const { text, thinking } = splitThinking(this.#text.join(""));
    const durationMs = this.#elapsed();
    const answer: ChatAnswer = {
      text,
      thinking: joinThinking(this.#thinking.join(""), thinking),
      model: last.model,
      promptTokens: last.prompt_eval_count ?? 0,
      outputTokens: last.eval_count ?? this.#tokens,
      durationMs,
      firstTokenMs: this.#firstTokenMs ?? durationMs,
    };
    return {
      answer,
      doneReason: last.done_reason ?? "stop",
      countsCached: typeof last.prompt_eval_cached_count === "number",
      ...(last.prompt_eval_count === undefined ? {} : { readTokens: last.prompt_eval_count }),
    };
  }

  #report(thinking: string): void {
    this.#tokens += 1;
    this.#options.onProgress?.({
      outputTokens: this.#tokens,
      isThinking: thinking !== "" || this.#insideTag(),
    });
  }

  /** Follows a `<think>` at the beginning of the text until it closes; for live display only. */
  #insideTag(): boolean {
    if (this.#isInTag === false) return false;
    const start = this.#text.slice(0, 8).join("").trimStart().slice(0, 7).toLowerCase();
    if (start.length >= 7 || !"<think>".startsWith(start)) this.#isInTag = start === "<think>";
    const recent = this.#text.slice(-5).join("");
    if (this.#isInTag === true && recent.includes("</think>")) this.#isInTag = false;
    return this.#isInTag !== false && start !== "";
  }

  #read(value: unknown): Part {
    const result = partSchema.safeParse(value);
    if (result.success) return result.data;
    throw modelError(
      "MODEL_PROTOCOL",
      this.#options.asked,
      `the server sent ${JSON.stringify(value).slice(0, 120)}, which is no part of an answer; Ollama's stream is wanted; check OLLAMA_HOST or update Ollama`,
      { blame: "environment", cause: result.error },
    );
  }

  #elapsed(): number {
    return Math.round(this.#options.now() - this.#startMs);
  }

  #tooLarge(): Error {
    return modelError(
      "MODEL_ANSWER_TOO_LARGE",
      this.#options.asked,
      `the answer passed ${this.#options.maxAnswerBytes} bytes and was given up; a shorter one is wanted; resume the run, or raise maxAnswerBytes`,
      { blame: "model" },
    );
  }

  #cut(): Error {
    const { asked } = this.#options;
    return modelError(
      "MODEL_STREAM_CUT",
      asked,
      `the answer of ${asked.url} ended after ${this.#tokens} tokens without its closing line; a whole answer is wanted; look at the server's log (journalctl -u ollama), then resume the run`,
    );
  }
}
