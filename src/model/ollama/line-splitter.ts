/** Splits bytes into lines; a character cut between two chunks comes out whole. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #parts: Buffer[] = [];
  #heldBytes = 0;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** Bytes of the unfinished line; more than allowed means that no line feed may ever come. */
  get isOverfull(): boolean {
    return this.#heldBytes > this.#maxLineBytes;
  }

  /** Returns the lines that are whole now, without their line feeds, blank ones left out. */
  push(chunk: Uint8Array): string[] {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const end = bytes.lastIndexOf(10) + 1;
    if (end === 0) {
      this.#hold(bytes);
      return [];
    }
    this.#hold(bytes.subarray(0, end));
    const lines = this.end();
    this.#hold(bytes.subarray(end));
    return lines;
  }

  /** Returns the last line when it had no line feed. */
  end(): string[] {
    const text = Buffer.concat(this.#parts).toString("utf8");
    this.#parts = [];
    this.#heldBytes = 0;
    return text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "");
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#heldBytes += bytes.length;
  }
}
