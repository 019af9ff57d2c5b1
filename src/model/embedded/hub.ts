import { Agent, fetch, type Response } from "undici";
import { z } from "zod";
import { AgentError } from "../../shared/errors.ts";
import { parseJson } from "../../shared/json.ts";
import { isLoopbackName } from "../../shared/loopback.ts";
import type { EmbeddedSource } from "./embedded-name.ts";

export type HubSource = Extract<EmbeddedSource, { readonly kind: "hugging-face" }>;

export interface HubFile {
  /** Path in the repository. */
  readonly name: string;
  readonly sizeBytes: number;
  /** Lowercase hexadecimal; undefined where the hub does not say it. */
  readonly sha256?: string;
}

const connectTimeoutMs = 20_000;
const silenceTimeoutMs = 60_000;
const maxRedirects = 5;
const maxManifestBytes = 1024 * 1024;
const maxParts = 500;
const sha256Pattern = /^[0-9a-f]{64}$/;
/** `model-00001-of-00003.gguf` */
const splitPattern = /^(.*-)(\d{5})-of-(\d{5})(\.gguf)$/;

/** Its last part becomes the name of a file here, and is shown: no hidden one, nothing that moves a cursor. */
const fileName = /^(?!(?:.*\/)?\.)[^\p{C}\\]{1,200}\.gguf$/u;

const manifestSchema = z.object({ ggufFile: z.object({ rfilename: z.string().regex(fileName) }) });

/**
 * Asks a Hugging Face hub which files a quantization of a repository is made of, and what each must
 * be. No key is sent: a repository that wants an account is refused.
 *
 * @see https://huggingface.co/docs/hub/ollama (the manifest) and the headers `X-Linked-Size` and
 * `X-Linked-Etag` of https://huggingface.co/docs/huggingface_hub (get_hf_file_metadata)
 */
export class Hub {
  readonly url: string;
  readonly #dispatcher: Agent;

  /** @param url of another hub; default `HF_ENDPOINT`, else huggingface.co. */
  constructor(url: string = process.env["HF_ENDPOINT"] ?? "https://huggingface.co") {
    this.url = url.replace(/\/+$/, "");
    this.#dispatcher = new Agent({
      connect: { timeout: connectTimeoutMs },
      headersTimeout: silenceTimeoutMs,
      bodyTimeout: silenceTimeoutMs,
    });
  }

  /** @throws {AgentError} MODEL_MISSING, MODEL_REFUSED, MODEL_UNREACHABLE, MODEL_SERVER_ERROR, MODEL_PROTOCOL, ABORTED. */
  async files(source: HubSource, signal?: AbortSignal): Promise<readonly HubFile[]> {
    const { owner, repository, quantization } = source;
    const url = `${this.url}/v2/${owner}/${repository}/manifests/${quantization}`;
    const manifest = manifestSchema.safeParse(
      await readJson(url, await this.request(url, { signal }), signal),
    );
    const names = partsOf(manifest.data?.ggufFile.rfilename ?? "");
    if (names.length === 0) {
      throw hubError(
        "MODEL_PROTOCOL",
        this.url,
        "it answered with no manifest of a GGUF file",
        "check HF_ENDPOINT",
      );
    }
    return await Promise.all(names.map((name) => this.#describe(source, name, signal)));
  }

  fileUrl({ owner, repository }: HubSource, name: string): string {
    const path = name.split("/").map(encodeURIComponent).join("/");
    return `${this.url}/${owner}/${repository}/resolve/main/${path}`;
  }

  /** Follows redirects, to https or to this machine only. Status 200 and 206 come back, others are thrown. */
  async request(
    url: string,
    options: {
      readonly method?: "GET" | "HEAD";
      readonly headers?: Readonly<Record<string, string>>;
      readonly signal?: AbortSignal | undefined;
      readonly followsRedirects?: boolean;
    },
  ): Promise<Response> {
    let at = url;
    for (let hops = 0; hops <= maxRedirects; hops += 1) {
      const response = await this.#send(at, options);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) {
        return await this.#accept(response);
      }
      if (options.followsRedirects === false) return response;
      await response.body?.cancel();
      at = this.#safeRedirect(at, location);
    }
    throw hubError(
      "MODEL_PROTOCOL",
      url,
      `it redirects more than ${maxRedirects} times`,
      "try again later",
      true,
    );
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  async #describe(
    source: HubSource,
    name: string,
    signal: AbortSignal | undefined,
  ): Promise<HubFile> {
    const url = this.fileUrl(source, name);
    const { headers } = await this.request(url, {
      method: "HEAD",
      signal,
      followsRedirects: false,
    });
    const sizeBytes = Number(headers.get("x-linked-size") ?? headers.get("content-length"));
    const etag = (headers.get("x-linked-etag") ?? headers.get("etag") ?? "").replaceAll('"', "");
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes <= 0) {
      throw hubError(
        "MODEL_PROTOCOL",
        url,
        "it does not say how large the file is",
        "check HF_ENDPOINT",
      );
    }
    return { name, sizeBytes, ...(sha256Pattern.test(etag) ? { sha256: etag } : {}) };
  }

  async #send(
    url: string,
    { method = "GET", headers = {}, signal }: Parameters<Hub["request"]>[1],
  ): Promise<Response> {
    try {
      return await fetch(url, {
        method,
        // The hub adds the GGUF file to a manifest for this reader only.
        headers: { "user-agent": "llama-cpp", ...headers },
        redirect: "manual",
        dispatcher: this.#dispatcher,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw connectionFailed(url, error, signal);
    }
  }

  async #accept(response: Response): Promise<Response> {
    if (response.status === 200 || response.status === 206) return response;
    await response.body?.cancel();
    const found = `it answered ${response.status}`;
    switch (response.status) {
      case 400:
      case 404:
        throw hubError("MODEL_MISSING", response.url, found, "correct OWNER/REPO:QUANT");
      case 401:
      case 403:
        throw hubError(
          "MODEL_REFUSED",
          response.url,
          `${found}: an account is wanted there`,
          "download the file with your account and give embedded:FILE.gguf",
        );
      default:
        throw hubError("MODEL_SERVER_ERROR", response.url, found, "try again later", true);
    }
  }

  #safeRedirect(from: string, location: string): string {
    const target = new URL(location, from);
    const isHere = isLoopbackName(target.hostname) && from.startsWith("http:");
    const isAllowed = target.protocol === "https:" || isHere;
    if (isAllowed) return target.href;
    throw hubError("MODEL_PROTOCOL", from, `it redirects to ${target.origin}`, "check HF_ENDPOINT");
  }
}

/** @throws {AgentError} ABORTED, MODEL_UNREACHABLE, or MODEL_STREAM_CUT for what broke in mid-file. */
export function connectionFailed(
  url: string,
  error: unknown,
  signal: AbortSignal | undefined,
  isInBody = false,
): AgentError {
  if (error instanceof AgentError) return error;
  if (signal?.aborted === true) {
    return new AgentError(
      "ABORTED",
      `Downloading a model from ${url}: it was stopped; what is there is kept; run it again to go on.`,
      { blame: "caller", cause: error },
    );
  }
  const reason = error instanceof Error ? causeText(error) : String(error);
  return hubError(
    isInBody ? "MODEL_STREAM_CUT" : "MODEL_UNREACHABLE",
    url,
    isInBody ? `the connection broke (${reason})` : `it cannot be reached (${reason})`,
    "look at the network and run it again; what is there is kept",
    true,
    error,
  );
}

function causeText(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function hubError(
  code:
    | "MODEL_MISSING"
    | "MODEL_REFUSED"
    | "MODEL_PROTOCOL"
    | "MODEL_SERVER_ERROR"
    | "MODEL_STREAM_CUT"
    | "MODEL_UNREACHABLE",
  url: string,
  found: string,
  remedy: string,
  isRetryable = false,
  cause?: unknown,
): AgentError {
  return new AgentError(
    code,
    `Downloading a model from ${url}: ${found}; a GGUF file is wanted; ${remedy}.`,
    { blame: "environment", isRetryable, ...(cause === undefined ? {} : { cause }) },
  );
}

/** Undefined for what is no JSON, or too long to be a manifest. */
async function readJson(
  url: string,
  { body }: Response,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  let text = "";
  const decoder = new TextDecoder();
  try {
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      if (text.length > maxManifestBytes) return undefined;
    }
  } catch (error) {
    throw connectionFailed(url, error, signal, true);
  }
  return parseJson(text);
}

/** None for a name that is none, or that says so of more than anybody would split a model in. */
function partsOf(name: string): readonly string[] {
  const [, head, , total, tail] = splitPattern.exec(name) ?? [];
  if (total === undefined) return name === "" ? [] : [name];
  if (Number(total) > maxParts) return [];
  return Array.from(
    { length: Number(total) },
    (_, index) => `${head}${String(index + 1).padStart(5, "0")}-of-${total}${tail}`,
  );
}
