import { createHmac } from "node:crypto";
import type { KeyRing } from "../shared/signing.ts";

const sealedLine = /^(.*),"seal":"([\w-]{43})"\}\n?$/s;

/** A secret of this installation: a signature of Ed25519 is the same each time, and this one is never shown. */
export async function journalSealKey(keys: KeyRing): Promise<string> {
  return (await keys.signingKey()).sign("the seal of journals");
}

/**
 * Ties each line of a journal to all before it, by a secret of this installation. A run that goes on takes
 * over what its journal says was tested and found right; a certificate is signed for it, so that neither a
 * stranger's journal nor a changed one may say so.
 */
export class JournalSeal {
  readonly #key: string;
  #last: string;

  constructor(key: string, runId: string) {
    this.#key = key;
    this.#last = runId;
  }

  /** The line with what seals it; the next one is tied to it once it was accepted. */
  sealed(line: string): string {
    const body = line.trimEnd();
    return `${body.slice(0, -1)},"seal":"${this.#of(body)}"}\n`;
  }

  /** True for the next line, as this installation wrote it. */
  accept(line: string): boolean {
    const [, head, seal] = sealedLine.exec(line) ?? [];
    if (seal === undefined || seal !== this.#of(`${head}}`)) return false;
    this.#last = seal;
    return true;
  }

  #of(body: string): string {
    return createHmac("sha256", this.#key).update(`${this.#last}\n${body}`).digest("base64url");
  }
}
