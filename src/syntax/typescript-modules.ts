/** Modules a TypeScript skill may import; the sandbox's runner provides exactly these. */
export const typescriptModules: readonly string[] = [
  "node:assert",
  "node:assert/strict",
  "node:buffer",
  "node:crypto",
  "node:events",
  "node:fs",
  "node:fs/promises",
  "node:path",
  "node:path/posix",
  "node:querystring",
  "node:stream",
  "node:string_decoder",
  "node:timers",
  "node:timers/promises",
  "node:url",
  "node:util",
  "node:zlib",
];

/** The module's full name (`fs` is `node:fs`), or undefined when a skill may not import it. */
export function allowedTypeScriptModule(specifier: string): string | undefined {
  const full = specifier.startsWith("node:") ? specifier : `node:${specifier}`;
  return typescriptModules.includes(full) ? full : undefined;
}
