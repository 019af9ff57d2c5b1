/** An answer in the shape of Ollama's stream. */
export interface ScriptedAnswer {
  readonly text: string;
  /** Sent in `message.thinking`, before the text. */
  readonly thinking?: string;
  /** `prompt_eval_count`; a word count of the messages when absent, left out when null. */
  readonly promptTokens?: number | null;
  /** `prompt_eval_cached_count`, which servers before 0.33.3 do not send. */
  readonly cachedTokens?: number;
  readonly outputTokens?: number;
  readonly doneReason?: "stop" | "length" | "load";
  /** Bytes of one network chunk; 7 by default, so that lines and multibyte characters are split. */
  readonly chunkBytes?: number;
  /** Characters of one token line; 4 by default. */
  readonly tokenCharacters?: number;
}

/**
 * What the server does with one `/api/chat` request.
 *
 * - a string: the whole answer, streamed as Ollama streams it;
 * - `ScriptedAnswer`: the same with thinking, token counts, a done reason, and how it is chunked;
 * - `{ fault }`: one of the faults below.
 */
export type Reply = string | ScriptedAnswer | Fault;

export type Fault =
  /** Any status with any body, such as `{"error":"model 'x' not found"}` with 404. */
  | {
      readonly fault: "status";
      readonly status: number;
      readonly body: string;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** A proxy's page with status 200. */
  | { readonly fault: "html" }
  /** A good line, then one that is no JSON. */
  | { readonly fault: "garbage-line" }
  /** Some lines, then half a line, then the socket is destroyed. */
  | { readonly fault: "cut"; readonly text?: string }
  /** Some whole lines, then a clean end without `done: true`. */
  | { readonly fault: "no-done"; readonly text?: string }
  /** The request is read and the socket destroyed without a byte. */
  | { readonly fault: "cut-before-first-byte" }
  /** Some lines, then `{"error": …}`, status 200. */
  | { readonly fault: "error-line"; readonly error: string }
  /** Nothing is ever sent; ends when the client closes or the server does. */
  | { readonly fault: "silence" }
  /** Some lines, then nothing any more. */
  | { readonly fault: "silence-midway"; readonly text?: string }
  /** The answer, with the first byte after `delayMs`. */
  | {
      readonly fault: "delayed-first-byte";
      readonly delayMs: number;
      readonly answer: string | ScriptedAnswer;
    };

interface Asked {
  readonly model: string;
  readonly messages: readonly { readonly content: string }[];
}

/** The NDJSON lines of one answer, the closing one last; each ends in a line feed. */
export function chatLines(answer: ScriptedAnswer, asked: Asked): string[] {
  const size = answer.tokenCharacters ?? (answer.text.length > 100_000 ? 4_096 : 4);
  const line = (message: object, rest: object) =>
    `${JSON.stringify({ model: asked.model, created_at: "2026-11-22T14:00:00.000000Z", message, ...rest })}\n`;
  const thinking = pieces(answer.thinking ?? "", size);
  const text = pieces(answer.text, size);
  return [
    ...thinking.map((piece) =>
      line({ role: "assistant", content: "", thinking: piece }, { done: false }),
    ),
    ...text.map((piece) => line({ role: "assistant", content: piece }, { done: false })),
    line({ role: "assistant", content: "" }, closing(answer, asked, thinking.length + text.length)),
  ];
}

function closing(answer: ScriptedAnswer, asked: Asked, tokens: number): object {
  const words = asked.messages.flatMap((message) => message.content.split(/\s+/u)).length;
  return {
    done: true,
    done_reason: answer.doneReason ?? "stop",
    total_duration: 1_500_000_000,
    load_duration: 200_000_000,
    ...(answer.promptTokens === null
      ? {}
      : { prompt_eval_count: answer.promptTokens ?? words + 8 * asked.messages.length }),
    ...(answer.cachedTokens === undefined ? {} : { prompt_eval_cached_count: answer.cachedTokens }),
    prompt_eval_duration: 300_000_000,
    eval_count: answer.outputTokens ?? tokens,
    eval_duration: 1_000_000_000,
  };
}

function pieces(text: string, size: number): string[] {
  const found: string[] = [];
  for (let index = 0; index < text.length; index += size)
    found.push(text.slice(index, index + size));
  return found;
}

export function chunksOf(bytes: Buffer, chunkBytes?: number): Buffer[] {
  // A short answer is split everywhere; a large one would take forever that way.
  const size = chunkBytes ?? (bytes.length > 20_000 ? 16_411 : 7);
  const chunks: Buffer[] = [];
  for (let index = 0; index < bytes.length; index += size) {
    chunks.push(bytes.subarray(index, index + size));
  }
  return chunks;
}
