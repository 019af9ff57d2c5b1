import type { Language } from "../shared/json.ts";
import type { Program } from "./sandbox.ts";

/**
 * Returns one program that holds many variants of a skill, mutants say, for one process: its entry
 * takes the index of a variant and then that variant's arguments. Each is evaluated at its first call
 * in a module, or a function scope, of its own, so that names are never shared.
 *
 * They do share an interpreter. What patches a builtin or the standard library changes it for its
 * neighbours: nothing may be admitted on such an answer, and a variant that is to be trusted gets a
 * process of its own. A variant that hangs or crashes takes the process with it.
 */
export function variantsProgram(language: Language, variants: readonly Program[]): Program {
  return {
    language,
    entry: "call_variant",
    fileName: variants[0]?.fileName ?? "variant",
    source: language === "python" ? pythonSource(variants) : typescriptSource(variants),
  };
}

function pythonSource(variants: readonly Program[]): string {
  const held = variants.map(({ source, entry, fileName }) => [source, entry, fileName]);
  return `import json as _json, types as _types

_variants = _json.loads(${JSON.stringify(JSON.stringify(held))})
_entries = {}

def call_variant(index, *arguments):
    entry = _entries.get(index)
    if entry is None:
        source, name, file_name = _variants[index]
        module = _types.ModuleType(file_name.removesuffix(".py"))
        exec(compile(source, file_name, "exec", dont_inherit=True), module.__dict__)
        entry = _entries[index] = module.__dict__[name]
    return entry(*arguments)
`;
}

function typescriptSource(variants: readonly Program[]): string {
  const held = variants.map(({ source, entry }) => `(function () { ${source}\nreturn ${entry}; })`);
  return `const _variants = [${held.join(",\n")}];
const _entries = new Map();
function call_variant(index, ...args) {
  if (!_entries.has(index)) _entries.set(index, _variants[index]());
  return _entries.get(index)(...args);
}`;
}
