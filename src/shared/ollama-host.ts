import { isIP, isIPv6 } from "node:net";
import { AgentError } from "./errors.ts";
import { isLoopbackName } from "./loopback.ts";

export interface OllamaHost {
  /** `http://127.0.0.1:11434`, a path when one was given, never a slash at the end. */
  readonly url: string;
  /** False when what is sent there leaves this machine. */
  readonly isLoopback: boolean;
}

/**
 * Reads an address as Ollama's own tools read OLLAMA_HOST: quotes and spaces around it go; without a
 * scheme the port is 11434, with http 80, with https 443; a port that is none becomes the default;
 * an address to listen on (0.0.0.0, ::) becomes the loopback one; a path is kept.
 *
 * @throws {AgentError} CONFIG_INVALID when no URL comes of it.
 * @see https://github.com/ollama/ollama/blob/main/envconfig/config.go
 */
export function parseOllamaHost(value: string | undefined): OllamaHost {
  const text = (value ?? "")
    .trim()
    .replace(/^["']+|["']+$/g, "")
    .trim();
  const { scheme, rest, defaultPort } = splitScheme(text);
  const slash = rest.indexOf("/");
  const address = slash === -1 ? rest : rest.slice(0, slash);
  const path = slash === -1 ? "" : rest.slice(slash + 1).replace(/\/+$/, "");
  const { host, port } = splitPort(address, defaultPort);
  const named = connectableHost(host);
  return describe(
    `${scheme}://${isIPv6(named) ? `[${named}]` : named}:${port}${path === "" ? "" : `/${path}`}`,
    text,
  );
}

function splitScheme(text: string): { scheme: string; rest: string; defaultPort: string } {
  if (text === "ollama.com") return { scheme: "https", rest: "ollama.com:443", defaultPort: "443" };
  const mark = text.indexOf("://");
  if (mark === -1) return { scheme: "http", rest: text, defaultPort: "11434" };
  const scheme = text.slice(0, mark);
  const rest = text.slice(mark + 3);
  if (scheme === "http") return { scheme, rest, defaultPort: "80" };
  return { scheme, rest, defaultPort: scheme === "https" ? "443" : "11434" };
}

function splitPort(address: string, defaultPort: string): { host: string; port: string } {
  const match = /^(?:\[([^[\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(address);
  if (match === null) {
    const bare = address.replace(/^\[+|\]+$/g, "");
    const host = isIP(bare) === 0 ? address : bare;
    return { host: host === "" ? "127.0.0.1" : host, port: defaultPort };
  }
  const [, bracketed, plain, port = ""] = match;
  const isPort = /^\+?\d+$/.test(port) && Number(port) <= 65_535;
  return { host: bracketed ?? plain ?? "", port: isPort ? String(Number(port)) : defaultPort };
}

function connectableHost(host: string): string {
  if (host === "" || host === "0.0.0.0") return "127.0.0.1";
  return isIPv6(host) && /^[0:]+$/.test(host) ? "::1" : host;
}

function describe(url: string, given: string): OllamaHost {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // Else the path of a call would become part of it.
  const isCut = parsed === undefined || parsed.hash !== "" || parsed.search !== "";
  if (isCut || !/^https?:$/.test(parsed.protocol) || parsed.username !== "") {
    throw new AgentError(
      "CONFIG_INVALID",
      `Reading the address of the Ollama server: ${JSON.stringify(withoutSecret(given))} is none; HOST, HOST:PORT or http(s)://HOST:PORT is wanted, no user name, query or fragment in it; correct OLLAMA_HOST or ollamaHost.`,
      { blame: "caller" },
    );
  }
  return { url, isLoopback: isLoopbackName(parsed.hostname) };
}

/** True for Ollama's own servers, which ask money and take a key. */
export function isOllamaCom(url: string): boolean {
  return /(?:^|\.)ollama\.com$/.test(new URL(url).hostname);
}

function withoutSecret(given: string): string {
  return given.replace(/\/\/[^/]*@/, "//…@");
}
