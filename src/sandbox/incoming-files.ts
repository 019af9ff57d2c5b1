import type { Death } from "./limit-texts.ts";
import type { RunnerMessage } from "./protocol.ts";
import type { ExecutionLimits, WorkFile } from "./sandbox.ts";
import { TakenPaths } from "./taken-paths.ts";
import { workPathProblem } from "./work-file.ts";

type FilePiece = Extract<RunnerMessage, { type: "file" }>;

/** The files that a process sends back in pieces, checked piece by piece before they are kept. */
export class IncomingFiles {
  readonly #limits: ExecutionLimits;
  readonly #files = new Map<string, WorkFile>();
  readonly #taken = new TakenPaths();
  #path: string | undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;

  constructor(limits: ExecutionLimits) {
    this.#limits = limits;
  }

  get files(): readonly WorkFile[] {
    return [...this.#files.values()];
  }

  /** Keeps the piece, or says why the process must end. */
  add(piece: FilePiece): Death | undefined {
    const content = Buffer.from(piece.contentBase64, "base64");
    this.#bytes += content.length;
    const problem = this.#orderProblem(piece, content) ?? this.#problem(piece.path);
    if (problem !== undefined) {
      return problem;
    }
    this.#path = piece.path;
    this.#pieces.push(content);
    if (piece.last) {
      const contentBase64 = Buffer.concat(this.#pieces).toString("base64");
      this.#files.set(piece.path, { path: piece.path, contentBase64 });
      this.#path = undefined;
      this.#pieces = [];
    }
    return undefined;
  }

  #orderProblem(piece: FilePiece, content: Buffer): Death | undefined {
    const detail =
      this.#path !== undefined && this.#path !== piece.path
        ? "it sent pieces of two files at once"
        : content.length === 0 && !piece.last && "it sent an empty piece of a file";
    return detail === false ? undefined : { reason: "protocol-error", detail };
  }

  #problem(path: string): Death | undefined {
    const reason = "file-limit";
    if (this.#bytes > this.#limits.maxFileBytes) {
      return { reason, detail: "its files are too large", limit: "maxFileBytes" };
    }
    if (this.#files.size >= this.#limits.maxFiles) {
      return { reason, detail: "it made too many files", limit: "maxFiles" };
    }
    // Later pieces of a file come under a path that was looked at.
    const problem =
      path === this.#path ? undefined : (workPathProblem(path) ?? this.#taken.take(path));
    return problem === undefined
      ? undefined
      : { reason, detail: `it made ${JSON.stringify(path.slice(0, 200))}: ${problem}` };
  }
}
