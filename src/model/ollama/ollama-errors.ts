import { AgentError, type AgentErrorOptions, type ErrorCode } from "../../shared/errors.ts";

/** What was tried, and on whom; the first words of every message. */
export interface Asked {
  /** `Asking the model qwen3-coder`. */
  readonly action: string;
  readonly url: string;
  readonly model?: string;
}

/** The lines a person types when no Ollama server answers on this machine. */
export function ollamaRemedy(model: string): readonly string[] {
  return [
    "curl -fsSL https://ollama.com/install.sh | sh",
    "sudo systemctl start ollama   # or, in a terminal of its own: ollama serve",
    `ollama pull ${model}`,
  ];
}

const serverFault: AgentErrorOptions = { blame: "environment", isRetryable: true };

export function modelError(
  code: ErrorCode,
  asked: Asked,
  text: string,
  options: AgentErrorOptions = serverFault,
): AgentError {
  return new AgentError(code, `${asked.action}: ${text}.`, options);
}

export function abortedError(asked: Asked, reason: unknown): AgentError {
  return modelError("ABORTED", asked, "the call was stopped; resume the run to go on", {
    blame: "caller",
    cause: reason,
  });
}

/** Codes of system and DNS errors that come before any connection stands. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "nothing listens there"],
  ["ENOTFOUND", "the name of the host is not known"],
  ["EAI_AGAIN", "the name of the host could not be looked up"],
  ["EHOSTUNREACH", "the host cannot be reached"],
  ["ENETUNREACH", "the network cannot be reached"],
  ["ETIMEDOUT", "the connection took too long"],
  ["UND_ERR_CONNECT_TIMEOUT", "the connection took too long"],
  ["EACCES", "the connection is not permitted"],
]);
const cutCodes: ReadonlySet<string> = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);

/** The error for a request that failed before its answer began. */
export function connectionError(asked: Asked, error: unknown): AgentError {
  const code = deepestCode(error);
  if (code !== undefined && cutCodes.has(code)) {
    return modelError(
      "MODEL_STREAM_CUT",
      asked,
      `the server at ${asked.url} closed the connection before it answered (${code}); a whole answer is wanted; look at its log (journalctl -u ollama), then resume the run`,
      { ...serverFault, cause: error },
    );
  }
  return modelError(
    "MODEL_UNREACHABLE",
    asked,
    `no Ollama server answers at ${asked.url} (${describeUnreachable(error)}); a running one is wanted; start it with "sudo systemctl start ollama" or "ollama serve", or correct OLLAMA_HOST`,
    { ...serverFault, cause: error },
  );
}

/** Why no connection stands, in a few words: `nothing listens there`. */
function describeUnreachable(error: unknown): string {
  const code = deepestCode(error);
  return (code === undefined ? undefined : reasons.get(code)) ?? describeCause(error);
}

/** One short sentence for a screen that shows what to do below it. */
export function unreachableProblem(url: string, error: AgentError): string {
  return error.code === "MODEL_UNREACHABLE" && error.cause !== undefined
    ? `No Ollama server answers at ${url} (${describeUnreachable(error.cause)}).`
    : error.message;
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

const shownCharacters = 500;

/** The error for an answer whose status is not 200. */
export function statusError(asked: Asked, status: number, body: string): AgentError {
  const text = serverText(body);
  if (text === undefined) return foreignBodyError(asked, status, body);
  const said = `the server at ${asked.url} answered ${status}: ${text}`;
  // The server gives nothing but a sentence for this; our own errors are told apart by their codes.
  if (/context (?:length|size|window)|exceed_context_size/i.test(text)) {
    return contextError(asked, `${said};`);
  }
  if (status === 404 && asked.model !== undefined) return missingModelError(asked, said);
  if (status === 401 || status === 403) {
    return modelError(
      "MODEL_REFUSED",
      asked,
      `${said}; an account that may use this model is wanted; run "ollama signin" or choose a local model`,
      { blame: "caller" },
    );
  }
  if (status >= 400 && status < 500 && status !== 429 && status !== 408) {
    return modelError("MODEL_PROTOCOL", asked, `${said}; a newer Ollama may be wanted; update it`, {
      blame: "environment",
    });
  }
  return modelError(
    "MODEL_SERVER_ERROR",
    asked,
    `${said}; look at the server's log (journalctl -u ollama); when memory is short choose a smaller model or lower contextTokens; then resume the run`,
  );
}

function missingModelError(asked: Asked, said: string): AgentError {
  const model = asked.model ?? "";
  return modelError(
    "MODEL_MISSING",
    asked,
    `${said}; an installed model is wanted; run "ollama pull ${model}" or name another with --model`,
    { blame: "environment" },
  );
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

function foreignBodyError(asked: Asked, status: number, body: string): AgentError {
  const start = body.trim().slice(0, 120).replace(/\s+/g, " ");
  return modelError(
    status >= 500 ? "MODEL_SERVER_ERROR" : "MODEL_PROTOCOL",
    asked,
    `${asked.url} answered ${status} with ${start === "" ? "no text" : JSON.stringify(start)}, which is not how Ollama answers; an Ollama server is wanted; check OLLAMA_HOST and any proxy in between`,
    status >= 500 ? serverFault : { blame: "environment" },
  );
}

/** The text of `{"error": "…"}` or `{"error": {"message": "…"}}`. */
function serverText(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return errorText(value);
  } catch {
    return undefined;
  }
}

export function errorText(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || !("error" in value)) return undefined;
  const { error } = value;
  if (typeof error === "string") return error.slice(0, shownCharacters);
  if (typeof error === "object" && error !== null && "message" in error) {
    return String(error.message).slice(0, shownCharacters);
  }
  return JSON.stringify(error).slice(0, shownCharacters);
}
