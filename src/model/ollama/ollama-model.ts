import type { Config } from "../../config/schema.ts";
import type { ChatAnswer } from "../../shared/chat.ts";
import { type Clock, systemClock } from "../../shared/clock.ts";
import { AgentError } from "../../shared/errors.ts";
import type { JsonObject, JsonValue } from "../../shared/json.ts";
import type { ChatModel, ChatOptions, ChatRequest, ModelPrice } from "../chat-model.ts";
import {
  answerReserve,
  isPromptCut,
  isSuspicious,
  measurePrompt,
  type PromptSize,
  promptCutError,
  requireRoom,
  type ServerWindow,
  versionCountsCached,
} from "../context-window.ts";
import { type Asked, contextError } from "../model-errors.ts";
import { contextTokensFor, findKnownModel, type KnownModel } from "../model-table.ts";
import { describeNearest } from "../nearest-models.ts";
import { freeOfCharge } from "../price.ts";
import {
  type ConsentPolicy,
  describeRemoteModel,
  isSoldByOllama,
  requireConsent,
} from "../remote-consent.ts";
import { AnswerCollector, type CollectedAnswer } from "./chat-answer.ts";
import type { OllamaFacts } from "./model-facts.ts";
import { isSameModel } from "./model-names.ts";
import type { OllamaClient } from "./ollama-client.ts";
import type { RequestLimits } from "./transport.ts";

export type OllamaModelConfig = Pick<
  Config,
  | "contextTokens"
  | "models"
  | "ollamaKeepAlive"
  | "firstTokenTimeoutMs"
  | "idleTimeoutMs"
  | "maxAnswerBytes"
> &
  ConsentPolicy;

/** One model of an Ollama server; asks it for one and the same `num_ctx` at every call. */
export class OllamaModel implements ChatModel {
  readonly name: string;
  readonly contextTokens: number;
  readonly outputTokensLimit?: number;
  readonly price: ModelPrice | null;
  readonly #known: KnownModel | undefined;
  readonly #client: OllamaClient;
  readonly #config: OllamaModelConfig;
  readonly #clock: Clock;
  #isChecked = false;

  constructor(
    name: string,
    client: OllamaClient,
    config: OllamaModelConfig,
    clock: Clock = systemClock,
    facts: OllamaFacts = {},
  ) {
    this.name = name;
    this.contextTokens = contextTokensFor(name, config, facts);
    this.#known = findKnownModel(name, config.models);
    const { outputTokens, price } = this.#known ?? {};
    if (outputTokens !== undefined) this.outputTokensLimit = outputTokens;
    const isElsewhere = facts.remoteHost !== undefined || isSoldByOllama(client.host, name);
    this.price = price === undefined && !isElsewhere ? freeOfCharge : (price ?? null);
    this.#client = client;
    this.#config = config;
    this.#clock = clock;
  }

  async chat(request: ChatRequest, options: ChatOptions = {}): Promise<ChatAnswer> {
    const asked = {
      action: `Asking the model ${this.name}`,
      url: this.#client.host.url,
      model: this.name,
    };
    const size = measurePrompt(request.messages);
    requireRoom(asked, size, this.contextTokens);
    await this.#checkOnce(options.signal);
    const collected = await this.#stream(request, asked, size, options).catch(
      async (error: unknown) => {
        throw await this.#withNearest(error, options.signal);
      },
    );
    await this.#requireWholePrompt(asked, size, collected, options.signal);
    if (collected.doneReason === "length") {
      throw contextError(
        asked,
        `the answer was cut off after ${collected.answer.outputTokens} tokens at the limit of the window of ${this.contextTokens};`,
        "model",
      );
    }
    return collected.answer;
  }

  /** A model with a harmless name may still be one that the server passes on to Ollama's cloud. */
  async #checkOnce(signal: AbortSignal | undefined): Promise<void> {
    if (this.#isChecked) return;
    if (!this.#config.allowRemote) {
      const installed = await this.#client.installedModels(signal);
      const found = installed.find((model) => isSameModel(model.name, this.name));
      await requireConsent(describeRemoteModel(this.name, found?.remoteHost), this.#config);
    }
    this.#isChecked = true;
  }

  async #stream(
    request: ChatRequest,
    asked: Asked,
    size: PromptSize,
    options: ChatOptions,
  ): Promise<CollectedAnswer> {
    const { maxAnswerBytes, firstTokenTimeoutMs, idleTimeoutMs } = this.#config;
    const { onProgress } = options;
    const collector = new AnswerCollector({
      asked,
      maxAnswerBytes,
      now: () => this.#clock.monotonicMs(),
      ...(onProgress === undefined ? {} : { onProgress }),
    });
    const limits: RequestLimits = {
      firstByteTimeoutMs: firstTokenTimeoutMs,
      idleTimeoutMs,
      // JSON writes a control character as six bytes.
      maxLineBytes: maxAnswerBytes * 6 + 64 * 1024,
    };
    await this.#client.chat(this.#body(request, size), asked, limits, options.signal, (part) =>
      collector.add(part),
    );
    return collector.finish();
  }

  #body(request: ChatRequest, size: PromptSize): JsonObject {
    const room = Math.max(answerReserve(this.contextTokens), this.contextTokens - size.estimate);
    const limits = [this.outputTokensLimit, request.maxOutputTokens];
    const most = Math.min(room, ...limits.filter((limit) => limit !== undefined));
    const options: JsonObject = { num_ctx: this.contextTokens, num_predict: most };
    if (request.seed !== undefined) options["seed"] = request.seed;
    const body: JsonObject = {
      model: this.name,
      messages: request.messages.map(({ role, content }) => ({ role, content })),
      stream: true,
      // Servers that know these answer with an error where others cut in silence.
      truncate: false,
      shift: false,
      keep_alive: keepAlive(this.#config.ollamaKeepAlive),
      options,
    };
    if (request.format !== undefined && this.#known?.ignoresFormat !== true) {
      body["format"] = request.format;
    }
    return body;
  }

  async #requireWholePrompt(
    asked: Asked,
    size: PromptSize,
    collected: CollectedAnswer,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const { readTokens } = collected;
    if (readTokens === undefined || !isSuspicious(size, readTokens, this.contextTokens)) return;
    const window = await this.#serverWindow(collected.countsCached, signal);
    if (!isPromptCut(size, readTokens, window)) return;
    throw promptCutError(asked, size, readTokens, window.contextTokens);
  }

  /** Whoever mistyped a name wants to read which are there. */
  async #withNearest(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (!(error instanceof AgentError) || error.code !== "MODEL_MISSING") return error;
    const installed = (await orUndefined(this.#client.installedModels(signal))) ?? [];
    const names = installed.map(({ name }) => name);
    if (names.length > 0) error.message = `${error.message} ${describeNearest(this.name, names)}`;
    return error;
  }

  async #serverWindow(
    countsCached: boolean,
    signal: AbortSignal | undefined,
  ): Promise<ServerWindow> {
    const loaded = await orUndefined(this.#client.loadedModels(signal));
    const version = countsCached ? undefined : await orUndefined(this.#client.version(signal));
    const found = loaded?.find((model) => isSameModel(model.name, this.name));
    return {
      contextTokens: Math.min(this.contextTokens, found?.contextTokens ?? this.contextTokens),
      countsCached: countsCached || (version !== undefined && versionCountsCached(version)),
    };
  }
}

/** A number of seconds must be sent as a number; Ollama takes strings with a unit only. */
function keepAlive(setting: string): JsonValue {
  return /^-?\d+$/.test(setting) ? Number(setting) : setting;
}

/** What could not be asked does not spoil an answer that is there; an abort does. */
async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AgentError && error.code !== "ABORTED") return undefined;
    throw error;
  }
}
