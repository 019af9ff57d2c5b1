/** An answer in no wire's terms; each wire writes it in its own. */
export interface WireAnswer {
  readonly text: string;
  readonly thinking?: string;
  /** What the server says it read; a word count of what was sent when absent, left out when null. */
  readonly promptTokens?: number | null;
  readonly cachedTokens?: number;
  readonly outputTokens?: number;
  readonly reasoningTokens?: number;
  readonly finish?: "stop" | "length" | "refusal";
}

/** What was asked, as far as every wire has it. */
export interface WireRequest {
  readonly model: string;
  /** All that was sent to be read, joined. */
  readonly prompt: string;
  /** The answer is wanted as the input of a tool, which the model is made to call. */
  readonly isForTool?: boolean;
}

/** A whole answer as it goes over the network. `pieces` hold the text, `closing` ends it. */
export interface WireStream {
  readonly opening: readonly string[];
  readonly pieces: readonly string[];
  readonly closing: readonly string[];
}

export type Provider = "ollama" | "openai" | "anthropic" | "compatible";

/** How one provider's server speaks, and how its client is opened. */
export interface Wire {
  readonly provider: Provider;
  readonly chatPath: string;
  readonly contentType: string;
  /** Sent to keep a connection open while nothing is answered; undefined where the wire has none. */
  readonly ping?: string;
  stream(answer: WireAnswer, request: WireRequest): WireStream;
  /** The body of an answer with this status, in the provider's own words. */
  errorBody(status: number): string;
  /** The body that refuses a prompt which is too long. */
  readonly contextErrorBody: string;
  /** An error in the middle of an answer. */
  readonly streamError: string;
  /** The same of a server that is overloaded; undefined where the wire has none. */
  readonly streamOverloaded?: string;
  /** A line that is no JSON. */
  readonly garbage: string;
  /** The answer to a question for its models. */
  models(names: readonly string[]): { readonly path: string; readonly body: object };
  /** Of the request's body: the schema that the answer is held to. */
  schemaOf(body: unknown): unknown;
  requestOf(body: unknown): WireRequest;
}

/** One event of server-sent events. */
export function sseEvent(data: object, event?: string): string {
  return `${event === undefined ? "" : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`;
}

/** Cuts a text as servers do: some characters a token, many for a long one. */
export function tokens(text: string): string[] {
  const size = text.length > 100_000 ? 4_096 : 4;
  const found: string[] = [];
  for (let index = 0; index < text.length; index += size) {
    found.push(text.slice(index, index + size));
  }
  return found;
}

export function countWords(text: string): number {
  return text.split(/\s+/u).filter((word) => word !== "").length;
}

/** Reads a path of keys out of parsed JSON. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  return keys.reduce<unknown>(
    (found, key) =>
      typeof found === "object" && found !== null ? Reflect.get(found, key) : undefined,
    value,
  );
}
