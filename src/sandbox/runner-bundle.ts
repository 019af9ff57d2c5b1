import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { dirname, resolve } from "node:path";

/** One module of a runner, as it was written. */
export interface RunnerModule {
  readonly path: string;
  readonly source: string;
}

const relativeImport = /^import (?!type\b)\{[^}]*\} from "(\.[^"]+)";/gm;
const anyImport = /^import \{([^}]*)\} from "([^"]+)";/gm;
const declaration = /^export ((?:async )?function\*?|class|const) ([\w$]+)/gm;

/** Returns the modules a runner is made of, each after those it imports; never one twice. */
export async function runnerModules(entryPath: string): Promise<readonly RunnerModule[]> {
  const found = new Map<string, RunnerModule>();
  const seen = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    if (seen.has(path)) {
      return;
    }
    seen.add(path);
    const source = await readFile(path, "utf8");
    for (const [, specifier = ""] of source.matchAll(relativeImport)) {
      await visit(resolve(dirname(path), specifier));
    }
    found.set(path, { path, source });
  };
  await visit(entryPath);
  return [...found.values()];
}

/**
 * Returns one script of JavaScript that does what the last module does: each other one becomes a
 * function that gives back its exports. It knows the forms this project writes, named imports and
 * exported declarations, and no others.
 *
 * @throws {Error} when a module is written in another form.
 */
export function bundleModules(modules: readonly RunnerModule[]): string {
  const names = new Map(modules.map(({ path }, index) => [path, `module${index}`]));
  const builtins = new Set<string>();
  const entry = modules.at(-1)?.path;
  const bodies = modules.map(({ path, source }) => {
    const text = path.endsWith(".ts") ? withoutTypes(source) : source;
    const exported: string[] = [];
    const body = text
      .replaceAll(anyImport, (_whole, bindings: string, specifier: string) => {
        const isBuiltin = specifier.startsWith("node:");
        if (isBuiltin) {
          builtins.add(specifier);
        }
        const from = isBuiltin
          ? builtinName(specifier)
          : names.get(resolve(dirname(path), specifier));
        return bindings.trim() === ""
          ? ""
          : `const {${bindings.replaceAll(" as ", ": ")}} = ${from};`;
      })
      .replaceAll(declaration, (_whole, kind: string, name: string) => {
        exported.push(name);
        return `${kind} ${name}`;
      })
      .replaceAll(/^export \{\};$/gm, "");
    requireKnownForms(path, body);
    // The last has a scope of its own too: its names must not hide globals from the others.
    return path === entry
      ? `await (async () => {\n${body}\n})();`
      : `const ${names.get(path)} = (() => {\n${body}\nreturn { ${exported.join(", ")} };\n})();`;
  });
  const imports = [...builtins].map((name) => `import * as ${builtinName(name)} from "${name}";`);
  return [...imports, ...bodies, ""].join("\n");
}

/** `node:util` as a name of JavaScript. */
function builtinName(specifier: string): string {
  return specifier.replaceAll(/\W/g, "_");
}

/** What is left of imports and exports would be a syntax error, and only when the runner starts. */
function requireKnownForms(path: string, body: string): void {
  const unknown = /^(?:export\b|import [{*"]|import \w+ from ").*|\bimport\.meta\b/m.exec(body);
  if (unknown !== null) {
    throw new Error(
      `Bundling ${path}: it says ${unknown[0]}, a named import or an exported declaration is wanted; rewrite it.`,
    );
  }
}

/** Node warns at the first use that this may change; its version is pinned, and part of the key. */
function withoutTypes(source: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => {};
  try {
    return stripTypeScriptTypes(source);
  } finally {
    process.emitWarning = emitWarning;
  }
}
