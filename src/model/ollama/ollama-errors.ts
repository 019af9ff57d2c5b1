import type { AgentError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/json.ts";
import {
  type Asked,
  BusyError,
  contextError,
  describeUnreachable,
  errorText,
  isBusyStatus,
  isCutConnection,
  modelError,
  serverFault,
  speaksOfContext,
} from "../model-errors.ts";

/** The lines a person types when no Ollama server answers on this machine. */
export function ollamaRemedy(model: string): readonly string[] {
  return [
    "curl -fsSL https://ollama.com/install.sh | sh",
    "sudo systemctl start ollama   # or, in a terminal of its own: ollama serve",
    `ollama pull ${model}`,
  ];
}

/** The error for a request that failed before its answer began. */
export function connectionError(asked: Asked, error: unknown): AgentError {
  if (isCutConnection(error)) {
    return modelError(
      "MODEL_STREAM_CUT",
      asked,
      `the server at ${asked.url} closed the connection before it answered; a whole answer is wanted; look at its log (journalctl -u ollama), then resume the run`,
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

/** One short sentence for a screen that shows what to do below it. */
export function unreachableProblem(url: string, error: AgentError): string {
  return error.code === "MODEL_UNREACHABLE" && error.cause !== undefined
    ? `No Ollama server answers at ${url} (${describeUnreachable(error.cause)}).`
    : error.message;
}

/** The error for an answer whose status is not 200. */
export function statusError(
  asked: Asked,
  status: number,
  body: string,
  retryAfterMs?: number,
): AgentError {
  const text = serverText(body);
  if (isBusyStatus(status)) {
    const reason = text ?? "no reason";
    return new BusyError(
      asked,
      `the server at ${asked.url} answered ${status}: ${reason}`,
      retryAfterMs,
    );
  }
  if (text === undefined) return foreignBodyError(asked, status, body);
  const said = `the server at ${asked.url} answered ${status}: ${text}`;
  // The server gives nothing but a sentence for this; our own errors are told apart by their codes.
  if (speaksOfContext(text) || status === 413) {
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
  if (status >= 400 && status < 500 && status !== 408) {
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
  return errorText(parseJson(body));
}
