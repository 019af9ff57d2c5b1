import type { Config } from "../../config/schema.ts";
import type { ChatAnswer } from "../../shared/chat.ts";
import { type Clock, systemClock } from "../../shared/clock.ts";
import { AgentError } from "../../shared/errors.ts";
import type { ChatModel, ChatOptions, ChatRequest } from "../chat-model.ts";
import { answerReserve } from "../context-window.ts";
import { unknownModelContextTokens } from "../model-table.ts";
import { joinThinking, splitThinking } from "../thinking.ts";
import { Watchdog } from "../watchdog.ts";
import { embeddedError, openingError, silenceError } from "./embedded-errors.ts";
import { Engine, type TokenReply } from "./engine.ts";
import type { EngineAnswer, Inspection } from "./engine-protocol.ts";

export type EmbeddedModelConfig = Pick<
  Config,
  "contextTokens" | "embeddedThreads" | "firstTokenTimeoutMs" | "idleTimeoutMs" | "maxAnswerBytes"
>;

/** A model in a file of this machine, held by a process of its own; nothing leaves the machine. */
export class EmbeddedModel implements ChatModel {
  readonly name: string;
  readonly contextTokens: number;
  readonly inspection: Inspection;
  readonly #path: string;
  readonly #engine: Engine;
  readonly #config: EmbeddedModelConfig;
  readonly #clock: Clock;

  private constructor(
    name: string,
    path: string,
    inspection: Inspection,
    engine: Engine,
    config: EmbeddedModelConfig,
    clock: Clock,
  ) {
    this.name = name;
    this.contextTokens = inspection.contextTokens;
    this.inspection = inspection;
    this.#path = path;
    this.#engine = engine;
    this.#config = config;
    this.#clock = clock;
  }

  /**
   * Reads the head of the file and opens the model; its weights are loaded by the first call.
   *
   * @throws {AgentError} MODEL_ENGINE_MISSING, MODEL_MISSING, MODEL_FILE_DAMAGED, MODEL_TOO_LARGE.
   */
  static async open(
    name: string,
    path: string,
    config: EmbeddedModelConfig,
    engine: Engine = new Engine(),
    clock: Clock = systemClock,
  ): Promise<EmbeddedModel> {
    const contextTokens = config.contextTokens ?? unknownModelContextTokens;
    const outcome = await engine.ask({ type: "inspect", path, contextTokens });
    if (outcome.type === "refused" || outcome.type === "died") {
      await engine.close();
      throw openingError(`Opening the model ${path}`, outcome);
    }
    if (outcome.type !== "inspected") throw unexpected(name, outcome.type);
    return new EmbeddedModel(name, path, outcome.inspection, engine, config, clock);
  }

  async chat(request: ChatRequest, options: ChatOptions = {}): Promise<ChatAnswer> {
    const action = `Asking the model ${this.name}`;
    const startMs = this.#clock.monotonicMs();
    const watch = new Watchdog({
      asked: { action },
      firstTimeoutMs: this.#config.firstTokenTimeoutMs,
      idleTimeoutMs: this.#config.idleTimeoutMs,
      signal: options.signal,
      words: { silence: (timeoutMs) => silenceError(action, timeoutMs), failure: (error) => error },
    });
    let firstTokenMs: number | undefined;
    let outputTokens = 0;
    const onToken = (reply: TokenReply) => {
      watch.sawProgress();
      firstTokenMs ??= Math.round(this.#clock.monotonicMs() - startMs);
      outputTokens += reply.tokens;
      options.onProgress?.({ outputTokens, isThinking: reply.isThinking });
    };
    try {
      const outcome = await this.#engine.ask(this.#question(request), {
        signal: watch.signal,
        onToken,
      });
      const durationMs = Math.round(this.#clock.monotonicMs() - startMs);
      if (outcome.type === "answered") {
        return this.#answer(action, outcome.answer, durationMs, firstTokenMs ?? durationMs);
      }
      if (outcome.type === "inspected") throw unexpected(this.name, outcome.type);
      throw watch.explain(embeddedError(action, outcome));
    } finally {
      watch.stop();
    }
  }

  /** Ends the process that holds the model, and frees its memory. */
  async close(): Promise<void> {
    await this.#engine.close();
  }

  #question(request: ChatRequest) {
    const { messages, format, seed, maxOutputTokens } = request;
    const threads = this.#config.embeddedThreads;
    return {
      type: "chat" as const,
      path: this.#path,
      contextTokens: this.contextTokens,
      messages,
      answerReserveTokens: answerReserve(this.contextTokens),
      maxAnswerBytes: this.#config.maxAnswerBytes,
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      ...(threads === undefined ? {} : { threads }),
      ...(format === undefined ? {} : { format }),
      ...(seed === undefined ? {} : { seed }),
    };
  }

  #answer(
    action: string,
    given: EngineAnswer,
    durationMs: number,
    firstTokenMs: number,
  ): ChatAnswer {
    const { promptTokens, outputTokens } = given;
    if (given.isCut) {
      throw new AgentError(
        "MODEL_CONTEXT_OVERFLOW",
        `${action}: the answer was cut off after ${outputTokens} tokens at the limit of the window of ${this.contextTokens}; a shorter one is wanted; raise contextTokens if memory allows, or choose a model with a larger window.`,
        { blame: "model" },
      );
    }
    const { text, thinking } = splitThinking(given.text);
    return {
      text,
      thinking: joinThinking([given.thinking, thinking]),
      model: this.name,
      promptTokens,
      outputTokens,
      durationMs,
      firstTokenMs,
    };
  }
}

function unexpected(name: string, type: string): AgentError {
  return new AgentError(
    "INTERNAL",
    `Asking the model ${name}: its process answered "${type}" to another question; report this.`,
    { blame: "bug" },
  );
}
