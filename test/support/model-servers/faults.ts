import type { ModelConfig } from "../../../src/model/open-model.ts";
import type { ErrorCode } from "../../../src/shared/errors.ts";
import type { Behaviour } from "./model-server.ts";
import type { Wire } from "./wire.ts";

/** Where no server of ours answers. */
type Place = "nothing-listens" | "no-such-host" | "untrusted-tls" | "no-tls";

export interface Fault {
  readonly name: string;
  /** What the server does; undefined where a wire has no such thing. */
  readonly behaviour: ((wire: Wire) => Behaviour | undefined) | Place;
  readonly code: ErrorCode;
  readonly isRetryable: boolean;
  /** Words that the message has, whatever the provider. */
  readonly says: RegExp;
  readonly config?: Partial<ModelConfig>;
}

const page = "<!DOCTYPE html><html><body>Please log in to the hotel network.</body></html>";

function status(code: number, headers?: Readonly<Record<string, string>>): Fault["behaviour"] {
  return (wire) => ({
    does: "status",
    status: code,
    body: wire.errorBody(code),
    ...(headers === undefined ? {} : { headers }),
  });
}

function always(behaviour: Behaviour): Fault["behaviour"] {
  return () => behaviour;
}

const unreachable = { code: "MODEL_UNREACHABLE", isRetryable: true } as const;
const cut = { code: "MODEL_STREAM_CUT", isRetryable: true } as const;
const foreign = { code: "MODEL_PROTOCOL", isRetryable: false } as const;
const refused = { code: "MODEL_REFUSED", isRetryable: false } as const;
const busy = { code: "MODEL_BUSY", isRetryable: true } as const;
const broken = { code: "MODEL_SERVER_ERROR", isRetryable: true } as const;
const overflow = { code: "MODEL_CONTEXT_OVERFLOW", isRetryable: false } as const;
const tooLarge = { code: "MODEL_ANSWER_TOO_LARGE", isRetryable: false } as const;

/** Every provider meets each of these, and ends with the same code. */
export const faults: readonly Fault[] = [
  {
    name: "nothing listens",
    behaviour: "nothing-listens",
    ...unreachable,
    says: /nothing listens there/u,
  },
  {
    name: "the host's name is unknown",
    behaviour: "no-such-host",
    ...unreachable,
    says: /the name of the host/u,
  },
  {
    name: "a certificate that signs itself",
    behaviour: "untrusted-tls",
    ...unreachable,
    says: /signed by itself/u,
  },
  {
    name: "https, where http is spoken",
    behaviour: "no-tls",
    ...unreachable,
    says: /does not speak TLS/u,
  },
  {
    name: "400, something is wrong with the request",
    behaviour: status(400),
    ...foreign,
    says: /reason for 400/u,
  },
  { name: "401", behaviour: status(401), ...refused, says: /reason for 401.* is wanted/u },
  { name: "403", behaviour: status(403), ...refused, says: /reason for 403/u },
  {
    name: "404, the model is not there",
    behaviour: status(404),
    code: "MODEL_MISSING",
    isRetryable: false,
    says: /is wanted/u,
  },
  {
    name: "404 of another program",
    behaviour: always({
      does: "status",
      status: 404,
      body: "404 page not found",
      contentType: "text/plain",
    }),
    ...foreign,
    says: /check /u,
  },
  { name: "408", behaviour: status(408), ...broken, says: /reason for 408/u },
  { name: "413", behaviour: status(413), ...overflow, says: /reason for 413.*context window/u },
  { name: "429", behaviour: status(429), ...busy, says: /reason for 429/u },
  {
    name: "429 with `retry-after`",
    behaviour: status(429, { "retry-after": "7" }),
    ...busy,
    says: /reason for 429/u,
  },
  { name: "500", behaviour: status(500), ...broken, says: /reason for 500/u },
  {
    name: "502, a proxy's page",
    behaviour: always({
      does: "status",
      status: 502,
      body: "<html>Bad Gateway</html>",
      contentType: "text/html",
    }),
    ...broken,
    says: /Bad Gateway/u,
  },
  { name: "503", behaviour: status(503), ...busy, says: /reason for 503/u },
  { name: "529", behaviour: status(529), ...busy, says: /reason for 529/u },
  {
    name: "a redirect",
    behaviour: always({
      does: "status",
      status: 307,
      body: "",
      headers: { location: "http://192.0.2.1/" },
    }),
    ...foreign,
    says: /answered 307/u,
  },
  {
    name: "a page of HTML instead of JSON",
    behaviour: always({ does: "foreign", contentType: "text/html", body: page }),
    ...foreign,
    says: /text\/html/u,
  },
  {
    name: "a wrong content type",
    behaviour: always({
      does: "foreign",
      contentType: "application/octet-stream",
      body: "data: {}",
    }),
    ...foreign,
    says: /octet-stream/u,
  },
  {
    name: "an answer compressed unasked",
    behaviour: (wire) => ({
      does: "status",
      status: 200,
      body: "\u001f…",
      contentType: wire.contentType,
      headers: { "content-encoding": "gzip" },
    }),
    ...foreign,
    says: /"gzip".*plain text is wanted; have /u,
  },
  {
    name: "cut before the first byte",
    behaviour: always({ does: "cut-before" }),
    ...cut,
    says: /before it answered/u,
  },
  {
    name: "an empty stream",
    behaviour: always({ does: "empty" }),
    ...cut,
    says: /ended after 0 tokens/u,
  },
  {
    name: "cut in mid-token",
    behaviour: always({ does: "break", pieces: 2, tail: 'data: {"cho', ending: "destroy" }),
    ...cut,
    says: /broke in the middle|before it answered/u,
  },
  {
    name: "an end without a finish reason",
    behaviour: always({ does: "break", pieces: 2, ending: "end" }),
    ...cut,
    says: /ended after 2 tokens/u,
  },
  {
    name: "an event that is no JSON",
    behaviour: (wire) => ({ does: "break", pieces: 1, tail: wire.garbage, ending: "stay" }),
    ...foreign,
    says: /check /u,
  },
  {
    name: "an error in the middle of the answer",
    behaviour: (wire) => ({ does: "break", pieces: 1, tail: wire.streamError, ending: "stay" }),
    ...broken,
    says: /reported in the middle/u,
  },
  {
    name: "overloaded in the middle of the answer",
    behaviour: ({ streamOverloaded: tail }) =>
      tail === undefined ? undefined : { does: "break", pieces: 1, tail, ending: "stay" },
    ...busy,
    says: /maxParallelCalls/u,
  },
  {
    name: "an answer of 5 MB",
    behaviour: always({ does: "answer", answer: { text: "# long\n".repeat(750_000) } }),
    ...tooLarge,
    says: /passed 4194304 bytes/u,
  },
  {
    name: "a line without an end",
    behaviour: always({ does: "endless-line" }),
    ...tooLarge,
    says: /sent more than \d+ bytes without/u,
    config: { maxAnswerBytes: 100_000 },
  },
  {
    name: "silence after the headers",
    behaviour: always({ does: "silence" }),
    ...unreachable,
    says: /within 60 ms; raise firstTokenTimeoutMs/u,
    config: { firstTokenTimeoutMs: 60 },
  },
  {
    name: "nothing but pings",
    behaviour: ({ ping }) => (ping === undefined ? undefined : { does: "silence", pings: true }),
    ...unreachable,
    says: /no first token within 60 ms/u,
    config: { firstTokenTimeoutMs: 60 },
  },
  {
    name: "silence in the middle",
    behaviour: always({ does: "break", pieces: 2, ending: "stay" }),
    ...cut,
    says: /idleTimeoutMs/u,
    config: { idleTimeoutMs: 60 },
  },
  {
    name: "400, the prompt does not fit",
    behaviour: (wire) => ({ does: "status", status: 400, body: wire.contextErrorBody }),
    ...overflow,
    says: /contextTokens/u,
  },
  {
    name: "an answer cut at the limit",
    behaviour: always({ does: "answer", answer: { text: "def f(", finish: "length" } }),
    ...overflow,
    says: /cut off after/u,
  },
  {
    name: "a prompt read in part only",
    behaviour: always({ does: "answer", answer: { text: "x", promptTokens: 40 } }),
    code: "PROMPT_CUT",
    isRetryable: false,
    says: /read 40 tokens/u,
  },
];

/** The same for what its caller does; each leaves no socket behind. */
export const aborts = {
  already: "an abort before anything is sent",
  before: "an abort before the first byte",
  during: "an abort in the middle of the answer",
} as const;

/** What only some wires have. */
export const refusal: Behaviour = { does: "answer", answer: { text: "I", finish: "refusal" } };
