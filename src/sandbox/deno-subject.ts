import { randomUUID } from "node:crypto";
import { aborted, Exchange, type ExchangeOutcome } from "./exchange.ts";
import { filePieceBytes, type HostMessage, protocolVersion } from "./protocol.ts";
import type { Death, RunnerProcess } from "./runner-process.ts";
import type {
  CallOutcome,
  ExecutionLimits,
  Program,
  SandboxCall,
  StartOutcome,
  Subject,
  WorkFile,
} from "./sandbox.ts";
import { workFilesProblem } from "./work-file.ts";

/** Loads the program into a ready process; the outcome holds the subject when it went well. */
export async function startSubject(
  runner: RunnerProcess,
  program: Program,
  limits: ExecutionLimits,
  signal: AbortSignal | undefined,
): Promise<StartOutcome> {
  const subject = new DenoSubject(runner, limits);
  const outcome = await loadOrClose(subject, program, signal);
  if (outcome.kind === "loaded") {
    return { kind: "started", subject };
  }
  await subject.close();
  if (outcome.kind === "returned") {
    return died({ reason: "protocol-error", detail: "it answered a call nobody made" });
  }
  return outcome;
}

/** An abort leaves no process behind that nobody could close. */
async function loadOrClose(
  subject: DenoSubject,
  program: Program,
  signal: AbortSignal | undefined,
): Promise<ExchangeOutcome> {
  try {
    return await subject.load(program, signal);
  } catch (error) {
    await subject.close();
    throw error;
  }
}

/** One process that holds one program; calls are made one after another. */
class DenoSubject implements Subject {
  readonly #runner: RunnerProcess;
  readonly #limits: ExecutionLimits;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(runner: RunnerProcess, limits: ExecutionLimits) {
    this.#runner = runner;
    this.#limits = limits;
    runner.maxMessageBytes = limits.maxMessageBytes;
  }

  load(program: Program, signal: AbortSignal | undefined): Promise<ExchangeOutcome> {
    const { source, entry, fileName } = program;
    const id = randomUUID();
    const { maxOutputBytes, maxMessageBytes, maxFiles, maxFileBytes } = this.#limits;
    const limits = { maxOutputBytes, maxMessageBytes, maxFiles, maxFileBytes };
    const held = { source, entry, fileName };
    const message: HostMessage = { protocolVersion, type: "load", id, program: held, limits };
    return this.#exchange(id, [message], signal);
  }

  async call(call: SandboxCall, signal?: AbortSignal): Promise<CallOutcome> {
    const mine = this.#turn.then(() => this.#callInTurn(call, signal));
    this.#turn = mine.catch(() => {});
    return await mine;
  }

  async close(): Promise<void> {
    await this.#runner.kill();
  }

  async #callInTurn(call: SandboxCall, signal: AbortSignal | undefined): Promise<CallOutcome> {
    const files = call.files ?? [];
    const problem = workFilesProblem(files, this.#limits);
    if (problem !== undefined) {
      return died({ reason: "file-limit", detail: `its input files were refused: ${problem}` });
    }
    const id = randomUUID();
    const messages: HostMessage[] = files.flatMap((file) =>
      filePieces(id, file, this.#limits.maxMessageBytes),
    );
    const collectFiles = call.collectFiles === true;
    messages.push({ type: "call", id, args: call.args, collectFiles });
    const outcome = await this.#exchange(id, messages, signal);
    if (outcome.kind === "loaded") {
      return this.#dieOf({ reason: "protocol-error", detail: "it loaded twice" });
    }
    if (outcome.kind === "died" || collectFiles) {
      return outcome;
    }
    const { files: _unasked, ...rest } = outcome;
    return rest;
  }

  #dieOf(death: Death): CallOutcome {
    this.#runner.die(death);
    return died(death);
  }

  async #exchange(
    id: string,
    messages: readonly HostMessage[],
    signal: AbortSignal | undefined,
  ): Promise<ExchangeOutcome> {
    if (signal?.aborted === true) {
      throw aborted(signal);
    }
    if (this.#runner.death !== undefined) {
      return died(this.#runner.death);
    }
    const { maxMessageBytes } = this.#limits;
    for (const message of messages) {
      const bytes = Buffer.byteLength(JSON.stringify(message));
      if (bytes > maxMessageBytes) {
        const detail = `what is sent to it takes ${bytes} bytes, ${maxMessageBytes} are allowed`;
        return died({ reason: "protocol-error", detail });
      }
    }
    return await new Exchange(this.#runner, this.#limits, id).run(messages, signal);
  }
}

function died(death: Death): Extract<CallOutcome, { kind: "died" }> {
  return { kind: "died", ...death, printed: "", durationMs: 0 };
}

function filePieces(id: string, file: WorkFile, maxMessageBytes: number): HostMessage[] {
  const content = Buffer.from(file.contentBase64, "base64");
  const pieceBytes = filePieceBytes(maxMessageBytes);
  const messages: HostMessage[] = [];
  let start = 0;
  do {
    const contentBase64 = content.subarray(start, start + pieceBytes).toString("base64");
    start += pieceBytes;
    const last = start >= content.length;
    messages.push({ type: "file", id, path: file.path, contentBase64, last });
  } while (start < content.length);
  return messages;
}
