import type { RaisedError, RunnerLimits, RunnerMessage } from "../protocol.ts";
import type { Program, TaggedValue } from "../sandbox.ts";

export type WorkFolder = ReadonlyMap<string, Uint8Array>;

export type CallResult =
  /** The tagged value as JSON text. */
  | { readonly kind: "returned"; readonly valueText: string }
  | ({ readonly kind: "raised" } & RaisedError)
  | ({ readonly kind: "died" } & Omit<Extract<RunnerMessage, { type: "died" }>, "type" | "id">);

/** How one language holds a program; the loop around it is the same for both. */
export interface SkillRuntime {
  /** Before the first program is loaded, none of whose code has run: makes ready what it needs, for good. */
  settle(program: Omit<Program, "language" | "files">): void;
  load(
    program: Omit<Program, "language" | "files">,
    limits: RunnerLimits,
    /** Laid out read-only for as long as the process lives. */
    files?: WorkFolder,
  ): Promise<Exclude<CallResult, { kind: "returned" }> | undefined>;
  call(args: readonly TaggedValue[], limits: RunnerLimits): Promise<CallResult>;
  fillWorkFolder(files: WorkFolder): void;
  /** @throws {WorkFolderError} for a link, a device, or more than the limits allow. */
  readWorkFolder(limits: RunnerLimits): WorkFolder;
}

/** Thrown by what stands in an interpreter's way to a process; ends the interpreter. */
export class ProcessRefusal extends Error {}

/** Why a work folder cannot be handed out. */
export class WorkFolderError extends Error {
  readonly limit: "maxFiles" | "maxFileBytes" | undefined;

  constructor(message: string, limit?: "maxFiles" | "maxFileBytes") {
    super(message);
    this.limit = limit;
  }
}

/** Counts a work folder's files and bytes against the limits while it is read. */
export function createFolderMeter(limits: RunnerLimits): (bytes: number) => void {
  let files = 0;
  let total = 0;
  return (bytes) => {
    files += 1;
    total += bytes;
    if (files > limits.maxFiles) {
      throw new WorkFolderError("it made too many files", "maxFiles");
    }
    if (total > limits.maxFileBytes) {
      throw new WorkFolderError("its files are too large", "maxFileBytes");
    }
  };
}
