import { maxValueDepth } from "../protocol.ts";
import type { CallResult, SkillRuntime, WorkFolder } from "../runner/skill-runtime.ts";
import type { PythonFileSystem, PythonInterpreter } from "./interpreter.ts";
import { layOutProgram } from "./program-folder.ts";
import { fillWorkFolder, readWorkFolder } from "./work-folder.ts";

type Failure = Exclude<CallResult, { kind: "returned" }>;

const { parse, stringify } = JSON;

/** Holds one Python program in an interpreter that has run the bootstrap. */
export function createPythonRuntime(
  python: PythonInterpreter,
  setClock: (offsetMs: number) => void,
): SkillRuntime {
  const { FS: fs } = python;
  const load = python.globals.get("_load");
  const call = python.globals.get("_call");
  return {
    settle: () => {},
    load: async (program, limits, files) => {
      setClock(program.clockOffsetMs ?? 0);
      fillWorkFolder(fs, new Map());
      if (files !== undefined) {
        const problem = layOut(fs, files);
        if (problem !== undefined) {
          return problem;
        }
      }
      const { source, entry, fileName, args } = program;
      const maxNodes = limits.maxMessageBytes;
      const request = { source, entry, fileName, args, maxNodes, maxDepth: maxValueDepth };
      const failure = await load.callPromising(stringify(request));
      return failure === "" ? undefined : (parse(failure) as Failure);
    },
    call: async (args) => {
      const answer = await call.callPromising(stringify(args));
      const body = answer.slice(1);
      if (answer.startsWith("R")) {
        return { kind: "returned", valueText: body };
      }
      return parse(body) as Failure;
    },
    fillWorkFolder: (files) => fillWorkFolder(fs, files),
    readWorkFolder: (limits) => readWorkFolder(fs, limits),
  };
}

function layOut(fs: PythonFileSystem, files: WorkFolder): Failure | undefined {
  try {
    layOutProgram(fs, files);
    return undefined;
  } catch (error) {
    if (error instanceof fs.ErrnoError) {
      // A name that is a file and a folder at once, say.
      const detail = "the program's files cannot be laid out";
      return { kind: "died", reason: "file-limit", detail };
    }
    throw error;
  }
}
