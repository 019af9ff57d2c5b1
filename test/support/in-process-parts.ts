import { createContext, Script } from "node:vm";
import type { Parts } from "../../src/application/parts.ts";
import { openSafetyReader } from "../../src/safety/open-safety-reader.ts";
import type { CallOutcome, Program, Sandbox, StartOutcome } from "../../src/sandbox/sandbox.ts";
import type { JsonValue } from "../../src/shared/json.ts";
import type { SourceReader } from "../../src/syntax/source-facts.ts";
import { mutateTypeScript } from "../../src/syntax/typescript/mutate-typescript.ts";
import { prepareTypeScript } from "../../src/syntax/typescript/prepare-typescript.ts";
import { readTypeScript } from "../../src/syntax/typescript/read-typescript.ts";

import { typescriptConstants } from "../../src/syntax/typescript/typescript-constants.ts";

/**
 * Parts that start no process: TypeScript is parsed and called in this one. For sources of a test's own
 * only, since nothing holds them; so that hundreds of runs cost little.
 */
export function inProcessParts(): Partial<Parts> {
  const sandbox = inProcessSandbox();
  const reader = inProcessReader();
  const safety = openSafetyReader({
    reader: { ...reader, matchPatterns: async () => ({ kind: "read", value: [] }) },
  });
  return {
    sandbox: async () => sandbox,
    referenceSandbox: async () => sandbox,
    reader: async () => reader,
    safety: async () => safety,
  };
}

function inProcessReader(): SourceReader {
  return {
    facts: async (_language, source) => ({ kind: "read", value: readTypeScript(source) }),
    mutants: async (_language, source, options) => ({
      kind: "read",
      value: mutateTypeScript(source, options),
    }),
    constants: async (_language, source) => ({ kind: "read", value: typescriptConstants(source) }),
    prepareTypeScript: async (source) => ({ kind: "read", value: prepareTypeScript(source) }),
    linkTypeScript: async () => {
      throw new Error("no program here has files of its own");
    },
    close: async () => {},
  };
}

const measures = { printed: "", durationMs: 0 };
/** A changed program may loop for ever; a busy machine is none. */
const callTimeoutMs = 5_000;

function inProcessSandbox(): Sandbox {
  return {
    language: "typescript",
    backend: "in-process",
    runtime: "deno-2.9",
    start: async (program) => startProgram(program),
    warm: async () => {},
    close: async () => {},
  };
}

function startProgram(program: Program): StartOutcome {
  const context = createContext(Object.create(null));
  const loaded = evaluate(`${program.source}\n;void 0`, context);
  if (loaded.kind !== "returned") {
    return loaded;
  }
  let isDead = false;
  return {
    kind: "started",
    subject: {
      call: async ({ args }) => {
        if (isDead) return { ...measures, kind: "died", reason: "crashed", detail: "it is gone" };
        const outcome = evaluate(`${program.entry}(...${JSON.stringify(args)})`, context);
        isDead = outcome.kind === "died";
        return outcome;
      },
      close: async () => {
        isDead = true;
      },
    },
  };
}

function evaluate(code: string, context: object): CallOutcome {
  try {
    const value: unknown = new Script(code).runInContext(context, { timeout: callTimeoutMs });
    return { ...measures, kind: "returned", value: plain(value) };
  } catch (error) {
    if (Object(error).code === "ERR_SCRIPT_EXECUTION_TIMEOUT") {
      return { ...measures, kind: "died", reason: "timeout", detail: "it took too long" };
    }
    const { name = "Error", message = String(error) } = Object(error);
    return { ...measures, kind: "raised", errorType: name, errorBases: [], message, trace: "" };
  }
}

function plain(value: unknown): JsonValue {
  if (typeof value === "number" && !Number.isFinite(value)) {
    return { $float: Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf" };
  }
  return value === undefined ? null : JSON.parse(JSON.stringify(value));
}
