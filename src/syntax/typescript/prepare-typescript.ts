import { Script } from "node:vm";
import { child, children, count, everyChild, kindOf, type SyntaxNode, text } from "../tree.ts";
import { allowedTypeScriptModule, typescriptModules } from "../typescript-modules.ts";
import { UnreadableSource } from "../unreadable.ts";
import {
  applyEdits,
  blank,
  type Edit,
  nameOf,
  refuse,
  refuseTypeScriptOnly,
  sourceOf,
  stripTypes,
} from "./module-text.ts";
import { parseTypeScript, type TypeScriptTree } from "./parse-typescript.ts";

/** What the module statements turn into: declarations before the code, edits in it, lines after it. */
interface Rewriting {
  readonly before: string[];
  readonly edits: Edit[];
  readonly after: string[];
}

/**
 * Returns the module as one plain script, to be run as strict: no types, no import, no export. Lines keep
 * their numbers, and columns but behind an import or a default export, except where the source holds what cannot simply be blanked out (enums, parameter
 * properties, namespaces). Imports become reads of `__modules`, an object that whoever runs the
 * script provides; an anonymous default export is named `__default`. `await` outside functions
 * stays: the script is to be run as the body of an async function.
 *
 * @throws {UnreadableSource} syntax-error for what no script can say: other modules, `import.meta`
 */
export function prepareTypeScript(source: string): string {
  const withoutHashbang = source.replace(/^#![^\n]*/, "");
  refuseTypeScriptOnly(parseTypeScript(withoutHashbang));
  const javaScript = stripTypes(withoutHashbang);
  const tree = parseTypeScript(javaScript, "js");
  const rewriting: Rewriting = { before: [], edits: [], after: [] };
  for (const statement of children(tree.program, "body")) {
    rewriteStatement(statement, tree, rewriting);
  }
  rewriteInside(tree, rewriting.edits);
  const body = applyEdits(javaScript, rewriting.edits);
  const before = rewriting.before.map((declaration) => `${declaration} `).join("");
  const script = `${before}${body}\n${rewriting.after.join("\n")}`.trimEnd();
  return `${checkScript(script)}\n`;
}

function rewriteStatement(node: SyntaxNode, tree: TypeScriptTree, rewriting: Rewriting): void {
  switch (kindOf(node)) {
    case "ImportDeclaration":
      rewriteImport(node, tree, rewriting);
      break;
    case "ExportNamedDeclaration":
      rewriteNamedExport(node, tree, rewriting);
      break;
    case "ExportDefaultDeclaration":
      rewriting.edits.push(openDefaultExport(node));
      break;
    case "ExportAllDeclaration":
      refuse(tree, node, "`export * from …` cannot be used in a skill; export its own functions.");
      break;
    default:
  }
}

/**
 * In its place, so that the first line keeps its columns. One that code comes before goes ahead of
 * everything: an import is there from the start.
 */
function rewriteImport(node: SyntaxNode, tree: TypeScriptTree, rewriting: Rewriting): void {
  const bindings = importBindings(node, tree);
  const [first] = children(tree.program, "body").filter(
    (statement) => kindOf(statement) !== "ImportDeclaration" && text(statement, "directive") === "",
  );
  const isLate = first !== undefined && count(first, "start") < count(node, "start");
  rewriting.before.push(...(isLate ? bindings : []));
  rewriting.edits.push({ ...blank(node), replacement: isLate ? "" : bindings.join(" ") });
}

function moduleObject(node: SyntaxNode, tree: TypeScriptTree, specifier: string): string {
  const name = allowedTypeScriptModule(specifier);
  if (name === undefined) {
    return refuse(
      tree,
      node,
      `the module ${JSON.stringify(specifier)} cannot be imported: only the standard library's ${typescriptModules.join(", ")} can. Write what you need in this file.`,
    );
  }
  return `__modules[${JSON.stringify(name)}]`;
}

function importBindings(node: SyntaxNode, tree: TypeScriptTree): string[] {
  const object = moduleObject(node, tree, sourceOf(node));
  const named: string[] = [];
  const whole: string[] = [];
  for (const specifier of children(node, "specifiers")) {
    const local = nameOf(child(specifier, "local"));
    if (kindOf(specifier) === "ImportNamespaceSpecifier") {
      whole.push(`const ${local} = ${object};`);
    } else if (importedName(specifier) === "default") {
      whole.push(`const ${local} = ${object}.default ?? ${object};`);
    } else {
      named.push(`${JSON.stringify(importedName(specifier))}: ${local}`);
    }
  }
  return named.length === 0 ? whole : [...whole, `const { ${named.join(", ")} } = ${object};`];
}

function importedName(specifier: SyntaxNode): string {
  return kindOf(specifier) === "ImportDefaultSpecifier"
    ? "default"
    : nameOf(child(specifier, "imported"));
}

function rewriteNamedExport(node: SyntaxNode, tree: TypeScriptTree, rewriting: Rewriting): void {
  const declaration = child(node, "declaration");
  if (declaration !== undefined) {
    rewriting.edits.push(spacesUpTo(declaration, node));
    return;
  }
  const object =
    child(node, "source") === undefined ? undefined : moduleObject(node, tree, sourceOf(node));
  for (const specifier of children(node, "specifiers")) {
    const local = nameOf(child(specifier, "local"));
    const exported = nameOf(child(specifier, "exported"));
    if (object !== undefined) {
      rewriting.after.push(`const ${exported} = ${object}[${JSON.stringify(local)}];`);
    } else if (exported !== local && exported !== "default") {
      rewriting.after.push(`const ${exported} = ${local};`);
    }
  }
  rewriting.edits.push(blank(node));
}

/** In the place of `export`, so that columns stay. */
function spacesUpTo(declaration: SyntaxNode, node: SyntaxNode): Edit {
  const [start, end] = [count(node, "start"), count(declaration, "start")];
  return { start, end, replacement: " ".repeat(end - start) };
}

function openDefaultExport(node: SyntaxNode): Edit {
  const declaration = child(node, "declaration");
  const isNamed =
    declaration !== undefined &&
    /^(?:Function|Class)Declaration$/.test(kindOf(declaration)) &&
    child(declaration, "id") !== undefined;
  if (isNamed) return spacesUpTo(declaration, node);
  const start = count(node, "start");
  const end = declaration === undefined ? start : count(declaration, "start");
  return { start, end, replacement: "const __default = " };
}

/** Dynamic imports and `import.meta`: neither works in a script. */
function rewriteInside(tree: TypeScriptTree, edits: Edit[]): void {
  const open = [tree.program];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (kindOf(node) === "MetaProperty" && nameOf(child(node, "meta")) === "import") {
      refuse(tree, node, "`import.meta` is not available: a skill has no file of its own.");
    }
    if (kindOf(node) === "ImportExpression") {
      const object = moduleObject(node, tree, nameOf(child(node, "source")));
      edits.push({ ...blank(node), replacement: `Promise.resolve(${object})` });
    }
    for (const inner of everyChild(node)) open.push(inner);
  }
}

/** The engine itself judges what came out; nothing is run. */
function checkScript(script: string): string {
  try {
    new Script(`(async function (__modules) { "use strict"; ${script}\n})`, {
      filename: "skill.js",
    });
    return script;
  } catch (error) {
    if (error instanceof RangeError) throw error;
    const line = /skill\.js:(\d+)/.exec(error instanceof Error ? (error.stack ?? "") : "")?.[1];
    const message = error instanceof Error ? error.message : String(error);
    throw new UnreadableSource(
      "syntax-error",
      line === undefined ? message : `Line ${line}: ${message}`,
    );
  }
}
