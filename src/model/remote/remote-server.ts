import { redactText } from "../../shared/log.ts";
import type { Endpoint } from "../../shared/server-url.ts";
import { Connections } from "../connections.ts";
import type { Asked } from "../model-errors.ts";
import { keyRemedy, type RemoteKind } from "./api-key.ts";

/** One server and how it is talked to. The key is in here and nowhere else. */
export class RemoteServer {
  readonly kind: RemoteKind;
  readonly endpoint: Endpoint;
  readonly key: string | undefined;
  readonly connections = new Connections();

  constructor(kind: RemoteKind, endpoint: Endpoint, key: string | undefined) {
    this.kind = kind;
    this.endpoint = endpoint;
    this.key = key;
  }

  get keyRemedy(): string {
    return keyRemedy(this.kind, this.endpoint);
  }

  asked(action: string, model?: string): Asked {
    return { action, url: this.endpoint.url, ...(model === undefined ? {} : { model }) };
  }

  /** Headers of requests that no library makes for us. */
  get headers(): Readonly<Record<string, string>> {
    if (this.key === undefined) return {};
    return this.kind === "anthropic"
      ? { "x-api-key": this.key, "anthropic-version": "2023-06-01" }
      : { authorization: `Bearer ${this.key}` };
  }

  /** Takes the key out of a text that a server sent, which may have sent it back. */
  withoutKey(text: string): string {
    return this.key === undefined ? text : text.replaceAll(this.key, "[key]");
  }

  /** The same for a text that goes into an error, and whatever else in it looks like a key. */
  safeText(text: string): string {
    return redactText(this.withoutKey(text));
  }
}
