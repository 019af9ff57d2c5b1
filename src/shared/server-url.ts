import { AgentError } from "./errors.ts";
import { isLoopbackName } from "./loopback.ts";

/** A server that is reached by HTTP. */
export interface Endpoint {
  /** With the path of its API, `https://api.openai.com/v1`; never a slash at the end. */
  readonly url: string;
  /** `https://api.openai.com`: what a person consents to. */
  readonly origin: string;
  /** False when what is sent there leaves this machine. */
  readonly isLoopback: boolean;
}

export const openAiUrl = "https://api.openai.com/v1";
export const anthropicUrl = "https://api.anthropic.com/v1";

/** @param url one that was checked. */
export function describeEndpoint(url: string): Endpoint {
  const parsed = new URL(url);
  return {
    url: url.replace(/\/+$/, ""),
    origin: parsed.origin,
    isLoopback: isLoopbackName(parsed.hostname),
  };
}

/**
 * Reads the URL of an OpenAI-compatible server. A path that is missing becomes `/v1`, where these
 * servers have their API.
 *
 * @throws {AgentError} USAGE when it is none, has no scheme, or holds a user's name, an @ or a query.
 */
export function parseServerUrl(text: string): Endpoint {
  const hasScheme = /^https?:\/\//i.test(text);
  const parsed = hasScheme && URL.canParse(text) ? new URL(text) : undefined;
  if (parsed === undefined) {
    const shown = JSON.stringify(text.replace(/\/\/[^/]*@/, "//…@").slice(0, 100));
    const isBare = !text.includes("://") && URL.canParse(`http://${text}`);
    const hint = isBare ? `; did you mean http://${text}/v1?` : "";
    throw noUrl(
      hasScheme || /^[a-z][a-z\d+.-]*:\/\//i.test(text)
        ? `${shown} is no URL of HTTP`
        : `${shown} has no scheme`,
      hint.includes("@") ? "" : hint,
    );
  }
  refuseBesides(parsed, text);
  const path = parsed.pathname.replace(/\/+$/, "");
  return describeEndpoint(`${parsed.origin}${path === "" ? "/v1" : path}`);
}

function refuseBesides(parsed: URL, text: string): void {
  if (parsed.username !== "" || parsed.password !== "") {
    throw noUrl(`${parsed.origin} is given with a user's name or a password`, "; leave them out");
  }
  // It could be taken for the beginning of another server's URL.
  if (text.includes("@")) {
    throw noUrl(`${parsed.origin} is given with an @`, "; leave it out");
  }
  if (parsed.search !== "" || parsed.hash !== "") {
    throw noUrl(`${parsed.origin}${parsed.pathname} is given with a query`, "; leave it out");
  }
}

function noUrl(what: string, remedy: string): AgentError {
  const end = remedy.endsWith("?") ? "" : ".";
  return new AgentError(
    "USAGE",
    `Reading the URL of a model's server: ${what}; http(s)://HOST:PORT/PATH is wanted, as in compatible:qwen3@http://127.0.0.1:8000/v1${remedy}${end}`,
    { blame: "caller" },
  );
}
