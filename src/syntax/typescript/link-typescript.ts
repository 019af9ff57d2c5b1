import type { LinkedModule, ModuleFile } from "../source-facts.ts";
import { child, children, count, kindOf, type SyntaxNode } from "../tree.ts";
import { UnreadableSource } from "../unreadable.ts";
import { applyEdits, type Edit, nameOf, refuse, sourceOf } from "./module-text.ts";
import { type ReadModule, readModule } from "./read-module.ts";

type Modules = ReadonlyMap<string, ReadModule>;

/**
 * Returns the first file and all files that it imports as plain JavaScript modules, the first one first.
 * Lines and columns stay, except where the source holds what cannot simply be blanked out (enums,
 * parameter properties, namespaces). An imported name that is a type only is left out, as TypeScript
 * does.
 *
 * @throws {UnreadableSource} for an import that leads to none of the files, say
 */
export function linkTypeScript(files: readonly ModuleFile[]): LinkedModule[] {
  const [main] = files;
  const byPath = new Map(files.map((file) => [file.path, file]));
  const paths = new Set(byPath.keys());
  const read = new Map<string, ReadModule>();
  const open = main === undefined ? [] : [main.path];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const file = byPath.get(path);
    // What is none of the program's files is a module of Node.
    if (file === undefined || read.has(path)) continue;
    const module = named(file, main, () => readModule(file.path, textOf(file), paths));
    read.set(path, module);
    open.push(...[...module.imports.values()].toReversed());
  }
  return [...read.values()].map((module) =>
    named(module, main, () => ({
      path: module.path,
      source: applyEdits(module.javaScript, typeEdits(module, read)),
      imports: Object.fromEntries(module.imports),
    })),
  );
}

function textOf(file: ModuleFile): string {
  if ("problem" in file) throw new UnreadableSource("syntax-error", file.problem);
  return file.source;
}

/** Of another than the main file, a refusal names the file too. */
function named<Result>(
  { path }: { readonly path: string },
  main: ModuleFile | undefined,
  work: () => Result,
): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof UnreadableSource && path !== main?.path) {
      throw new UnreadableSource(error.reason, `${path}: ${error.message}`);
    }
    throw error;
  }
}

/** Blanks the specifiers that name a type; refuses those that name nothing. */
function typeEdits(module: ReadModule, read: Modules): Edit[] {
  const statements = children(module.tree.program, "body");
  const types = statements.flatMap((statement) => {
    const target = read.get(module.imports.get(sourceOf(statement)) ?? "");
    return target === undefined ? [] : typeSpecifiers(statement, module, target, read);
  });
  const names = new Set(types.map((specifier) => nameOf(child(specifier, "local"))));
  const again = statements
    .filter((each) => kindOf(each) === "ExportNamedDeclaration" && sourceOf(each) === "")
    .flatMap((statement) => children(statement, "specifiers"))
    .filter((specifier) => names.has(nameOf(child(specifier, "local"))));
  return [...types, ...again].map((specifier) => blankSpecifier(specifier, module.javaScript));
}

function typeSpecifiers(
  statement: SyntaxNode,
  module: ReadModule,
  target: ReadModule,
  read: Modules,
): SyntaxNode[] {
  return children(statement, "specifiers").filter((specifier) => {
    const name = foreignName(specifier);
    if (name === undefined || isValue(target, name, read)) return false;
    if (isType(target, name, read)) return true;
    const from = JSON.stringify(sourceOf(statement));
    return refuse(module.tree, specifier, `${from} exports no ${name}.`);
  });
}

/** What a specifier of an import or a re-export takes; undefined for a whole namespace. */
function foreignName(specifier: SyntaxNode): string | undefined {
  switch (kindOf(specifier)) {
    case "ImportDefaultSpecifier":
      return "default";
    case "ImportSpecifier":
      return nameOf(child(specifier, "imported"));
    case "ExportSpecifier":
      return nameOf(child(specifier, "local"));
    default:
      return undefined;
  }
}

/** As long as it was, with the comma behind it, so that columns stay. */
function blankSpecifier(specifier: SyntaxNode, source: string): Edit {
  const [start, end] = [count(specifier, "start"), count(specifier, "end")];
  const [comma = ""] = /^\s*,/.exec(source.slice(end)) ?? [];
  const whole = source.slice(start, end + comma.length);
  const width = whole.replaceAll("\n", "").length;
  const isAlone = kindOf(specifier) === "ImportDefaultSpecifier" && comma === "";
  return { start, end: end + comma.length, replacement: (isAlone ? "{}" : "").padEnd(width) };
}

function isValue(module: ReadModule, name: string, read: Modules): boolean {
  return isExported(module, name, read, () => false, new Set());
}

function isType(module: ReadModule, name: string, read: Modules): boolean {
  const has = ({ types }: ReadModule, wanted: string) => types.has(wanted) || types.has("*");
  return isExported(module, name, read, has, new Set());
}

/**
 * Whether the name leads to something, through re-exports and imports that are exported again; `has`
 * says what counts beside plain values. A module of Node has every name: whoever runs it tells.
 */
function isExported(
  module: ReadModule,
  name: string,
  read: Modules,
  has: (module: ReadModule, name: string) => boolean,
  seen: Set<string>,
): boolean {
  const key = `${module.path}\n${name}`;
  if (seen.has(key)) return false;
  seen.add(key);
  if (has(module, name)) return true;
  const follow = (specifier: string, foreign: string): boolean => {
    const target = read.get(module.imports.get(specifier) ?? "");
    return target === undefined || isExported(target, foreign, read, has, seen);
  };
  const found = module.exports.names.get(name);
  if (found !== undefined) {
    const from = "local" in found ? importOf(module, found.local) : found;
    return from === undefined || follow(from.specifier, from.name);
  }
  return name !== "default" && module.exports.stars.some((specifier) => follow(specifier, name));
}

/** Where a local name is imported from, by its own name there; undefined where it is not. */
function importOf(
  { tree }: ReadModule,
  local: string,
): { readonly specifier: string; readonly name: string } | undefined {
  for (const statement of children(tree.program, "body")) {
    if (kindOf(statement) !== "ImportDeclaration") continue;
    for (const specifier of children(statement, "specifiers")) {
      const name = foreignName(specifier);
      if (nameOf(child(specifier, "local")) === local && name !== undefined) {
        return { specifier: sourceOf(statement), name };
      }
    }
  }
  return undefined;
}
