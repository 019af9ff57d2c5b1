import { AgentError } from "../../shared/errors.ts";
import { fieldOf, parseJson } from "../../shared/json.ts";
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
import type { RemoteServer } from "./remote-server.ts";

/** The server does not take this way of asking for JSON. */
export class FormatRefusedError extends AgentError {}

/** What a server says of an error, in the status line or in the middle of a stream. */
export interface Reported {
  readonly status?: number | undefined;
  readonly text: string;
  /** `type` and `code`, as the wire has them. */
  readonly type: string;
  readonly retryAfterMs?: number | undefined;
}

/** The error for a request that failed before its answer began. */
export function remoteConnectionError(asked: Asked, error: unknown): AgentError {
  if (isCutConnection(error)) {
    return modelError(
      "MODEL_STREAM_CUT",
      asked,
      `the server at ${asked.url} closed the connection before it answered; a whole answer is wanted; resume the run`,
      { ...serverFault, cause: error },
    );
  }
  return modelError(
    "MODEL_UNREACHABLE",
    asked,
    `no server answers at ${asked.url} (${describeUnreachable(error)}); a running one is wanted; check the network and the server's address, then resume the run`,
    { ...serverFault, cause: error },
  );
}

/** The error for an answer whose status is not 200. */
export function remoteStatusError(
  server: RemoteServer,
  asked: Asked,
  response: { readonly status: number; readonly body: string; readonly retryAfterMs?: number },
): AgentError {
  const { status, retryAfterMs } = response;
  const reported = readReported(response.body);
  if (reported !== undefined)
    return reportedError(server, asked, { ...reported, status, retryAfterMs });
  if (isBusyStatus(status)) {
    return new BusyError(asked, `the server at ${asked.url} answered ${status}`, retryAfterMs);
  }
  const start = server.safeText(response.body.trim()).slice(0, 120).replace(/\s+/g, " ");
  const shown = start === "" ? "no text" : JSON.stringify(start);
  return modelError(
    status >= 500 || status === 408 ? "MODEL_SERVER_ERROR" : "MODEL_PROTOCOL",
    asked,
    `${asked.url} answered ${status} with ${shown}, which is not how such a server answers; check the URL and any proxy in between`,
    status >= 500 || status === 408 ? serverFault : { blame: "environment" },
  );
}

/** The error for what a server reports of itself. */
export function reportedError(server: RemoteServer, asked: Asked, reported: Reported): AgentError {
  const { status, type, retryAfterMs } = reported;
  // More of our sentence follows.
  const text = server.safeText(reported.text).replace(/\.$/, "");
  const said = `the server at ${asked.url} ${status === undefined ? "reported in the middle of its answer" : `answered ${status}`}: ${text}`;
  const isBusy = isBusyStatus(status ?? 0);
  // "Too many tokens" is said of a minute, too.
  if (status === 413 || (!isBusy && speaksOfContext(`${type} ${text}`))) {
    return contextError(asked, `${said};`);
  }
  if (
    status === 402 ||
    /insufficient_quota|billing|credit/i.test(type) ||
    /credit balance/i.test(text)
  ) {
    return refused(asked, said, "an account with credit is wanted; see to it at the provider");
  }
  if (isBusy || /overloaded|rate_limit|unavailable|\b(?:429|503|529)\b/i.test(type)) {
    return new BusyError(asked, said, retryAfterMs);
  }
  if (status === 401 || status === 403 || /authentication|permission/i.test(type)) {
    return refused(asked, said, `a key that may use this model is wanted; ${server.keyRemedy}`);
  }
  if (status === 404 || /model_not_found/.test(type)) return missing(asked, said, text);
  if (status === undefined || status >= 500 || status === 408 || status === 409) {
    return modelError("MODEL_SERVER_ERROR", asked, `${said}; resume the run later`);
  }
  return requestError(asked, said, text);
}

/** The model, or the path where it was asked for. */
function missing(asked: Asked, said: string, text: string): AgentError {
  if (asked.model === undefined || /^(?:file )?not found$/i.test(text)) {
    const wanted = "the path of its API is wanted, which is /v1 on most servers; correct the URL";
    return modelError("MODEL_PROTOCOL", asked, `${said}; ${wanted}`, { blame: "environment" });
  }
  const wanted = "a model of this server is wanted; correct the name";
  return modelError("MODEL_MISSING", asked, `${said}; ${wanted}`, { blame: "caller" });
}

function refused(asked: Asked, said: string, remedy: string): AgentError {
  return modelError("MODEL_REFUSED", asked, `${said}; ${remedy}`, { blame: "caller" });
}

function requestError(asked: Asked, said: string, text: string): AgentError {
  if (/response_format|json_schema|output_config|structured|grammar/i.test(text)) {
    return new FormatRefusedError(
      "MODEL_PROTOCOL",
      `${asked.action}: ${said}; a server that takes a JSON schema is wanted; choose another model.`,
      { blame: "environment" },
    );
  }
  const remedy = /max(?:_output|_completion)?_tokens/i.test(text)
    ? "fewer are wanted; set outputTokens of this model in the setting models"
    : "choose another model or server";
  return modelError("MODEL_PROTOCOL", asked, `${said}; ${remedy}`, { blame: "environment" });
}

/**
 * The server's own words: OpenAI's and Anthropic's `{error: {message, type, code}}`, llama.cpp's the
 * same, vLLM's older `{message, type}`, `{detail}` of FastAPI; OpenRouter's `code` is a status.
 *
 * @see https://platform.openai.com/docs/guides/error-codes
 * @see https://docs.anthropic.com/en/api/errors
 */
function readReported(body: string): Pick<Reported, "text" | "type"> | undefined {
  return readReportedValue(parseJson(body));
}

/** The same of a value that was parsed already. */
export function readReportedValue(value: unknown): Pick<Reported, "text" | "type"> | undefined {
  const text =
    errorText(value) ?? errorText({ error: fieldOf(value, "message") ?? fieldOf(value, "detail") });
  if (text === undefined) return undefined;
  const inner = fieldOf(value, "error");
  const type = [
    fieldOf(inner, "type"),
    fieldOf(inner, "code"),
    fieldOf(value, "type"),
    fieldOf(value, "code"),
  ]
    .filter((one) => typeof one === "string" || typeof one === "number")
    .join(" ");
  return { text, type };
}
