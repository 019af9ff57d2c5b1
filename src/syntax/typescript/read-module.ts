import { child, children, everyChild, kindOf, type SyntaxNode, text } from "../tree.ts";
import { UnreadableSource } from "../unreadable.ts";
import { exportedTypes, type ModuleExports, moduleExports } from "./module-exports.ts";
import { nameOf, refuse, refuseTypeScriptOnly, sourceOf, stripTypes } from "./module-text.ts";
import { parseTypeScript, type TypeScriptTree } from "./parse-typescript.ts";
import { resolveModule } from "./resolve-module.ts";

/** One file of a program, read: plain JavaScript, and what it takes from others and gives to them. */
export interface ReadModule {
  readonly path: string;
  readonly javaScript: string;
  readonly tree: TypeScriptTree;
  readonly imports: ReadonlyMap<string, string>;
  readonly exports: ModuleExports;
  readonly types: ReadonlySet<string>;
}

/**
 * Reads one file; `files` are the paths of all that it may import.
 *
 * @throws {UnreadableSource} syntax-error, for an import too that leads to none of them
 */
export function readModule(path: string, source: string, files: ReadonlySet<string>): ReadModule {
  if (path.endsWith(".json")) return readJson(path, source);
  const text = source.replace(/^#![^\n]*/, "");
  const isTypeScript = /ts$/.test(path);
  const typed = parseTypeScript(text, isTypeScript ? "ts" : "js");
  if (isTypeScript) refuseTypeScriptOnly(typed);
  const javaScript = isTypeScript ? stripTypes(text) : text;
  const tree = isTypeScript ? parseTypeScript(javaScript, "js") : typed;
  return {
    path,
    javaScript,
    tree,
    imports: importsOf(path, tree, files),
    exports: moduleExports(tree.program),
    types: exportedTypes(typed.program),
  };
}

function readJson(path: string, source: string): ReadModule {
  const json = source.replace(/^\uFEFF/, "");
  try {
    JSON.parse(json);
  } catch (error) {
    throw new UnreadableSource("syntax-error", error instanceof Error ? error.message : "no JSON");
  }
  const javaScript = `export default JSON.parse(${JSON.stringify(json)});`;
  const tree = parseTypeScript(javaScript, "js");
  const exports = moduleExports(tree.program);
  return { path, javaScript, tree, imports: new Map(), exports, types: new Set() };
}

function importsOf(
  path: string,
  tree: TypeScriptTree,
  files: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const imports = new Map<string, string>();
  for (const node of importingNodes(tree.program)) {
    if (kindOf(child(node, "source")) !== "Literal") {
      refuse(tree, node, "an import names its module by a plain text, so that it can be found.");
    }
    const resolution = resolveModule(sourceOf(node), path, files);
    if ("problem" in resolution) return refuse(tree, node, resolution.problem);
    if (kindOf(node) !== "ImportExpression") checkAttributes(node, tree, resolution.target);
    imports.set(sourceOf(node), resolution.target);
  }
  return imports;
}

/** Imports, re-exports and `import()`, in their order. */
function importingNodes(program: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const open = [program];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const isStatic = /^(?:Import|ExportNamed|ExportAll)Declaration$/.test(kindOf(node));
    const isDynamic = kindOf(node) === "ImportExpression";
    if (isDynamic || (isStatic && child(node, "source") !== undefined)) found.push(node);
    open.push(...everyChild(node).toReversed());
  }
  return found;
}

function checkAttributes(node: SyntaxNode, tree: TypeScriptTree, target: string): void {
  const types = children(node, "attributes").map((each) => ({
    name: nameOf(child(each, "key")),
    value: text(child(each, "value") ?? {}, "value"),
  }));
  const isJson = target.endsWith(".json");
  if (isJson && types.length === 0) {
    refuse(tree, node, 'JSON is imported by `import name from "…" with { type: "json" }`.');
  }
  if (types.some(({ name, value }) => name !== "type" || value !== "json" || !isJson)) {
    refuse(tree, node, 'the only attribute of an import is type: "json", of a .json file.');
  }
}
