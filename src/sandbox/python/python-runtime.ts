import { maxValueDepth } from "../protocol.ts";
import type { CallResult, SkillRuntime } from "../runner/skill-runtime.ts";
import type { PythonInterpreter } from "./interpreter.ts";
import { fillWorkFolder, readWorkFolder } from "./work-folder.ts";

type Failure = Exclude<CallResult, { kind: "returned" }>;

const { parse, stringify } = JSON;

/** Holds one Python program in an interpreter that has run the bootstrap. */
export function createPythonRuntime(python: PythonInterpreter): SkillRuntime {
  const { FS: fs } = python;
  const load = python.globals.get("_load");
  const call = python.globals.get("_call");
  return {
    load: async (program, limits) => {
      fillWorkFolder(fs, new Map());
      const { source, entry, fileName } = program;
      const maxNodes = limits.maxMessageBytes;
      const request = { source, entry, fileName, maxNodes, maxDepth: maxValueDepth };
      const failure = await load.callPromising(stringify(request));
      return failure === "" ? undefined : (parse(failure) as Failure);
    },
    call: async (args) => {
      const answer = await call.callPromising(stringify(args));
      const body = answer.slice(1);
      if (answer.startsWith("R")) {
        return { kind: "returned", valueText: body };
      }
      if (answer.startsWith("L")) {
        return { kind: "died", reason: "output-limit", detail: "its result is too large to send" };
      }
      return parse(body) as Failure;
    },
    fillWorkFolder: (files) => fillWorkFolder(fs, files),
    readWorkFolder: (limits) => readWorkFolder(fs, limits),
  };
}
