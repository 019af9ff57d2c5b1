import type { LanguageModelV4, LanguageModelV4StreamPart } from "@ai-sdk/provider";
import type { Config } from "../../config/schema.ts";
import type { ChatAnswer } from "../../shared/chat.ts";
import { type Clock, systemClock } from "../../shared/clock.ts";
import { AgentError } from "../../shared/errors.ts";
import type { ChatModel, ChatOptions, ChatRequest, ModelPrice } from "../chat-model.ts";
import type { SendRequest } from "../connections.ts";
import {
  answerReserve,
  measurePrompt,
  type PromptSize,
  promptCutError,
  requireRoom,
} from "../context-window.ts";
import { type Asked, modelError } from "../model-errors.ts";
import { Watchdog } from "../watchdog.ts";
import { callOptions, loadLanguageModel } from "./language-model.ts";
import { DeltaMerger } from "./merge-deltas.ts";
import { nearestServed } from "./nearest-served.ts";
import { type RemoteCall, remoteFetch } from "./remote-fetch.ts";
import type { RemoteServer } from "./remote-server.ts";
import { FormatRefusedError, remoteConnectionError } from "./status-error.ts";
import { packageError, StreamAnswer } from "./stream-answer.ts";

export type RemoteModelConfig = Pick<
  Config,
  "firstTokenTimeoutMs" | "idleTimeoutMs" | "maxAnswerBytes"
>;

export type RemoteModelFacts = Pick<ChatModel, "name" | "contextTokens" | "outputTokensLimit"> & {
  /** As the server names it. */
  readonly model: string;
  readonly price?: ModelPrice;
};

interface Call {
  readonly asked: Asked;
  readonly size: PromptSize;
  readonly send: SendRequest;
  readonly watch: Watchdog;
}

/** A model behind one of the providers' packages. */
export class RemoteModel implements ChatModel {
  readonly name: string;
  readonly contextTokens: number;
  readonly outputTokensLimit?: number;
  readonly price?: ModelPrice;
  readonly #model: string;
  readonly #server: RemoteServer;
  readonly #config: RemoteModelConfig;
  readonly #clock: Clock;
  /** By the signal that the package hands to its `fetch`: it makes a model once, and calls are many. */
  readonly #calls = new WeakMap<AbortSignal, RemoteCall>();
  #languageModel: Promise<LanguageModelV4> | undefined;
  #isFormatRefused = false;

  constructor(
    facts: RemoteModelFacts,
    server: RemoteServer,
    config: RemoteModelConfig,
    clock: Clock = systemClock,
  ) {
    this.name = facts.name;
    this.#model = facts.model;
    this.contextTokens = facts.contextTokens;
    if (facts.outputTokensLimit !== undefined) this.outputTokensLimit = facts.outputTokensLimit;
    if (facts.price !== undefined) this.price = facts.price;
    this.#server = server;
    this.#config = config;
    this.#clock = clock;
  }

  async chat(request: ChatRequest, options: ChatOptions = {}): Promise<ChatAnswer> {
    try {
      return await this.#call(request, options);
    } catch (error) {
      if (
        error instanceof FormatRefusedError &&
        request.format !== undefined &&
        !this.#isFormatRefused
      ) {
        // The prompt asks for JSON in words too; a reader that forgives reads the answer.
        this.#isFormatRefused = true;
        return await this.chat(request, options);
      }
      throw await this.#withNearest(error, options.signal);
    }
  }

  async #call(request: ChatRequest, options: ChatOptions): Promise<ChatAnswer> {
    const asked = this.#server.asked(`Asking the model ${this.name}`, this.#model);
    const size = measurePrompt(request.messages);
    requireRoom(asked, size, this.contextTokens);
    const watch = new Watchdog({
      asked,
      firstTimeoutMs: this.#config.firstTokenTimeoutMs,
      idleTimeoutMs: this.#config.idleTimeoutMs,
      sign: "token",
      signal: options.signal,
      logHint: "look at the server's log",
      connectionError: remoteConnectionError,
    });
    try {
      watch.signal.throwIfAborted();
      return await this.#server.connections.use((send) =>
        this.#answer(request, options, { asked, size, send, watch }),
      );
    } catch (error) {
      throw watch.explain(withoutPackage(error));
    } finally {
      watch.stop();
    }
  }

  async #answer(request: ChatRequest, options: ChatOptions, call: Call): Promise<ChatAnswer> {
    const { asked, size, watch } = call;
    const answer = new StreamAnswer(this.#server, {
      asked,
      maxAnswerBytes: this.#config.maxAnswerBytes,
      now: () => this.#clock.monotonicMs(),
      ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    });
    const add = (part: LanguageModelV4StreamPart) => answer.add(part);
    const { stream, sawPart } = await this.#open(request, call, (count) => answer.addPieces(count));
    for (;;) {
      const { done, value } = await stream.read();
      if (done) break;
      if (watch.call(add, value)) sawPart();
    }
    const answered = answer.finish();
    const { readTokens } = answer;
    if (readTokens !== undefined && readTokens < size.fewest) {
      throw promptCutError(asked, size, readTokens, this.contextTokens);
    }
    const hide = (text: string) => this.#server.withoutKey(text);
    const { text, thinking, model } = answered;
    return { ...answered, text: hide(text), thinking: hide(thinking), model: hide(model) };
  }

  async #open(request: ChatRequest, call: Call, onMerged: (count: number) => void) {
    const { asked, size, send, watch } = call;
    // What an event may take before it ends: JSON writes a control character as six bytes.
    const longest = this.#config.maxAnswerBytes * 6 + 64 * 1024;
    let unread = 0;
    const merger = new DeltaMerger(this.#server.kind, onMerged);
    this.#calls.set(watch.signal, {
      server: this.#server,
      asked,
      send,
      signal: watch.signal,
      contentType: /^text\/event-stream\b/i,
      onChunk: (chunk) => {
        unread += chunk.length;
        if (unread > longest) throw this.#overfull(asked, longest);
        return merger.push(chunk);
      },
    });
    this.#languageModel ??= loadLanguageModel(this.#server, this.#model, this.#fetch);
    const languageModel = await this.#languageModel;
    const room = Math.max(answerReserve(this.contextTokens), this.contextTokens - size.estimate);
    const limits = { room, mostTokens: this.outputTokensLimit };
    const wanted = callOptions(this.#server, request, limits, this.#isFormatRefused);
    try {
      const { stream } = await languageModel.doStream({ ...wanted, abortSignal: watch.signal });
      const sawPart = () => {
        unread = 0;
        watch.sawProgress();
      };
      return { stream: stream.getReader(), sawPart };
    } catch (error) {
      // An error at the beginning of a stream, which the package noticed before it handed it over.
      if (isReported(error)) throw packageError(this.#server, asked, error);
      throw error;
    }
  }

  readonly #fetch: typeof globalThis.fetch = (input, init) => {
    const call = init?.signal == null ? undefined : this.#calls.get(init.signal);
    if (call === undefined) throw new Error("A package sends what belongs to no call");
    return remoteFetch(call)(input, init);
  };

  #overfull(asked: Asked, longest: number): AgentError {
    return modelError(
      "MODEL_ANSWER_TOO_LARGE",
      asked,
      `the server sent more than ${longest} bytes without a part of an answer; events of an answer are wanted; check the URL and any proxy in between`,
      { blame: "environment" },
    );
  }

  async #withNearest(error: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    if (!(error instanceof AgentError) || error.code !== "MODEL_MISSING") return error;
    const nearest = await nearestServed(this.#server, this.#model, signal);
    if (nearest !== "") error.message = `${error.message} ${nearest}`;
    return error;
  }
}

/** A package's error that carries what the server said, none of the connection's. */
function isReported(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === "AI_APICallError" &&
    "data" in error &&
    error.data !== undefined
  );
}

/** A package's error holds all of request and response; what the connection said is enough. */
function withoutPackage(error: unknown): unknown {
  return error instanceof Error && error.name === "AI_APICallError"
    ? (error.cause ?? new Error(error.message))
    : error;
}
