import type { DenoRuntime } from "../deno-runtime.ts";
import type { Program, ProgramModule } from "../sandbox.ts";
import { plainScriptAddress } from "./hidden-frames.ts";
import type { LoadedNode } from "./node-layer.ts";
import { isPlain } from "./plain-program.ts";
import { evaluateModules, type Namespace } from "./program-modules.ts";

type HeldProgram = Omit<Program, "language" | "files">;

/** How the code of a program becomes what it defines. */
export interface Evaluator {
  /** Returns the script's value. Traces name the file. */
  script(text: string, filename: string): unknown;
  modules(modules: readonly [ProgramModule, ...ProgramModule[]]): Promise<Namespace>;
  /** What a script finds in its parameter `__modules`. */
  readonly builtins: Readonly<Record<string, Namespace>>;
}

/** What a process has for its programs; the first one decides. */
export interface Surroundings {
  /** Makes Node's layer ready for a program that may need it, unless the first one is there. */
  prepare(): void;
  settle(program: HeldProgram): void;
  evaluatorOf(program: HeldProgram): Evaluator;
}

/** Deno's own, `[value, null]` or `[null, { thrown }]`; whoever holds it compiles text. */
export type EvaluateScript = (
  text: string,
  address: string,
) => readonly [value: unknown, failure: { readonly thrown: unknown } | null];

/** Of what Deno's own code shares, the part that a runner uses. */
export interface DenoCore {
  readonly evalContext: EvaluateScript;
  /** Needs none of Node's timers; only one that `isReferenced` keeps the process from ending. */
  readonly createSystemTimer: (callback: () => void, ms: number, isReferenced: boolean) => unknown;
}

/** Returns what is taken away from everybody else. */
export function takeCore(deno: DenoRuntime): DenoCore {
  const inner = Reflect.get(deno, deno.internal) as { readonly core?: Partial<DenoCore> };
  const { evalContext, createSystemTimer } = inner.core ?? {};
  if (evalContext === undefined || createSystemTimer === undefined) {
    throw new TypeError(
      "starting a sandbox runner: Deno lacks evalContext or createSystemTimer within, it must have both; use the pinned Deno",
    );
  }
  return { evalContext, createSystemTimer };
}

/** Node's layer, its `process` emptied; `give` puts its names into the global scope. */
type NodeOfPrograms = LoadedNode & Pick<Evaluator, "builtins"> & { readonly give: () => void };

/** What a process is made ready by, each step for good. */
export interface Settling {
  readonly forbidNode: () => void;
  readonly prepareNode: () => NodeOfPrograms;
  /** What every object inherits; last. */
  readonly seal: () => void;
}

/**
 * Returns what a program is evaluated by: Deno alone where it is plain, and Node's layer, if it is not
 * there by then, is forbidden for good; else that layer, which is there before anything of it runs.
 */
export function createSurroundings(
  evaluate: EvaluateScript,
  { forbidNode, prepareNode, seal }: Settling,
): Surroundings {
  const plain = plainEvaluator(evaluate);
  let prepared: NodeOfPrograms | undefined;
  let ofNode: Evaluator | undefined;
  let isSettled = false;
  return {
    prepare: () => {
      if (!isSettled) {
        prepared ??= prepareNode();
      }
    },
    settle: (program) => {
      isSettled = true;
      if (isPlain(program)) {
        forbidNode();
      } else {
        prepared ??= prepareNode();
        prepared.give();
        ofNode = nodeEvaluator(prepared);
      }
      seal();
    },
    evaluatorOf: (program) => {
      if (ofNode === undefined && !isPlain(program)) {
        throw new TypeError("evaluating a program: this process was settled for a plain one");
      }
      return ofNode ?? plain;
    },
  };
}

function plainEvaluator(evaluate: EvaluateScript): Evaluator {
  return {
    builtins: Object.freeze(Object.create(null)),
    script: (text, filename) => {
      // Deno takes nothing but addresses; the comment says what traces name.
      const named = `${text}\n//# sourceURL=${filename}`;
      const [value, failure] = evaluate(named, plainScriptAddress);
      if (failure !== null) {
        throw failure.thrown;
      }
      return value;
    },
    modules: () => {
      throw new TypeError("evaluating modules: a plain program has none");
    },
  };
}

function nodeEvaluator({ builtin, builtins }: NodeOfPrograms): Evaluator {
  const vm: typeof import("node:vm") = builtin("node:vm");
  const { Script, SourceTextModule, SyntheticModule } = vm;
  return {
    builtins,
    script: (text, filename) => new Script(text, { filename }).runInThisContext(),
    modules: (modules) => evaluateModules(modules, builtins, { SourceTextModule, SyntheticModule }),
  };
}
