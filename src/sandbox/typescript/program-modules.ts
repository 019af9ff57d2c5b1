import type { Module, SyntheticModule } from "node:vm";
import type { ProgramModule } from "../sandbox.ts";

export type Namespace = Readonly<Record<string, unknown>>;
/** `node:vm`, which is not there before Node's layer is. */
type ModuleClasses = Pick<typeof import("node:vm"), "SourceTextModule" | "SyntheticModule">;

const { hasOwn, keys } = Object;
const TypeErrorClass = TypeError;

/**
 * Evaluates the first module with all that it imports: further modules of the program by their paths,
 * and the modules of Node that a skill may have. There is no other source: nothing here can read.
 * Each has its path as its name in traces.
 */
export async function evaluateModules(
  [main, ...others]: readonly [ProgramModule, ...ProgramModule[]],
  builtins: Readonly<Record<string, Namespace>>,
  classes: ModuleClasses,
): Promise<Namespace> {
  const sources = new Map(others.map((module) => [module.path, module]));
  const made = new Map<string, Module>();

  const make = (module: ProgramModule): Module => {
    const { path } = module;
    const text = new classes.SourceTextModule(module.source, {
      identifier: path,
      initializeImportMeta: (meta) => describeModule(meta, path, path === main.path),
      importModuleDynamically: async (specifier) => {
        const found = find(module, specifier);
        if (found.status === "unlinked") {
          await found.link(link);
        }
        await found.evaluate();
        return found;
      },
    });
    made.set(path, text);
    return text;
  };
  const find = (from: ProgramModule, specifier: string): Module => {
    const name = hasOwn(from.imports, specifier) ? from.imports[specifier] : specifier;
    const known = made.get(String(name));
    const source = sources.get(String(name));
    if (known !== undefined || source !== undefined) {
      return known ?? make(source as ProgramModule);
    }
    const builtin = name !== undefined && name in builtins ? builtins[name] : undefined;
    if (name === undefined || builtin === undefined) {
      throw new TypeErrorClass(
        `${from.path} imports ${specifier}, which is no file of the program and no module that it may have`,
      );
    }
    const module = ofNamespace(name, builtin, classes);
    made.set(name, module);
    return module;
  };
  const link = (specifier: string, from: Module): Module => {
    const importer = from.identifier === main.path ? main : sources.get(from.identifier);
    return find(importer ?? main, specifier);
  };

  const first = make(main);
  await first.link(link);
  await first.evaluate();
  return first.namespace as Namespace;
}

/** As Deno would, with the program's folder where a skill finds its files. */
function describeModule(meta: ImportMeta, path: string, isMain: boolean): void {
  const filename = `/skill/${path}`;
  const dirname = filename.slice(0, filename.lastIndexOf("/"));
  Object.assign(meta, { main: isMain, filename, dirname, url: `file://${encodeURI(filename)}` });
}

function ofNamespace(name: string, namespace: Namespace, classes: ModuleClasses): Module {
  const names = keys(namespace);
  return new classes.SyntheticModule(
    names,
    function setAll(this: SyntheticModule) {
      for (const each of names) {
        this.setExport(each, namespace[each]);
      }
    },
    { identifier: name },
  );
}
