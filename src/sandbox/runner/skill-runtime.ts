import type { RaisedError, RunnerLimits } from "../protocol.ts";
import type { DeathReason, Program, TaggedValue } from "../sandbox.ts";

export type WorkFolder = ReadonlyMap<string, Uint8Array>;

export type CallResult =
  /** The tagged value as JSON text. */
  | { readonly kind: "returned"; readonly valueText: string }
  | ({ readonly kind: "raised" } & RaisedError)
  | { readonly kind: "died"; readonly reason: DeathReason; readonly detail: string };

/** How one language holds a program; the loop around it is the same for both. */
export interface SkillRuntime {
  load(
    program: Omit<Program, "language">,
    limits: RunnerLimits,
  ): Promise<Exclude<CallResult, { kind: "returned" }> | undefined>;
  call(args: readonly TaggedValue[], limits: RunnerLimits): Promise<CallResult>;
  fillWorkFolder(files: WorkFolder): void;
  /** @throws {WorkFolderError} for a link, a device, or more than the limits allow. */
  readWorkFolder(limits: RunnerLimits): WorkFolder;
}

/** Why a work folder cannot be handed out. */
export class WorkFolderError extends Error {}

/** Counts a work folder's files and bytes against the limits while it is read. */
export function createFolderMeter(limits: RunnerLimits): (bytes: number) => void {
  let files = 0;
  let total = 0;
  return (bytes) => {
    files += 1;
    total += bytes;
    if (files > limits.maxFiles) {
      throw new WorkFolderError(`it made more than the ${limits.maxFiles} files allowed`);
    }
    if (total > limits.maxFileBytes) {
      throw new WorkFolderError(
        `its files take more than the ${limits.maxFileBytes} bytes allowed`,
      );
    }
  };
}
