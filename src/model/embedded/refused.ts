import type { Refusal } from "./engine-protocol.ts";

/** Why the engine does not answer; lives in the engine's process, crosses it as a reply. */
export class Refused extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.refusal = refusal;
  }
}

export function detailOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, 500).replace(/\.+$/, "");
}
