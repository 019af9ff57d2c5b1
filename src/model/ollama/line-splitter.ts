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
    const lines: string[] = [];
    let start = 0;
    for (let feed = bytes.indexOf(10); feed !== -1; feed = bytes.indexOf(10, start)) {
      this.#hold(bytes.subarray(start, feed));
      this.#take(lines);
      start = feed + 1;
    }
    this.#hold(bytes.subarray(start));
    return lines;
  }

  /** Returns the last line when it had no line feed. */
  end(): string[] {
    const lines: string[] = [];
    this.#take(lines);
    return lines;
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#parts.push(bytes);
    this.#heldBytes += bytes.length;
  }

  #take(lines: string[]): void {
    const line = Buffer.concat(this.#parts).toString("utf8").trim();
    this.#parts = [];
    this.#heldBytes = 0;
    if (line !== "") lines.push(line);
  }
}
