import { randomUUID } from "node:crypto";
import { aborted } from "./aborted.ts";
import { Exchange, type ExchangeOutcome } from "./exchange.ts";
import { callLines, type HostLines, loadLines } from "./host-messages.ts";
import { type Death, describeDeath, excessDeath } from "./limit-texts.ts";
import { type ResourceWatch, watchResources } from "./resource-watch.ts";
import type { RunnerProcess } from "./runner-process.ts";
import type {
  CallOutcome,
  ExecutionLimits,
  Program,
  SandboxCall,
  StartOutcome,
  Subject,
} from "./sandbox.ts";

/** Loads the program into a ready process; the outcome holds the subject when it went well. */
export async function startSubject(
  runner: RunnerProcess,
  program: Program,
  limits: ExecutionLimits,
  signal: AbortSignal | undefined,
  onPrinted?: (text: string) => void,
): Promise<StartOutcome> {
  const subject = new RunnerSubject(runner, limits);
  const outcome = await loadOrClose(subject, () => subject.load(program, signal, onPrinted));
  if (outcome.kind === "loaded") {
    const { kind: _loaded, ...loading } = outcome;
    return { kind: "started", subject, loading };
  }
  await subject.close();
  if (outcome.kind === "returned") {
    return died({ reason: "protocol-error", detail: "it answered a call nobody made" }, limits);
  }
  return outcome;
}

/** An abort leaves no process behind that nobody could close. */
async function loadOrClose(
  subject: RunnerSubject,
  load: () => Promise<ExchangeOutcome>,
): Promise<ExchangeOutcome> {
  try {
    return await load();
  } catch (error) {
    await subject.close();
    throw error;
  }
}

/** One process that holds one program; calls are made one after another. */
class RunnerSubject implements Subject {
  readonly #runner: RunnerProcess;
  readonly #limits: ExecutionLimits;
  #turn: Promise<unknown> = Promise.resolve();
  #idleWatch: ResourceWatch | undefined;

  constructor(runner: RunnerProcess, limits: ExecutionLimits) {
    this.#runner = runner;
    this.#limits = limits;
    runner.maxMessageBytes = limits.maxMessageBytes;
  }

  async load(
    program: Program,
    signal: AbortSignal | undefined,
    onPrinted: ((text: string) => void) | undefined,
  ): Promise<ExchangeOutcome> {
    const id = randomUUID();
    this.#runner.forgetWait();
    return await this.#exchange(id, loadLines(id, program, this.#limits), signal, onPrinted);
  }

  async call(call: SandboxCall, signal?: AbortSignal): Promise<CallOutcome> {
    const mine = this.#turn.then(() => this.#callInTurn(call, signal));
    this.#turn = mine.catch(() => {});
    return await mine;
  }

  async close(): Promise<void> {
    this.#idleWatch?.stop();
    await this.#runner.kill();
  }

  async #callInTurn(call: SandboxCall, signal: AbortSignal | undefined): Promise<CallOutcome> {
    const id = randomUUID();
    const outcome = await this.#exchange(id, callLines(id, call, this.#limits), signal);
    if (outcome.kind === "loaded") {
      return this.#dieOf({ reason: "protocol-error", detail: "it loaded twice" });
    }
    if (outcome.kind === "died" || call.collectFiles === true) {
      return outcome;
    }
    const { files: _unasked, ...rest } = outcome;
    return rest;
  }

  #dieOf(death: Death): CallOutcome {
    this.#runner.die(death);
    return died(this.#runner.death ?? death, this.#limits);
  }

  async #exchange(
    id: string,
    toSend: HostLines,
    signal: AbortSignal | undefined,
    onPrinted?: (text: string) => void,
  ): Promise<ExchangeOutcome> {
    if (signal?.aborted === true) {
      throw aborted(signal);
    }
    if (this.#runner.death !== undefined) {
      return died(this.#runner.death, this.#limits);
    }
    if (toSend.kind === "refused") {
      return this.#dieOf(toSend.death);
    }
    this.#idleWatch?.stop();
    const exchange = new Exchange(this.#runner, this.#limits, id, onPrinted);
    const outcome = await exchange.run(toSend.lines, signal);
    if (outcome.kind !== "died") {
      this.#idleWatch = this.#watchIdle();
    }
    return outcome;
  }

  /** What a program left running, a timer say, is held to the same limits until the next call. */
  #watchIdle(): ResourceWatch {
    return watchResources(this.#runner.meter, this.#limits, (limit) => {
      this.#runner.die(excessDeath(limit, " between calls"));
    });
  }
}

/** A death outside of any exchange, so that nothing was printed or used. */
function died(death: Death, limits: ExecutionLimits): Extract<CallOutcome, { kind: "died" }> {
  const detail = describeDeath(death, limits);
  return { kind: "died", reason: death.reason, detail, printed: "", durationMs: 0 };
}
