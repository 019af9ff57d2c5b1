import type { SourceFacts } from "../source-facts.ts";
import { child, children, count, kindOf, type SyntaxNode, text } from "../tree.ts";
import { functionSignature } from "./function-signature.ts";
import type { TypeScriptTree } from "./parse-typescript.ts";

type PublicFunction = SourceFacts["functions"][number];

const functionKinds = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression",
]);

/** Functions that the module exports; all of its top level when it exports nothing. */
export function publicFunctions(tree: TypeScriptTree): PublicFunction[] {
  const statements = children(tree.program, "body");
  const exports = statements.filter((node) => /^Export/.test(kindOf(node)));
  const defined = new Map<string, SyntaxNode>();
  for (const node of statements) {
    for (const [name, code] of functionsOf(child(node, "declaration") ?? node)) {
      defined.set(name, code);
    }
  }
  const names =
    exports.length === 0
      ? [...defined.keys()].map((name): [string, string] => [name, name])
      : exports.flatMap((node) => exportedNames(node));
  return names.flatMap(([exported, local]) => {
    const code = defined.get(local);
    return code === undefined ? [] : [describe(exported, code, tree)];
  });
}

/** Pairs of exported and local name. */
function exportedNames(node: SyntaxNode): [string, string][] {
  const declaration = child(node, "declaration");
  if (declaration !== undefined) {
    return functionsOf(declaration).map(([name]) => [name, name]);
  }
  return children(node, "specifiers").map((specifier) => {
    const local = nameOf(child(specifier, "local"));
    const exported = nameOf(child(specifier, "exported"));
    return [exported === "default" ? local : exported, local];
  });
}

function nameOf(node: SyntaxNode | undefined): string {
  return node === undefined ? "" : text(node, "name") || text(node, "value");
}

function functionsOf(node: SyntaxNode): [string, SyntaxNode][] {
  const kind = kindOf(node);
  if (functionKinds.has(kind)) {
    // The name under which a script holds an anonymous default export.
    return [[nameOf(child(node, "id")) || "__default", node]];
  }
  if (kind !== "VariableDeclaration") return [];
  return children(node, "declarations").flatMap((declarator): [string, SyntaxNode][] => {
    const init = child(declarator, "init");
    const name = nameOf(child(declarator, "id"));
    return init !== undefined && functionKinds.has(kindOf(init)) ? [[name, init]] : [];
  });
}

function describe(name: string, node: SyntaxNode, tree: TypeScriptTree): PublicFunction {
  const parameters = children(node, "params")
    .map(parameterName)
    .filter((text) => text !== "this");
  const signature = functionSignature(node, tree);
  return { name, parameters, line: tree.lineAt(count(node, "start")), signature };
}

function parameterName(node: SyntaxNode): string {
  switch (kindOf(node)) {
    case "AssignmentPattern":
    case "TSParameterProperty": {
      const inner = child(node, "left") ?? child(node, "parameter");
      return inner === undefined ? "" : parameterName(inner);
    }
    case "RestElement":
      return `...${nameOf(child(node, "argument"))}`;
    case "ObjectPattern":
      return "{}";
    case "ArrayPattern":
      return "[]";
    default:
      return nameOf(node);
  }
}
