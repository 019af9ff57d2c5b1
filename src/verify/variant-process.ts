import type {
  CallOutcome,
  ExecutionLimits,
  Program,
  Sandbox,
  SandboxCall,
  Subject,
} from "../sandbox/sandbox.ts";
import { abortError } from "./abort-error.ts";
import { boundedOutcome } from "./bounded-outcome.ts";

export interface VariantOptions {
  readonly sandbox: Sandbox;
  readonly limits: ExecutionLimits;
  readonly signal: AbortSignal | undefined;
}

/** Calls variants of a program by their index; whatever died is started anew for the next call. */
export interface VariantProcess {
  /** @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED */
  call(index: number, call: SandboxCall): Promise<CallOutcome>;
  close(): Promise<void>;
}

/**
 * All variants in one process. They share an interpreter: what one of them patches, another one
 * meets, so that nothing may be admitted on such an answer.
 *
 * @param program made of the variants by `variantsProgram`
 */
export function sharedProcess(program: Program, options: VariantOptions): VariantProcess {
  const held = new RestartedSubject(options);
  return {
    call: (index, call) => held.call(program, { ...call, args: [index, ...call.args] }),
    close: () => held.close(),
  };
}

/** A fresh process for each variant: slower, and nothing that one does reaches another. */
export function separateProcesses(
  variants: readonly Program[],
  options: VariantOptions,
): VariantProcess {
  const held = new RestartedSubject(options);
  return {
    call: async (index, call) => {
      const program = variants[index];
      if (program === undefined) {
        throw new RangeError(`calling variant ${index}: there are ${variants.length}`);
      }
      return held.call(program, call);
    },
    close: () => held.close(),
  };
}

class RestartedSubject {
  readonly #options: VariantOptions;
  #subject: Subject | undefined;
  #program: Program | undefined;

  constructor(options: VariantOptions) {
    this.#options = options;
  }

  async call(program: Program, call: SandboxCall): Promise<CallOutcome> {
    const { sandbox, limits, signal } = this.#options;
    if (this.#program !== program) {
      await this.close();
    }
    if (this.#subject === undefined) {
      const start = await sandbox.start(program, limits, signal);
      if (start.kind !== "started") {
        return start;
      }
      this.#subject = start.subject;
      this.#program = program;
    }
    const outcome = await this.#subject.call(call, signal);
    if (signal?.aborted === true) {
      throw abortError(signal);
    }
    if (outcome.kind === "died") {
      await this.close();
    }
    return boundedOutcome(outcome);
  }

  async close(): Promise<void> {
    await this.#subject?.close();
    this.#subject = undefined;
  }
}
