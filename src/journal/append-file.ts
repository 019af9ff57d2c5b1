import type { FileHandle } from "node:fs/promises";
import { AgentError } from "../shared/errors.ts";
import { fileError } from "../shared/file-error.ts";
import type { JournalSeal } from "./journal-seal.ts";

/** What an append needs of a file; a `FileHandle` has it. */
export type AppendHandle = Pick<FileHandle, "write" | "truncate" | "datasync" | "stat" | "close">;

/**
 * A file that grows by whole lines: one write at a time, and a line that could not be written whole
 * is cut off again, so that the next one never follows half of another.
 */
export class AppendFile {
  readonly #handle: AppendHandle;
  readonly #path: string;
  readonly #seal: JournalSeal | undefined;
  #size: number;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(handle: AppendHandle, path: string, size: number, seal?: JournalSeal) {
    this.#handle = handle;
    this.#path = path;
    this.#size = size;
    this.#seal = seal;
  }

  /**
   * Resolves when the line is written, and with `isDurable` when the disk has it and every line
   * before it.
   *
   * @throws {AgentError} DISK_FULL, WORKSPACE_READ_ONLY; the file then ends as it did before.
   */
  append(line: string, isDurable: boolean): Promise<void> {
    if (this.#isClosed) return Promise.reject(closedError(this.#path));
    const write = this.#last.then(() => this.#write(line, isDurable));
    this.#last = write.catch(() => undefined);
    return write;
  }

  /** True once the file is in no folder any more: what is written to it goes with this process. */
  async isRemoved(): Promise<boolean> {
    const { nlink } = await this.#handle.stat();
    return nlink === 0;
  }

  /** Waits for what is being written, and for the disk to have it. */
  async close(isDurable: boolean): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#last;
    try {
      if (isDurable) await this.#handle.datasync();
    } catch (error) {
      throw fileError("Closing a journal", this.#path, error);
    } finally {
      await this.#handle.close();
    }
  }

  async #write(line: string, isDurable: boolean): Promise<void> {
    const text = this.#seal?.sealed(line) ?? line;
    const bytes = Buffer.from(text, "utf8");
    try {
      let written = 0;
      while (written < bytes.length) {
        const rest = bytes.length - written;
        const result = await this.#handle.write(bytes, written, rest, this.#size + written);
        written += result.bytesWritten;
      }
      if (isDurable) await this.#handle.datasync();
      this.#size += bytes.length;
      this.#seal?.accept(text);
    } catch (error) {
      await this.#handle.truncate(this.#size).catch(() => undefined);
      throw fileError("Writing to a run's journal", this.#path, error);
    }
  }
}

function closedError(path: string): AgentError {
  return new AgentError(
    "INTERNAL",
    `Writing to a run's journal: ${path} is closed; an open journal is wanted; please report this.`,
    { blame: "bug" },
  );
}
