import type { OutputStream } from "./cli-environment.ts";
import { safeText } from "./safe-text.ts";

/**
 * Shows a program's output piece by piece: a terminal is shown no control characters, a pipe or file
 * gets what was printed. How much comes is for whoever gives it to bound; what a slow reader has not
 * taken yet waits in memory.
 */
export class StreamedText {
  readonly #stream: OutputStream;
  readonly #isTerminal: boolean;
  /** The end of a piece that may be half of something: of a character, or of a line break. */
  #held = "";
  #characters = 0;
  #isInLine = false;

  constructor(stream: OutputStream) {
    this.#stream = stream;
    this.#isTerminal = stream.isTTY === true;
  }

  write(piece: string): void {
    this.#characters += piece.length;
    const text = this.#held + piece;
    const isHalf = this.#isTerminal ? /[\r\ud800-\udbff]$/ : /[\ud800-\udbff]$/;
    const end = isHalf.test(text) ? text.length - 1 : text.length;
    this.#held = text.slice(end);
    this.#show(text.slice(0, end));
  }

  /** Shows what is left of the whole text, of which the pieces were the beginning. */
  end(whole: string): void {
    this.#show(this.#held + whole.slice(this.#characters));
    this.#held = "";
    if (this.#isTerminal && this.#isInLine) {
      this.#stream.write("\n");
    }
  }

  #show(text: string): void {
    if (text !== "") {
      this.#stream.write(this.#isTerminal ? safeText(text) : text);
      this.#isInLine = !text.endsWith("\n");
    }
  }
}
