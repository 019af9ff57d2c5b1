import type { LanguageModelV4StreamPart, LanguageModelV4Usage } from "@ai-sdk/provider";
import type { ChatAnswer } from "../../shared/chat.ts";
import { fieldOf } from "../../shared/json.ts";
import { AnswerText, type AnswerTextOptions } from "../answer-text.ts";
import { type Asked, contextError, modelError } from "../model-errors.ts";
import type { RemoteKind } from "./api-key.ts";
import type { RemoteServer } from "./remote-server.ts";
import { readReportedValue, reportedError } from "./status-error.ts";

type Finish = Extract<LanguageModelV4StreamPart, { type: "finish" }>;

/** Puts the parts of an answer together, as the providers' packages hand them over. */
export class StreamAnswer {
  readonly #server: RemoteServer;
  readonly #asked: Asked;
  readonly #text: AnswerText;
  #model: string;
  #finish: Finish | undefined;

  constructor(server: RemoteServer, options: AnswerTextOptions) {
    this.#server = server;
    this.#asked = options.asked;
    this.#text = new AnswerText(options);
    this.#model = options.asked.model ?? "";
  }

  /** Counts pieces whose text comes as part of another. */
  addPieces(count: number): void {
    this.#text.addPieces(count);
  }

  /**
   * Returns true for a part of the answer, false for what only surrounds it.
   *
   * @throws {AgentError} what the server reported, MODEL_PROTOCOL, MODEL_ANSWER_TOO_LARGE.
   */
  add(part: LanguageModelV4StreamPart): boolean {
    const { type } = part;
    if (type === "error") {
      if (isNewEvent(this.#server.kind, part.error)) return false;
      throw this.#streamError(part.error);
    }
    if (type === "response-metadata") this.#model = part.modelId ?? this.#model;
    if (type === "finish") this.#finish = part;
    if (type === "text-delta") this.#text.add(part.delta, "");
    if (type === "reasoning-delta") this.#text.add("", part.delta);
    return type === "text-delta" || type === "reasoning-delta" || type === "finish";
  }

  /** @throws {AgentError} MODEL_STREAM_CUT, MODEL_REFUSED, MODEL_CONTEXT_OVERFLOW. */
  finish(): ChatAnswer {
    const finish = this.#finish;
    const { unified, raw } = finish?.finishReason ?? { unified: "interrupted", raw: undefined };
    if (finish === undefined || isCut(unified, raw)) throw this.#cut();
    const { usage } = finish;
    // Some servers count the prompt only, and the packages make zero of it.
    const outputTokens = usage.outputTokens.total || this.#text.pieces;
    if (unified === "length") {
      throw contextError(
        this.#asked,
        `the answer was cut off after ${outputTokens} tokens at the server's limit;`,
        "model",
      );
    }
    if (unified === "content-filter") throw this.#refused();
    return { ...this.#text.finish(), model: this.#model, ...tokensOf(usage), outputTokens };
  }

  /** What the server says it read; undefined when it does not say, zero included. */
  get readTokens(): number | undefined {
    return this.#finish?.usage.inputTokens.total || undefined;
  }

  #streamError(error: unknown): Error {
    const name = error instanceof Error ? error.name : "";
    if (name === "AI_JSONParseError" || name === "AI_TypeValidationError") {
      return modelError(
        "MODEL_PROTOCOL",
        this.#asked,
        `${this.#asked.url} sent an event that is no part of an answer; check the URL and any proxy in between`,
        { blame: "environment" },
      );
    }
    if (name === "AI_InvalidResponseDataError") return this.#cut();
    return packageError(this.#server, this.#asked, error);
  }

  #cut(): Error {
    return modelError(
      "MODEL_STREAM_CUT",
      this.#asked,
      `the answer of ${this.#asked.url} ended after ${this.#text.pieces} tokens without its closing event; a whole answer is wanted; resume the run`,
    );
  }

  #refused(): Error {
    return modelError(
      "MODEL_REFUSED",
      this.#asked,
      `the server at ${this.#asked.url} ended the answer by its rules on content; another wording of the goal, or another model, is wanted`,
      { blame: "model" },
    );
  }
}

const anthropicTypes: ReadonlySet<unknown> = new Set([
  ...["message_start", "message_delta", "message_stop", "ping", "error"],
  ...["content_block_start", "content_block_stop"],
  ...["text_delta", "thinking_delta", "signature_delta", "input_json_delta"],
]);

/**
 * An event, or a delta, that Anthropic added since its package was written: it may, and whoever reads
 * is to pass over it. The packages of the others do so themselves.
 *
 * @see https://docs.anthropic.com/en/docs/build-with-claude/streaming
 */
function isNewEvent(kind: RemoteKind, error: unknown): boolean {
  const value = fieldOf(error, "value");
  const type = fieldOf(value, "type");
  const kindOf = type === "content_block_delta" ? fieldOf(fieldOf(value, "delta"), "type") : type;
  return kind === "anthropic" && typeof kindOf === "string" && !anthropicTypes.has(kindOf);
}

/** `other` without the wire's own word: the packages' default, nothing was sent. */
function isCut(unified: string, raw: string | undefined): boolean {
  return (
    unified === "interrupted" || unified === "error" || (unified === "other" && raw === undefined)
  );
}

function tokensOf(usage: LanguageModelV4Usage): {
  promptTokens: number;
  cachedTokens?: number;
  reasoningTokens?: number;
} {
  const cached = usage.inputTokens.cacheRead ?? 0;
  const reasoning = usage.outputTokens.reasoning ?? 0;
  // The packages write nothing told as zero.
  return {
    promptTokens: usage.inputTokens.total ?? 0,
    ...(cached > 0 ? { cachedTokens: cached } : {}),
    ...(reasoning > 0 ? { reasoningTokens: reasoning } : {}),
  };
}

/** The error for what a package made of an error that the server sent in its stream. */
export function packageError(server: RemoteServer, asked: Asked, error: unknown): Error {
  const data = fieldOf(error, "data");
  const reported =
    readReportedValue(data) ?? readReportedValue(error) ?? readReportedValue({ error });
  const statusCode = fieldOf(error, "statusCode");
  // 500 is what the packages say when the stream named no status.
  const status = typeof statusCode === "number" && statusCode !== 500 ? statusCode : undefined;
  const type = [reported?.type, fieldOf(error, "type"), fieldOf(error, "code")]
    .filter((one) => typeof one === "string")
    .join(" ");
  return reportedError(server, asked, { status, text: reported?.text ?? "no reason", type });
}
