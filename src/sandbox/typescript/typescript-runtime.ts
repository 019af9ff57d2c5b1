import { Script } from "node:vm";
import type { RunnerLimits } from "../protocol.ts";
import type { CallResult, SkillRuntime } from "../runner/skill-runtime.ts";
import type { Program, TaggedValue } from "../sandbox.ts";
import { describeError } from "./describe-error.ts";
import type { MemoryFiles } from "./memory-files.ts";
import { decodeTagged, encodeTagged, NotPlainError, TooLargeError } from "./tagged-value.ts";

type Entry = (...args: unknown[]) => unknown;
type ScriptFunction = (modules: object) => Promise<{ entry: unknown }>;

/** Holds one prepared script, evaluated in a function's scope of this process. */
export function createTypeScriptRuntime(files: MemoryFiles, modules: object): SkillRuntime {
  let entry: Entry | undefined;
  let fileName = "skill.ts";
  return {
    load: async (program) => {
      fileName = program.fileName;
      files.fill(new Map());
      try {
        entry = await evaluate(program, modules);
        return undefined;
      } catch (error) {
        return { kind: "raised", ...describeError(error, fileName) };
      }
    },
    call: (args, limits) => callEntry(entry, args, fileName, limits),
    fillWorkFolder: (folder) => files.fill(folder),
    readWorkFolder: (limits) => files.readAll(limits),
  };
}

async function evaluate(program: Omit<Program, "language">, modules: object): Promise<Entry> {
  const { source, entry, fileName } = program;
  // A script, not a module: it has no import of its own, static or dynamic, and no file is read.
  // On one line with the source, so that line numbers stay the skill's.
  const text =
    `(async function (__modules) { "use strict"; ${source}\n` +
    `return { entry: typeof ${entry} === "undefined" ? undefined : ${entry} }; })`;
  const run: ScriptFunction = new Script(text, { filename: fileName }).runInThisContext();
  const found = (await run(modules)).entry;
  if (typeof found !== "function") {
    throw new ReferenceError(
      `${fileName} defines no function ${entry}; define and export it at top level`,
    );
  }
  return found as Entry;
}

async function callEntry(
  entry: Entry | undefined,
  args: readonly TaggedValue[],
  fileName: string,
  limits: RunnerLimits,
): Promise<CallResult> {
  try {
    if (entry === undefined) {
      throw new ReferenceError("the program was not loaded");
    }
    const value = await entry(...args.map(decodeTagged));
    return { kind: "returned", valueText: encodeTagged(value, limits.maxMessageBytes) };
  } catch (error) {
    if (error instanceof TooLargeError) {
      return { kind: "died", reason: "output-limit", detail: "its result is too large to send" };
    }
    if (error instanceof NotPlainError) {
      const { message } = error;
      return { kind: "raised", errorType: "TypeError", errorBases: ["Error"], message, trace: "" };
    }
    return { kind: "raised", ...describeError(error, fileName) };
  }
}
