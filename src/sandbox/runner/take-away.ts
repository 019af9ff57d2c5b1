/**
 * Members of Deno's global that reach the protocol's own pipes, Deno's inner parts or C. Everything
 * else may stay: the process holds no permission, so `Deno.Command` and the like answer NotCapable.
 */
const takenFromDeno = new Set<PropertyKey>([
  "FsFile",
  "UnsafeCallback",
  "UnsafeFnPointer",
  "UnsafePointer",
  "UnsafePointerView",
  "UnsafeWindowSurface",
  "bench",
  "dlopen",
  // Both tell a path of the host; under the kernel's lock the first would abort the process.
  "execPath",
  "internal",
  "jupyter",
  "lint",
  "mainModule",
  "stderr",
  "stdin",
  "stdout",
  "test",
]);

/** Globals that print, read the terminal, store, or start a thread with pipes of its own. */
const takenGlobals = [
  "BroadcastChannel",
  "EventSource",
  "Worker",
  "alert",
  "caches",
  "close",
  "confirm",
  "localStorage",
  "prompt",
  "reportError",
  "sessionStorage",
];

/**
 * Takes from the global scope what could write a line of the protocol, and puts `replacements` in
 * place. It makes forging hard; what protects the verdict is that the host compares values.
 */
export function takeAway(replacements: Readonly<Record<string, unknown>>): void {
  const scope = globalThis as unknown as Record<string, unknown>;
  const deno = scope["Deno"] as Record<string, unknown>;
  const kept: Record<string, unknown> = {};
  for (const name of Object.getOwnPropertyNames(deno)) {
    if (!takenFromDeno.has(name)) {
      keepProperty(deno, kept, name);
    }
  }
  define(scope, "Deno", kept);
  for (const name of takenGlobals) {
    delete scope[name];
    if (scope[name] !== undefined) {
      define(scope, name, undefined);
    }
  }
  takeGraphicsAway(scope);
  for (const [name, value] of Object.entries(replacements)) {
    define(scope, name, value);
  }
}

/**
 * WebGPU asks no permission: it loads the host's graphics libraries into the process, tells what its
 * hardware is, and lets them write a cache into the home folder.
 */
function takeGraphicsAway(scope: Record<string, unknown>): void {
  for (const name of Object.getOwnPropertyNames(scope)) {
    if (name.startsWith("GPU")) {
      delete scope[name];
    }
  }
  const { navigator } = scope as { navigator?: object };
  for (let holder = navigator; holder !== undefined && holder !== null; ) {
    Reflect.deleteProperty(holder, "gpu");
    holder = Object.getPrototypeOf(holder) as object | undefined;
  }
}

function keepProperty(from: object, to: object, name: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(from, name);
  if (descriptor !== undefined) {
    Object.defineProperty(to, name, { ...descriptor, configurable: true });
  }
}

function define(scope: object, name: string, value: unknown): void {
  Object.defineProperty(scope, name, {
    value,
    configurable: true,
    enumerable: false,
    writable: true,
  });
}

/**
 * Gives up every permission for good but `ffi`, which the kernel's lock needs and which goes with it
 * (`giveUpForeignCalls`); a runner calls both before it sees skill code.
 */
export function revokePermissions(revoke: (descriptor: { name: string }) => unknown): void {
  for (const name of ["read", "write", "net", "env", "run", "sys", "import"]) {
    revoke({ name });
  }
}
