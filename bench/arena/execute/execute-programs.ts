import { defaultLimits } from "../../../src/sandbox/limits.ts";
import type {
  CallOutcome,
  ExecutionLimits,
  Sandbox,
  Subject,
  TaggedValue,
} from "../../../src/sandbox/sandbox.ts";
import { valueForm } from "../../../src/verify/tagged-value.ts";
import type { PythonShape } from "../adapter/python-shape.ts";
import { batchProgram } from "./batch-program.ts";

export type ProgramOutcome =
  | { readonly kind: "value"; readonly value: TaggedValue }
  | { readonly kind: "raised"; readonly errorType: string }
  | { readonly kind: "died" };

export interface ExecutionOrder {
  readonly sources: readonly string[];
  readonly entry: string;
  readonly shapes: readonly PythonShape[];
  readonly inputs: readonly (readonly TaggedValue[])[];
  /** So many of the inputs, the first ones, are calls of cases; the rest was generated. */
  readonly ownInputs: number;
}

export interface ExecutionCounts {
  executions: number;
  processes: number;
  /** What the programs' own code took, as their processes measured it. */
  insideMs: number;
}

const chunkSize = 12;
const mebibyte = 1024 * 1024;
const died: ProgramOutcome = { kind: "died" };
/** What a call gets in a process of its own, its start not counted. */
const aloneMs = 1_500;
/** What an exchange gets for itself, and more for each of its programs. */
const exchangeMs = 3_000;
const programMs = 1_500;
const busyFactor = 5;
const maxDeathsAlone = 2;

/**
 * The outcome of each program on each input, in our sandbox: many programs a process, a chunk of them
 * an exchange; those that take the process with them are halved until one is alone, whose inputs then
 * get a process each until it has died twice.
 */
export async function executePrograms(
  sandbox: Sandbox,
  order: ExecutionOrder,
  counts: ExecutionCounts,
): Promise<readonly (readonly ProgramOutcome[])[]> {
  const session = new ExecutionSession(sandbox, order, counts);
  try {
    const outcomes: (readonly ProgramOutcome[])[] = [];
    for (let start = 0; start < order.sources.length; start += chunkSize) {
      const end = Math.min(order.sources.length, start + chunkSize);
      outcomes.push(...(await session.run(range(start, end))));
    }
    return outcomes;
  } finally {
    await session.close();
  }
}

class ExecutionSession {
  readonly #sandbox: Sandbox;
  readonly #order: ExecutionOrder;
  readonly #counts: ExecutionCounts;
  #subject: Subject | undefined;
  #subjectTimeoutMs = 0;

  constructor(sandbox: Sandbox, order: ExecutionOrder, counts: ExecutionCounts) {
    this.#sandbox = sandbox;
    this.#order = order;
    this.#counts = counts;
  }

  async close(): Promise<void> {
    await this.#subject?.close();
    this.#subject = undefined;
  }

  async run(indexes: readonly number[]): Promise<readonly (readonly ProgramOutcome[])[]> {
    const { inputs } = this.#order;
    const timeoutMs = exchangeMs + indexes.length * programMs;
    const answer = await this.#ask(indexes, inputs, timeoutMs);
    const rows = this.#rowsOf(answer);
    if (rows !== undefined && rows.length === indexes.length) {
      this.#counts.executions += indexes.length * inputs.length;
      return rows;
    }
    const [only, ...others] = indexes;
    if (only === undefined) {
      return [];
    }
    if (others.length === 0) {
      return [await this.#runAlone(only)];
    }
    const middle = Math.ceil(indexes.length / 2);
    return [
      ...(await this.run(indexes.slice(0, middle))),
      ...(await this.run(indexes.slice(middle))),
    ];
  }

  async #runAlone(index: number): Promise<readonly ProgramOutcome[]> {
    const outcomes: ProgramOutcome[] = [];
    let deaths = 0;
    await this.close();
    for (const input of this.#order.inputs) {
      if (deaths >= maxDeathsAlone) {
        outcomes.push(died);
        continue;
      }
      const answer = await this.#ask([index], [input], aloneMs);
      const outcome = this.#rowsOf(answer)?.[0]?.[0];
      this.#counts.executions += 1;
      deaths += outcome === undefined ? 1 : 0;
      outcomes.push(outcome ?? died);
    }
    await this.close();
    return outcomes;
  }

  #rowsOf(answer: CallOutcome): ProgramOutcome[][] | undefined {
    if (answer.kind !== "returned" || !Array.isArray(answer.value)) {
      return undefined;
    }
    const [rows = null, seconds = null] = answer.value;
    this.#counts.insideMs += typeof seconds === "number" ? 1_000 * seconds : 0;
    return readRows(rows);
  }

  async #ask(
    indexes: readonly number[],
    inputs: ExecutionOrder["inputs"],
    timeoutMs: number,
  ): Promise<CallOutcome> {
    if (timeoutMs > this.#subjectTimeoutMs) {
      await this.close();
    }
    if (this.#subject === undefined) {
      const { sources, entry, shapes, ownInputs } = this.#order;
      const program = batchProgram(sources, entry, shapes, ownInputs);
      const started = await this.#sandbox.start(program, limitsOf(timeoutMs));
      this.#subjectTimeoutMs = timeoutMs;
      this.#counts.processes += 1;
      if (started.kind !== "started") {
        return started;
      }
      this.#subject = started.subject;
    }
    const args = [[...indexes], inputs.map((input) => [...input])];
    const outcome = await this.#subject.call({ args });
    if (outcome.kind !== "returned") {
      await this.close();
    }
    return outcome;
  }
}

/** By processor time; on the clock a busy machine may take longer. */
function limitsOf(maxCpuMs: number): ExecutionLimits {
  const timeoutMs = busyFactor * maxCpuMs;
  return { ...defaultLimits, timeoutMs, maxCpuMs, maxMessageBytes: 32 * mebibyte };
}

function range(start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, index) => start + index);
}

function readRows(value: TaggedValue): ProgramOutcome[][] | undefined {
  return Array.isArray(value)
    ? value.map((row) => (Array.isArray(row) ? row.map(readOutcome) : []))
    : undefined;
}

function readOutcome(outcome: TaggedValue): ProgramOutcome {
  const [kind, content = null] = Array.isArray(outcome) ? outcome : [];
  if (kind === "value") {
    const isOpaque = valueForm(content).kind === "opaque";
    return isOpaque
      ? { kind: "raised", errorType: "NoPlainValue" }
      : { kind: "value", value: content };
  }
  return kind === "raised" ? { kind: "raised", errorType: String(content) } : died;
}
