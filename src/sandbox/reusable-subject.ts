import type {
  CallOutcome,
  ExecutionLimits,
  Program,
  Sandbox,
  SandboxCall,
  StartOutcome,
  Subject,
} from "./sandbox.ts";

export interface ReusableSubjectOptions {
  /** After so many calls the next one gets a fresh process. */
  readonly callsPerProcess: number;
}

/**
 * Returns a subject that outlives its processes: one answers call after call of the same program, and
 * a fresh one takes over after a death, a limit or `callsPerProcess` calls. Whatever the program kept
 * is lost then. The call that failed is not repeated; a program that cannot be loaded answers each
 * call with how it failed. Calls are answered in order; an abort ends the process under it. Starts
 * nothing before the first call. After `close()` every call answers `died`.
 */
export function reusableSubject(
  sandbox: Sandbox,
  program: Program,
  limits: ExecutionLimits,
  options: ReusableSubjectOptions,
): Subject {
  return new ReusableSubject((signal) => sandbox.start(program, limits, signal), options);
}

class ReusableSubject implements Subject {
  readonly #start: (signal: AbortSignal) => Promise<StartOutcome>;
  readonly #callsPerProcess: number;
  readonly #closing = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #subject: Subject | undefined;
  #calls = 0;

  constructor(
    start: (signal: AbortSignal) => Promise<StartOutcome>,
    { callsPerProcess }: ReusableSubjectOptions,
  ) {
    this.#start = start;
    this.#callsPerProcess = callsPerProcess;
  }

  async call(call: SandboxCall, signal?: AbortSignal): Promise<CallOutcome> {
    const mine = this.#turn.then(() => this.#callInTurn(call, signal));
    this.#turn = mine.catch(() => {});
    return await mine;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#drop();
    // A start under way ends by the abort; nothing of it may be left when this resolves.
    await this.#turn;
    await this.#drop();
  }

  async #callInTurn(call: SandboxCall, signal: AbortSignal | undefined): Promise<CallOutcome> {
    if (this.#closing.signal.aborted) {
      return closed();
    }
    try {
      const failure = await this.#ensureSubject(signal);
      if (failure !== undefined) {
        return failure;
      }
      const outcome = (await this.#subject?.call(call, signal)) ?? closed();
      this.#calls += 1;
      if (outcome.kind === "died" || this.#calls >= this.#callsPerProcess) {
        await this.#drop();
      }
      return outcome;
    } catch (error) {
      await this.#drop();
      if (this.#closing.signal.aborted && signal?.aborted !== true) {
        return closed();
      }
      throw error;
    }
  }

  /** Returns why there is none when none could be started. */
  async #ensureSubject(signal: AbortSignal | undefined): Promise<CallOutcome | undefined> {
    if (this.#subject !== undefined) {
      return undefined;
    }
    const signals = [this.#closing.signal, ...(signal === undefined ? [] : [signal])];
    const started = await this.#start(AbortSignal.any(signals));
    if (started.kind !== "started") {
      return started;
    }
    if (this.#closing.signal.aborted) {
      await started.subject.close();
      return closed();
    }
    this.#subject = started.subject;
    this.#calls = 0;
    return undefined;
  }

  async #drop(): Promise<void> {
    const subject = this.#subject;
    this.#subject = undefined;
    await subject?.close();
  }
}

function closed(): CallOutcome {
  const detail = "it was closed";
  return { kind: "died", reason: "crashed", detail, printed: "", durationMs: 0 };
}
