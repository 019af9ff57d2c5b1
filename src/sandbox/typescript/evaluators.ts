import type { DenoRuntime } from "../deno-runtime.ts";
import type { Program, ProgramModule } from "../sandbox.ts";
import { plainScriptAddress } from "./hidden-frames.ts";
import type { LoadedNode } from "./node-layer.ts";
import { isPlain } from "./plain-program.ts";
import { evaluateModules, type Namespace } from "./program-modules.ts";

type HeldProgram = Omit<Program, "language" | "files">;

/** How the code of a program becomes what it defines. */
export interface Evaluator {
  /** Returns the script's value. Traces name the file; columns of the first line count from `columnOffset`. */
  script(text: string, place: { filename: string; columnOffset: number }): unknown;
  modules(modules: readonly [ProgramModule, ...ProgramModule[]]): Promise<Namespace>;
  /** What a script finds in its parameter `__modules`. */
  readonly builtins: Readonly<Record<string, Namespace>>;
}

/** What a process has for its programs; the first one decides. */
export interface Surroundings {
  settle(program: HeldProgram): void;
  evaluatorOf(program: HeldProgram): Evaluator;
}

/** Deno's own, `[value, null]` or `[null, { thrown }]`; whoever holds it compiles text. */
export type EvaluateScript = (
  text: string,
  address: string,
) => readonly [value: unknown, failure: { readonly thrown: unknown } | null];

/** Returns Deno's own way to evaluate a script, which is taken away from everybody else. */
export function takeEvaluation(deno: DenoRuntime): EvaluateScript {
  const inner = (deno as unknown as Record<symbol, { core?: { evalContext?: EvaluateScript } }>)[
    deno.internal
  ];
  const evaluate = inner?.core?.evalContext;
  if (evaluate === undefined) {
    throw new TypeError(
      "starting a sandbox runner: Deno has no evalContext within, it must; use the pinned Deno",
    );
  }
  return evaluate;
}

type NodeOfPrograms = LoadedNode & Pick<Evaluator, "builtins">;

/** What a process is made ready by, each step for good. */
export interface Settling {
  readonly forbidNode: () => void;
  readonly loadNode: () => NodeOfPrograms;
  /** What every object inherits; last. */
  readonly seal: () => void;
}

/**
 * Returns what a program is evaluated by: Deno alone where it is plain, and Node's layer then is
 * forbidden for good; else that layer, which is loaded before anything of the program runs.
 */
export function createSurroundings(
  evaluate: EvaluateScript,
  { forbidNode, loadNode, seal }: Settling,
): Surroundings {
  const plain = plainEvaluator(evaluate);
  let ofNode: Evaluator | undefined;
  return {
    settle: (program) => {
      if (isPlain(program)) {
        forbidNode();
      } else {
        ofNode = nodeEvaluator(loadNode());
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
    script: (text, { filename }) => {
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
    script: (text, place) => new Script(text, place).runInThisContext(),
    modules: (modules) => evaluateModules(modules, builtins, { SourceTextModule, SyntheticModule }),
  };
}
