import type { EventEmitter } from "node:events";
import type { DenoRuntime } from "../deno-runtime.ts";

type Scope = Record<string, unknown>;
type Builtins = <Module>(name: string) => Module;

/** What only Node's layer has of the global scope; Deno loads it when one of these is first asked for. */
const globalsOfNode = [
  "Buffer",
  "clearImmediate",
  "clearInterval",
  "clearTimeout",
  "process",
  "setImmediate",
  "setInterval",
  "setTimeout",
] as const;

/** What Node's `process` needs of Deno's inner object: read-only, it can never be made. */
const neededByProcess = [
  "__inspectorNetwork",
  "__bootstrapNodeProcess",
  "dispatchProcessBeforeExitEvent",
  "dispatchProcessExitEvent",
] as const;

/** By their names; more than these of it no scope is given. */
export type NodeGlobals = Readonly<Pick<typeof globalThis, "Buffer" | "setTimeout">> &
  Readonly<Scope>;

/** Node's layer once it is there, in the runner's hands. */
export interface LoadedNode {
  /** The real one; nothing of a skill may run before it is emptied. */
  readonly process: object;
  readonly versions: Readonly<Record<string, string | undefined>>;
  readonly builtin: Builtins;
  readonly EventEmitter: typeof EventEmitter;
  /** Its timers and `Buffer`, which the global scope does not have yet. */
  readonly globals: NodeGlobals;
}

/** Node's layer, which takes more to load than all else of a start: each process has it, or never will. */
export interface NodeLayer {
  /**
   * Loads it; what it adds to the global scope is for whoever calls to take away. Throws after
   * `forbid()`.
   */
  load(): LoadedNode;
  /** What `load()` gave. */
  loaded(): LoadedNode;
  /** For good: whatever asks for Node's `process` afterwards, Deno's own code too, meets an error. */
  forbid(): void;
}

/** Takes from the global scope whatever would load Node's layer. Before anything else is taken away. */
export function takeNodeLayer(deno: DenoRuntime): NodeLayer {
  const scope = globalThis as unknown as Scope;
  const inner: object = Reflect.get(deno, deno.internal);
  const { console } = globalThis;
  const getters = globalsOfNode.map((name) => [name, getterOf(scope, name)] as const);
  for (const name of globalsOfNode) {
    Reflect.deleteProperty(scope, name);
  }
  let node: LoadedNode | undefined;
  return {
    loaded: () => {
      if (node === undefined) {
        throw new TypeError("asking for Node's layer: it is not loaded, it must be");
      }
      return node;
    },
    forbid: () => {
      for (const name of neededByProcess) {
        Object.defineProperty(inner, name, {
          value: undefined,
          configurable: false,
          writable: false,
        });
      }
    },
    load: () => {
      // Its code names both as globals while it is loaded, and at no other time.
      const before = { Deno: scope["Deno"], console: scope["console"] };
      define(scope, { Deno: standInOf(deno), console });
      try {
        node = loadInto(scope, getters);
        return node;
      } finally {
        define(scope, before);
      }
    },
  };
}

function loadInto(
  scope: Scope,
  getters: readonly (readonly [name: string, get: () => unknown])[],
): LoadedNode {
  const values = new Map(getters.map(([name, get]) => [name, Reflect.apply(get, scope, [])]));
  const process = values.get("process") as NodeJS.Process;
  values.delete("process");
  const globals = Object.fromEntries(values) as NodeGlobals;
  const { getBuiltinModule, versions } = process;
  const builtin = getBuiltinModule as Builtins;
  // The last of what adds to the scope.
  builtin("node:module");
  const { EventEmitter } = builtin<typeof import("node:events")>("node:events");
  return { process, versions, builtin, EventEmitter, globals };
}

/** With what a locked process cannot look up any more: its own path, for which it would end, and others. */
function standInOf(deno: object): object {
  return Object.create(deno, {
    cwd: { value: () => "/work" },
    execPath: { value: () => "deno" },
    mainModule: { value: undefined },
    ppid: { value: 0 },
  });
}

function getterOf(scope: Scope, name: string): () => unknown {
  const get = Object.getOwnPropertyDescriptor(scope, name)?.get;
  if (get === undefined) {
    throw new TypeError(
      `taking Node's layer: ${name} is no global that Deno loads late, it must be; use the pinned Deno`,
    );
  }
  return get;
}

function define(scope: Scope, values: Readonly<Scope>): void {
  for (const [name, value] of Object.entries(values)) {
    Object.defineProperty(scope, name, {
      value,
      configurable: true,
      enumerable: false,
      writable: true,
    });
  }
}
