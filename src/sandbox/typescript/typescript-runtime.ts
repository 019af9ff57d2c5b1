import type { RunnerLimits } from "../protocol.ts";
import type { CallResult, SkillRuntime } from "../runner/skill-runtime.ts";
import type { Program, TaggedValue } from "../sandbox.ts";
import { describeError } from "./describe-error.ts";
import type { Evaluator, Surroundings } from "./evaluators.ts";
import { withAdvice } from "./lacking.ts";
import type { MemoryFiles } from "./memory-files.ts";
import type { ProcessEvents } from "./process-events.ts";
import type { ProcessRefusals } from "./process-refusals.ts";
import { runToIdle } from "./run-to-idle.ts";
import { shiftClock } from "./shifted-clock.ts";
import { decodeTagged, encodeTagged, NotPlainError, TooLargeError } from "./tagged-value.ts";

type Entry = (...args: unknown[]) => unknown;
type Failure = Exclude<CallResult, { kind: "returned" }>;
type HeldProgram = Omit<Program, "language" | "files">;
type ScriptFunction = (modules: object) => Promise<{ entry: unknown }>;

/** What a program that is run as a whole has of its process. */
export interface WholeProcess {
  keepWaiting(isNeeded: boolean): void;
  /** Tells what listens on its `process`; whether anything does. */
  emit: ProcessEvents["emit"];
  /** Tells its listeners that it ends; ends the process if the program set a code other than 0. */
  endWithItsCode(): void;
}

// Taken once, before any skill code could put its own in its place.
const RangeErrorClass = RangeError;

/** Holds one prepared program, evaluated in a scope of this process that is its own. */
export function createTypeScriptRuntime(
  files: MemoryFiles,
  surroundings: Surroundings,
  refusals: ProcessRefusals,
  whole: WholeProcess,
): SkillRuntime {
  let entry: Entry | undefined;
  let ownNames: ReadonlySet<string> = new Set();
  const failure = (error: unknown): Failure =>
    limitFailure(error, refusals) ?? {
      kind: "raised",
      ...withAdvice(describeError(error, ownNames)),
    };
  return {
    settle: surroundings.settle,
    load: async (program, _limits, programFiles = new Map()) => {
      ownNames = new Set([
        program.fileName,
        ...(program.modules ?? []).map((module) => module.path),
      ]);
      setArguments(program);
      shiftClock(program.clockOffsetMs ?? 0);
      files.fill(new Map());
      files.fillProgram(programFiles);
      const evaluator = surroundings.evaluatorOf(program);
      try {
        if (program.entry === undefined) {
          const { keepWaiting, emit } = whole;
          await runToIdle(() => evaluator.modules(modulesOf(program)), keepWaiting, emit);
          whole.endWithItsCode();
        } else {
          entry = await findEntry(program, program.entry, evaluator);
        }
        return undefined;
      } catch (error) {
        return failure(error);
      }
    },
    call: async (args, limits) => {
      try {
        return await callEntry(entry, args, limits);
      } catch (error) {
        return failure(error);
      }
    },
    fillWorkFolder: (folder) => files.fill(folder),
    readWorkFolder: (limits) => files.readAll(limits),
  };
}

/** The program's command line, in Deno's way and in Node's. */
function setArguments({ fileName, args = [] }: HeldProgram): void {
  const { Deno: deno, process } = globalThis as unknown as {
    Deno?: object;
    process?: { argv: string[] };
  };
  process?.argv.splice(0, Number.POSITIVE_INFINITY, "deno", fileName, ...args);
  if (deno !== undefined) {
    Object.defineProperty(deno, "args", { value: [...args], configurable: true });
  }
}

function modulesOf(program: HeldProgram): Parameters<Evaluator["modules"]>[0] {
  const { fileName, source, imports = {}, modules = [] } = program;
  return [{ path: fileName, source, imports }, ...modules];
}

async function findEntry(program: HeldProgram, name: string, evaluator: Evaluator): Promise<Entry> {
  const entry =
    program.imports === undefined
      ? await entryOfScript(program, name, evaluator)
      : (await evaluator.modules(modulesOf(program)))[name];
  if (typeof entry !== "function") {
    throw new ReferenceError(
      `${program.fileName} defines no function ${name}; define and export it at top level`,
    );
  }
  return entry as Entry;
}

/** Runs the script; returns what its entry's name stands for. */
async function entryOfScript(
  { source, fileName }: HeldProgram,
  name: string,
  evaluator: Evaluator,
): Promise<unknown> {
  // A script, not a module: it has no import of its own, static or dynamic, and no file is read.
  // On one line with the source, so that line numbers stay the skill's.
  const found = `typeof ${name} === "undefined" ? undefined : ${name}`;
  const text = `(async function (__modules) { "use strict"; ${source}\nreturn { entry: ${found} }; })`;
  const run = evaluator.script(text, fileName) as ScriptFunction;
  return (await run(evaluator.builtins)).entry;
}

async function callEntry(
  entry: Entry | undefined,
  args: readonly TaggedValue[],
  limits: RunnerLimits,
): Promise<CallResult> {
  if (entry === undefined) {
    throw new ReferenceError("the program was loaded without an entry to call");
  }
  const value = await entry(...args.map(decodeTagged));
  try {
    return { kind: "returned", valueText: encodeTagged(value, limits.maxMessageBytes) };
  } catch (error) {
    if (error instanceof TooLargeError) {
      const detail = "its result is too large to send";
      return { kind: "died", reason: "output-limit", detail, limit: "maxMessageBytes" };
    }
    if (error instanceof NotPlainError) {
      const { message } = error;
      return { kind: "raised", errorType: "TypeError", errorBases: ["Error"], message, trace: "" };
    }
    throw error;
  }
}

/** What came out of the skill because of a limit; everything else is an error of its own. */
function limitFailure(error: unknown, refusals: ProcessRefusals): Failure | undefined {
  if (refusals.isRefusal(error)) {
    const detail =
      "it tried to start a process, a thread or foreign code; compute in the function itself";
    return { kind: "died", reason: "process-limit", detail };
  }
  return isFailedAllocation(error)
    ? {
        kind: "died",
        reason: "out-of-memory",
        detail: "it asked for more memory at once than it can get",
      }
    : undefined;
}

/**
 * V8 has no code for it, only these words, for buffers and for the memory of WebAssembly. Array and
 * string lengths are bounds of the language, and a full call stack is no lack of memory. A skill can
 * forge it: to fail by another name is all it gains.
 */
function isFailedAllocation(error: unknown): boolean {
  return (
    error instanceof RangeErrorClass &&
    /^Array buffer allocation failed$|could not allocate memory$|Unable to grow instance memory$/.test(
      messageOf(error),
    )
  );
}

function messageOf(error: Error): string {
  try {
    return String(error.message);
  } catch {
    // A getter of the skill's threw.
    return "";
  }
}
