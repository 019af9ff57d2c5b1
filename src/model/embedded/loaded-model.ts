import type {
  ChatHistoryItem,
  Llama,
  LlamaChatSession,
  LlamaContextSequence,
  LlamaGrammar,
  LlamaModel,
} from "node-llama-cpp";
import type { ChatMessage } from "../../shared/chat.ts";
import type { JsonObject } from "../../shared/json.ts";
import type { EngineAnswer, EngineQuestion } from "./engine-protocol.ts";
import { detailOf, Refused } from "./refused.ts";

/** llama.cpp's own default; the library's is 0, at which each retry gets the same answer. */
const temperature = 0.8;

type Library = typeof import("node-llama-cpp");
type ChatQuestion = Extract<EngineQuestion, { readonly type: "chat" }>;

export type ModelFile = Pick<ChatQuestion, "path" | "contextTokens" | "threads">;

export interface ChatEvents {
  readonly signal: AbortSignal;
  readonly onTokens: (tokens: number, isThinking: boolean) => void;
}

/** One model in memory with one conversation at a time; what two prompts share is read once. */
export class LoadedModel {
  readonly #library: Library;
  readonly #llama: Llama;
  readonly #model: LlamaModel;
  readonly #sequence: LlamaContextSequence;
  readonly #contextTokens: number;
  /** Making one costs more than a short answer, and each holds native memory. */
  readonly #grammars = new Map<string, Promise<LlamaGrammar>>();

  private constructor(
    library: Library,
    llama: Llama,
    model: LlamaModel,
    sequence: LlamaContextSequence,
  ) {
    this.#library = library;
    this.#llama = llama;
    this.#model = model;
    this.#sequence = sequence;
    this.#contextTokens = sequence.contextSize;
  }

  /** @throws {Refused} damaged, too-large. */
  static async load(
    library: Library,
    llama: Llama,
    { path, contextTokens, threads }: ModelFile,
  ): Promise<LoadedModel> {
    try {
      const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
      const context = await model.createContext({
        contextSize: contextTokens,
        ...(threads === undefined ? {} : { threads }),
      });
      return new LoadedModel(library, llama, model, context.getSequence());
    } catch (error) {
      const refusal = error instanceof library.InsufficientMemoryError ? "too-large" : "damaged";
      throw new Refused(refusal, detailOf(error), error);
    }
  }

  /** @throws {Refused} prompt-too-long, answer-too-large, aborted. */
  async chat(question: ChatQuestion, events: ChatEvents): Promise<EngineAnswer> {
    const { history, prompt } = conversation(question.messages);
    const session = this.#session(history);
    const promptTokens = this.#countPrompt(session, prompt);
    const room = this.#contextTokens - promptTokens - 1;
    if (room < question.answerReserveTokens) {
      throw new Refused(
        "prompt-too-long",
        `the prompt has ${promptTokens} tokens and the answer needs ${question.answerReserveTokens}, but the window has ${this.#contextTokens}`,
      );
    }
    const stop = new AbortController();
    const collected = { thinking: "", bytes: 0, outputTokens: 0 };
    const grammar = await this.#grammar(question.format);
    const seed = question.seed === undefined ? {} : { seed: question.seed };
    const said = await session.promptWithMeta(prompt, {
      ...(grammar === undefined ? {} : { grammar }),
      ...seed,
      temperature,
      maxTokens: Math.min(room, question.maxOutputTokens ?? room),
      signal: AbortSignal.any([events.signal, stop.signal]),
      stopOnAbortSignal: true,
      onResponseChunk: (chunk) => {
        const isThinking = chunk.type === "segment" && chunk.segmentType === "thought";
        if (isThinking) collected.thinking += chunk.text;
        collected.bytes += Buffer.byteLength(chunk.text);
        collected.outputTokens += chunk.tokens.length;
        if (collected.bytes > question.maxAnswerBytes) stop.abort();
        events.onTokens(chunk.tokens.length, isThinking);
      },
    });
    if (events.signal.aborted) throw new Refused("aborted", "the call was stopped");
    if (stop.signal.aborted) {
      throw new Refused("answer-too-large", `the answer passed ${question.maxAnswerBytes} bytes`);
    }
    const { thinking, outputTokens } = collected;
    const isCut = said.stopReason === "maxTokens";
    return { text: said.responseText, thinking, promptTokens, outputTokens, isCut };
  }

  #session(history: ChatHistoryItem[]): LlamaChatSession {
    const session = new this.#library.LlamaChatSession({
      contextSequence: this.#sequence,
      autoDisposeSequence: false,
      // Never shift: a prompt that does not fit is refused before, not cut.
      contextShift: {
        strategy: () => {
          throw new Refused("prompt-too-long", "the conversation does not fit the window");
        },
      },
    });
    session.setChatHistory(history);
    return session;
  }

  #countPrompt(session: LlamaChatSession, prompt: string): number {
    const { contextText } = session.chatWrapper.generateContextState({
      chatHistory: [
        ...session.getChatHistory(),
        { type: "user", text: prompt },
        { type: "model", response: [] },
      ],
    });
    return contextText.tokenize(this.#model.tokenizer).length;
  }

  #grammar(format: JsonObject | undefined): Promise<LlamaGrammar> | undefined {
    if (format === undefined) return undefined;
    const key = JSON.stringify(format);
    const grammar = this.#grammars.get(key) ?? makeGrammar(this.#llama, format);
    this.#grammars.set(key, grammar);
    return grammar;
  }
}

/** A schema that no grammar can be made of still gets JSON. */
async function makeGrammar(llama: Llama, format: JsonObject): Promise<LlamaGrammar> {
  try {
    // The library's type lists the keywords it knows; others are checked by whoever reads the answer.
    const schema = format as Parameters<Llama["createGrammarForJsonSchema"]>[0];
    return await llama.createGrammarForJsonSchema(schema);
  } catch {
    return await llama.getGrammarFor("json");
  }
}

/** The last message is the question, those before it are what was said already. */
function conversation(messages: readonly ChatMessage[]): {
  history: ChatHistoryItem[];
  prompt: string;
} {
  const last = messages.at(-1);
  if (last?.role !== "user") throw new Refused("failed", "the last message is not a user's");
  return { history: messages.slice(0, -1).map(historyItem), prompt: last.content };
}

function historyItem({ role, content }: ChatMessage): ChatHistoryItem {
  return role === "assistant"
    ? { type: "model", response: [content] }
    : { type: role, text: content };
}
