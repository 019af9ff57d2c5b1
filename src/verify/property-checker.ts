import type {
  CallOutcome,
  ExecutionLimits,
  Program,
  Sandbox,
  StartOutcome,
  Subject,
  TaggedValue,
} from "../sandbox/sandbox.ts";
import { describeOutcome } from "./describe-outcome.ts";

export type PropertyFinding =
  | { readonly kind: "holds" }
  | { readonly kind: "false" }
  /** The expression could not be evaluated. */
  | { readonly kind: "error"; readonly detail: string };

/**
 * Evaluates property expressions in sandboxes that never hold the skill: only the plain values of
 * arguments and result go in. What it protects from: a result whose class answers `__eq__` with
 * true, modules patched by the skill. Not from an expression that says too little.
 */
export class PropertyChecker {
  readonly #sandbox: Sandbox;
  readonly #limits: ExecutionLimits;
  readonly #clockOffsetMs: number;
  #python: Subject | undefined;

  /** @param clockOffsetMs how far the expressions' clock is ahead of the machine's: as the skill's is */
  constructor(sandbox: Sandbox, limits: ExecutionLimits, clockOffsetMs = 0) {
    this.#sandbox = sandbox;
    this.#limits = limits;
    this.#clockOffsetMs = clockOffsetMs;
  }

  /** @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED */
  async check(
    expression: string,
    args: readonly TaggedValue[],
    result: TaggedValue,
    signal?: AbortSignal,
  ): Promise<PropertyFinding> {
    const outcome = await this.#call(expression, [[...args], result], signal);
    if (outcome.kind === "returned" && typeof outcome.value === "boolean") {
      return { kind: outcome.value ? "holds" : "false" };
    }
    return { kind: "error", detail: describeOutcome(outcome) };
  }

  /**
   * Whether the expression is true of each of these results; stops at the first of which it is not,
   * or cannot be evaluated. All are evaluated in one process.
   */
  async holdsForAll(
    expression: string,
    args: readonly TaggedValue[],
    results: readonly TaggedValue[],
    signal?: AbortSignal,
  ): Promise<boolean> {
    const opened = await this.#open(expression, signal);
    if (opened.kind !== "opened") {
      return false;
    }
    try {
      for (const result of results) {
        const outcome = await opened.call([[...args], result]);
        if (outcome.kind !== "returned" || outcome.value !== true) {
          return false;
        }
      }
      return true;
    } finally {
      await opened.close();
    }
  }

  /**
   * Returns why the expression is no expression of the skill's language, or undefined; evaluates
   * nothing.
   */
  async problemOf(expression: string, signal?: AbortSignal): Promise<string | undefined> {
    const outcome = await this.#call(expression, [], signal);
    return outcome.kind === "returned" ? undefined : describeOutcome(outcome);
  }

  #start(program: Program, signal: AbortSignal | undefined): Promise<StartOutcome> {
    const clocked = { ...program, clockOffsetMs: this.#clockOffsetMs };
    return this.#sandbox.start(clocked, this.#limits, signal);
  }

  async close(): Promise<void> {
    await this.#python?.close();
    this.#python = undefined;
  }

  async #call(
    expression: string,
    values: TaggedValue[],
    signal: AbortSignal | undefined,
  ): Promise<CallOutcome> {
    const opened = await this.#open(expression, signal);
    if (opened.kind !== "opened") {
      return opened;
    }
    try {
      return await opened.call(values);
    } finally {
      await opened.close();
    }
  }

  #open(expression: string, signal: AbortSignal | undefined): Promise<OpenedExpression> {
    return this.#sandbox.language === "python"
      ? this.#openPython(expression, signal)
      : this.#openTypeScript(expression, signal);
  }

  /** One process for all expressions: a fresh Python is dear, and each gets names of its own. */
  async #openPython(
    expression: string,
    signal: AbortSignal | undefined,
  ): Promise<OpenedExpression> {
    return {
      kind: "opened",
      call: async (values) => {
        if (this.#python === undefined) {
          const start = await this.#start(pythonChecker, signal);
          if (start.kind !== "started") {
            return start;
          }
          this.#python = start.subject;
        }
        const outcome = await this.#python.call({ args: [expression, ...values] }, signal);
        if (outcome.kind === "died") {
          await this.close();
        }
        return outcome;
      },
      // The next expression uses the process.
      close: async () => {},
    };
  }

  async #openTypeScript(
    expression: string,
    signal: AbortSignal | undefined,
  ): Promise<OpenedExpression> {
    const start = await this.#start(typeScriptChecker(expression), signal);
    if (start.kind !== "started") {
      return start;
    }
    const { subject } = start;
    return {
      kind: "opened",
      call: (values) => subject.call({ args: values }, signal),
      close: () => subject.close(),
    };
  }
}

/** A process that evaluates one expression over the values of each call. */
type OpenedExpression =
  | {
      readonly kind: "opened";
      readonly call: (values: TaggedValue[]) => Promise<CallOutcome>;
      readonly close: () => Promise<void>;
    }
  | Exclude<StartOutcome, { kind: "started" }>;

const pythonChecker: Program = {
  language: "python",
  entry: "check_property",
  fileName: "property.py",
  source: `import base64, datetime, json, math, re, string, urllib.parse


def check_property(expression, *values):
    code = compile(expression.strip(), "property", "eval")
    if not values:
        return True
    names = {"base64": base64, "datetime": datetime, "json": json, "math": math, "re": re,
             "string": string, "urllib": urllib, "args": values[0], "result": values[1]}
    return bool(eval(code, names))
`,
};

/** The line break before the bracket keeps a trailing comment of the expression from eating it. */
function typeScriptChecker(expression: string): Program {
  return {
    language: "typescript",
    entry: "checkProperty",
    fileName: "property.ts",
    source: `function checkProperty(...values) {
  const property = (args, result) => (${expression}
  );
  return values.length === 0 ? true : Boolean(property(values[0], values[1]));
}
`,
  };
}
