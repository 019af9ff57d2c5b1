import { z } from "zod";
import type { ChatAnswer } from "../../shared/chat.ts";
import { AnswerText, type AnswerTextOptions } from "../answer-text.ts";
import { type Asked, modelError } from "../model-errors.ts";

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

/** Text and nothing else, as in nearly every line: a schema would take longer than all the rest. */
function plainContent(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { done, model, message }: { done?: unknown; model?: unknown; message?: unknown } = value;
  if (done !== false || typeof model !== "string") return undefined;
  if (typeof message !== "object" || message === null || "thinking" in message) return undefined;
  const { content }: { content?: unknown } = message;
  return typeof content === "string" ? content : undefined;
}

/** Puts the parts of a streamed answer together. */
export class AnswerCollector {
  readonly #asked: Asked;
  readonly #text: AnswerText;
  #last: Part | undefined;

  constructor(options: AnswerTextOptions) {
    this.#asked = options.asked;
    this.#text = new AnswerText(options);
  }

  /** @throws {AgentError} MODEL_PROTOCOL, MODEL_ANSWER_TOO_LARGE. */
  add(value: unknown): void {
    const content = plainContent(value);
    if (content !== undefined) {
      this.#text.add(content, "");
      return;
    }
    const part = this.#read(value);
    if (part.done) this.#last = part;
    this.#text.add(part.message.content, part.message.thinking ?? "");
  }

  /** @throws {AgentError} MODEL_STREAM_CUT when the last part never came. */
  finish(): CollectedAnswer {
    const last = this.#last;
    if (last === undefined) throw this.#cut();
    const cached = last.prompt_eval_cached_count;
    const answer: ChatAnswer = {
      ...this.#text.finish(),
      model: last.model,
      promptTokens: last.prompt_eval_count ?? 0,
      outputTokens: last.eval_count ?? this.#text.pieces,
      ...(typeof cached === "number" ? { cachedTokens: cached } : {}),
    };
    return {
      answer,
      doneReason: last.done_reason ?? "stop",
      countsCached: typeof cached === "number",
      ...(last.prompt_eval_count === undefined ? {} : { readTokens: last.prompt_eval_count }),
    };
  }

  #read(value: unknown): Part {
    const result = partSchema.safeParse(value);
    if (result.success) return result.data;
    throw modelError(
      "MODEL_PROTOCOL",
      this.#asked,
      `the server sent ${JSON.stringify(value).slice(0, 120)}, which is no part of an answer; Ollama's stream is wanted; check OLLAMA_HOST or update Ollama`,
      { blame: "environment", cause: result.error },
    );
  }

  #cut(): Error {
    return modelError(
      "MODEL_STREAM_CUT",
      this.#asked,
      `the answer of ${this.#asked.url} ended after ${this.#text.pieces} tokens without its closing line; a whole answer is wanted; look at the server's log (journalctl -u ollama), then resume the run`,
    );
  }
}
