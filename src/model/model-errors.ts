import { AgentError, type AgentErrorOptions, type ErrorCode } from "../shared/errors.ts";

/** What was tried, and on whom; the first words of every message. */
export interface Asked {
  /** `Asking the model qwen3-coder`. */
  readonly action: string;
  readonly url: string;
  readonly model?: string;
}

export const serverFault: AgentErrorOptions = { blame: "environment", isRetryable: true };

export function modelError(
  code: ErrorCode,
  asked: Pick<Asked, "action">,
  text: string,
  options: AgentErrorOptions = serverFault,
): AgentError {
  return new AgentError(code, `${asked.action}: ${text}.`, options);
}

export function abortedError(asked: Pick<Asked, "action">, reason: unknown): AgentError {
  return modelError("ABORTED", asked, "the call was stopped; resume the run to go on", {
    blame: "caller",
    cause: reason,
  });
}

/** The server is there and wants to be asked later: 429, 503, 529. */
export class BusyError extends AgentError {
  /** As the server says; undefined when it does not. */
  readonly retryAfterMs: number | undefined;

  constructor(asked: Asked, said: string, retryAfterMs: number | undefined) {
    const seconds = Math.ceil((retryAfterMs ?? 0) / 1_000);
    const [wish, when] =
      seconds > 0
        ? [`; the server wants ${seconds} s until it is asked again`, "after that"]
        : ["", "later"];
    super(
      "MODEL_BUSY",
      `${asked.action}: ${said}${wish}; a server with room for the call is wanted; resume the run ${when}, or lower the calls at once (maxParallelCalls).`,
      serverFault,
    );
    this.retryAfterMs = retryAfterMs;
  }
}

/** Too many requests, unavailable, overloaded (a status of Anthropic's own). */
export function isBusyStatus(status: number): boolean {
  return status === 429 || status === 503 || status === 529;
}

/**
 * Reads `retry-after`: seconds, or a date of HTTP; `retry-after-ms`, which OpenAI sends too, is finer.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function readRetryAfter(
  headers: { get(name: string): string | null },
  nowMs: number,
): number | undefined {
  const fine = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (fine >= 0) return fine;
  const text = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text) * 1_000;
  const at = /[a-z]{3}/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/** Codes of system, DNS and TLS errors that come before any connection stands. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens there"],
  ["ENOTFOUND", "the name of the host is not known"],
  ["EAI_AGAIN", "the name of the host could not be looked up"],
  ["EHOSTUNREACH", "the host cannot be reached"],
  ["ENETUNREACH", "the network cannot be reached"],
  ["ETIMEDOUT", "the connection took too long"],
  ["UND_ERR_CONNECT_TIMEOUT", "the connection took too long"],
  ["EACCES", "the connection is not permitted"],
  [
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "its certificate is signed by itself; NODE_EXTRA_CA_CERTS names a file of those to trust",
  ],
  ["SELF_SIGNED_CERT_IN_CHAIN", "its certificate's authority is not trusted here"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "its certificate cannot be verified"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "its certificate's authority is not known here"],
  ["CERT_HAS_EXPIRED", "its certificate has expired"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "its certificate is for another host"],
  ["ERR_SSL_WRONG_VERSION_NUMBER", "it does not speak TLS; is http meant?"],
]);
const cutCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** True when the connection stood and was closed before an answer. */
export function isCutConnection(error: unknown): boolean {
  const code = deepestCode(error);
  return code !== undefined && cutCodes.has(code);
}

/** Why no connection stands, in a few words: `nothing listens there`. */
export function describeUnreachable(error: unknown): string {
  const code = deepestCode(error);
  return (code === undefined ? undefined : reasons.get(code)) ?? describeCause(error);
}

function deepestCode(error: unknown): string | undefined {
  let code: string | undefined;
  for (let at = error; at instanceof Error; at = at.cause) {
    if ("code" in at && typeof at.code === "string") ({ code } = at);
  }
  return code;
}

function describeCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** @param blame `model` when it is the answer that did not end in time. */
export function contextError(
  asked: Asked,
  said: string,
  blame: "environment" | "model" = "environment",
): AgentError {
  return modelError(
    "MODEL_CONTEXT_OVERFLOW",
    asked,
    `${said} prompt and answer together must fit the context window; raise contextTokens if memory allows, or choose a model with a larger window`,
    { blame },
  );
}

const shownCharacters = 500;

/** The server's own words in the body of an error: `{"error": "…"}`, `{"error": {"message": "…"}}`. */
export function errorText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("error" in value)) return undefined;
  const { error } = value;
  if (error === undefined || error === null) return undefined;
  if (typeof error === "string") return error.slice(0, shownCharacters);
  if (typeof error === "object" && "message" in error) {
    return String(error.message).slice(0, shownCharacters);
  }
  return JSON.stringify(error).slice(0, shownCharacters);
}

/** True for what servers say when prompt and answer do not fit their window. */
export function speaksOfContext(text: string): boolean {
  return /context[ _](?:length|size|window|limit)|exceed_context_size|maximum (?:context|model length)|maximum number of tokens allowed|prompt is too long|too many tokens/i.test(
    text,
  );
}
