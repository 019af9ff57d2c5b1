import type { MemoryFiles } from "./memory-files.ts";
import { createNodeFiles } from "./node-files.ts";
import { quietAssert } from "./quiet-assert.ts";

/** Modules that compute and touch nothing; a skill's imports are rewritten to look here. */
export const pureModules = [
  "assert",
  "assert/strict",
  "buffer",
  "crypto",
  "events",
  "path",
  "path/posix",
  "querystring",
  "stream",
  "string_decoder",
  "timers",
  "timers/promises",
  "url",
  "util",
  "zlib",
];

/** `import * as name`, as a static import would bind it. */
type ModuleNamespace = Readonly<Record<string, unknown>>;

/**
 * Returns the modules a prepared script finds in its parameter `__modules`. Each is loaded when it is
 * first asked for: all of them together cost more than the rest of a start.
 */
export function createModules(
  files: MemoryFiles,
  getBuiltinModule: (name: string) => object | undefined,
): Readonly<Record<string, ModuleNamespace>> {
  const { Buffer } = getBuiltinModule("node:buffer") as typeof import("node:buffer");
  const { fs, promises } = createNodeFiles(files, Buffer);
  const modules: Record<string, ModuleNamespace> = Object.create(null);
  for (const [name, module] of Object.entries({ fs, "fs/promises": promises })) {
    modules[name] = module;
    modules[`node:${name}`] = module;
  }
  let assert: ReturnType<typeof quietAssert> | undefined;
  const load = (name: string): object | undefined => {
    if (!name.startsWith("assert")) {
      return getBuiltinModule(`node:${name}`);
    }
    assert ??= quietAssert(getBuiltinModule("node:assert") as Parameters<typeof quietAssert>[0]);
    return name === "assert" ? assert : assert.strict;
  };
  for (const name of pureModules) {
    let loaded: ModuleNamespace | undefined;
    const get = (): ModuleNamespace => {
      loaded ??= asNamespace(load(name));
      return loaded;
    };
    Object.defineProperty(modules, name, { get, enumerable: true });
    Object.defineProperty(modules, `node:${name}`, { get, enumerable: true });
  }
  return Object.freeze(modules);
}

function asNamespace(module: object | undefined): ModuleNamespace {
  return Object.freeze({ ...module, default: module });
}
