import type { ChatProgress } from "./chat-model.ts";
import { type Asked, modelError } from "./model-errors.ts";
import { joinThinking, splitThinking } from "./thinking.ts";

export interface AnswerTextOptions {
  readonly asked: Asked;
  readonly maxAnswerBytes: number;
  /** Milliseconds of a clock that never jumps. */
  readonly now: () => number;
  readonly onProgress?: (progress: ChatProgress) => void;
}

/** Gathers the pieces of a streamed answer, its thinking apart, and tells how far it is. */
export class AnswerText {
  readonly #options: AnswerTextOptions;
  readonly #startMs: number;
  readonly #text: string[] = [];
  readonly #thinking: string[] = [];
  #bytes = 0;
  #pieces = 0;
  #firstTokenMs: number | undefined;
  #isInTag: boolean | undefined;

  constructor(options: AnswerTextOptions) {
    this.#options = options;
    this.#startMs = options.now();
  }

  /** Pieces so far: a token each, as servers stream. */
  get pieces(): number {
    return this.#pieces;
  }

  /** Counts pieces whose text comes as part of another. */
  addPieces(count: number): void {
    this.#pieces += count;
  }

  /**
   * The first piece tells when the answer began, though it may be empty.
   *
   * @throws {AgentError} MODEL_ANSWER_TOO_LARGE.
   */
  add(text: string, thinking: string): void {
    this.#firstTokenMs ??= this.#elapsed();
    if (text === "" && thinking === "") return;
    this.#bytes += Buffer.byteLength(text) + Buffer.byteLength(thinking);
    if (this.#bytes > this.#options.maxAnswerBytes) throw this.#tooLarge();
    if (text !== "") this.#text.push(text);
    if (thinking !== "") this.#thinking.push(thinking);
    this.#report(thinking !== "");
  }

  finish(): { text: string; thinking: string; durationMs: number; firstTokenMs: number } {
    const { text, thinking } = splitThinking(this.#text.join(""));
    const durationMs = this.#elapsed();
    return {
      text,
      thinking: joinThinking([this.#thinking.join(""), thinking]),
      durationMs,
      firstTokenMs: this.#firstTokenMs ?? durationMs,
    };
  }

  #report(isThinking: boolean): void {
    this.#pieces += 1;
    this.#options.onProgress?.({
      outputTokens: this.#pieces,
      isThinking: isThinking || this.#insideTag(),
      firstTokenMs: this.#firstTokenMs ?? 0,
      elapsedMs: this.#elapsed(),
    });
  }

  /** Follows a `<think>` at the beginning of the text until it closes; for live display only. */
  #insideTag(): boolean {
    if (this.#isInTag === undefined) {
      const start = this.#text.slice(0, 8).join("").trimStart().slice(0, 7).toLowerCase();
      if (start === "") return false;
      if (start.length >= 7 || !"<think>".startsWith(start)) this.#isInTag = start === "<think>";
    }
    const recent = this.#text.slice(-5).join("");
    if (this.#isInTag === true && recent.includes("</think>")) this.#isInTag = false;
    return this.#isInTag !== false;
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
}
