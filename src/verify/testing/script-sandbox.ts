import type {
  CallOutcome,
  ExecutionLimits,
  Program,
  Sandbox,
  StartOutcome,
  TaggedValue,
} from "../../sandbox/sandbox.ts";

/** What a test's script throws to end its process: `throw shared.die`. */
class Death extends Error {}

const measures = { printed: "", durationMs: 1 };

/**
 * A sandbox for the scripts of tests, in this very process: it protects from nothing. What the
 * programs of one process share stands in `shared`.
 */
export class ScriptSandbox implements Sandbox {
  readonly language = "typescript";
  readonly backend = "script";
  readonly runtime = "script-1";
  readonly started: Program[] = [];
  open = 0;

  async start(program: Program): Promise<StartOutcome> {
    this.started.push(program);
    const shared = { die: new Death() };
    let entry: (...args: readonly TaggedValue[]) => TaggedValue;
    try {
      entry = new Function("shared", `${program.source}\nreturn ${program.entry};`)(shared);
    } catch (error) {
      return raised(error);
    }
    this.open += 1;
    let isDead = false;
    return {
      kind: "started",
      subject: {
        call: async ({ args }): Promise<CallOutcome> => {
          try {
            if (isDead) {
              throw shared.die;
            }
            return {
              kind: "returned",
              value: entry(...structuredClone(args)) ?? null,
              ...measures,
            };
          } catch (error) {
            isDead ||= error instanceof Death;
            return isDead
              ? { kind: "died", reason: "crashed", detail: "", ...measures }
              : raised(error);
          }
        },
        close: async () => {
          this.open -= 1;
        },
      },
    };
  }

  async warm(): Promise<void> {}
  async close(): Promise<void> {}
}

function raised(error: unknown) {
  const errorType = error instanceof Error ? error.name : "Error";
  return {
    kind: "raised",
    errorType,
    errorBases: [],
    message: "",
    trace: "",
    ...measures,
  } as const;
}

/** A script of one function `f`. */
export function scriptProgram(source: string): Program {
  return { language: "typescript", source, entry: "f", fileName: "f.ts" };
}

export const someLimits: ExecutionLimits = {
  timeoutMs: 1_000,
  maxCpuMs: 1_000,
  maxMemoryBytes: 1,
  maxOutputBytes: 1,
  maxMessageBytes: 1,
  maxFiles: 1,
  maxFileBytes: 1,
};
