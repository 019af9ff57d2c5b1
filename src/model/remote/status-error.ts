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
  const text = server.safeText(reported.text);
  const said = `the server at ${asked.url} ${status === undefined ? "reported in the middle of its answer" : `answered ${status}`}: ${text}`;
  if (speaksOfContext(`${type} ${text}`) || status === 413) return contextError(asked, `${said};`);
  if (/insufficient_quota|billing|credit/i.test(type) || status === 402) {
    return refused(asked, said, "an account with credit is wanted; see to it at the provider");
  }
  if (isBusyStatus(status ?? 0) || /overloaded|rate_limit|unavailable/i.test(type)) {
    return new BusyError(asked, said, retryAfterMs);
  }
  if (status === 401 || status === 403 || /authentication|permission/i.test(type)) {
    return refused(asked, said, `a key that may use this model is wanted; ${server.keyRemedy}`);
  }
  if (status === 404 && asked.model !== undefined) {
    return modelError("MODEL_MISSING", asked, `${said}; a model of this server is wanted`, {
      blame: "caller",
    });
  }
  if (status === undefined || status >= 500 || status === 408 || status === 409) {
    return modelError("MODEL_SERVER_ERROR", asked, `${said}; resume the run later`);
  }
  return requestError(asked, said, text);
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
  return modelError("MODEL_PROTOCOL", asked, `${said}; choose another model or server`, {
    blame: "environment",
  });
}

/**
 * The server's own words: OpenAI's and Anthropic's `{error: {message, type, code}}`, llama.cpp's the
 * same, vLLM's older `{message, type}`, `{detail}` of FastAPI.
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
    .filter((one) => typeof one === "string")
    .join(" ");
  return { text, type };
}
