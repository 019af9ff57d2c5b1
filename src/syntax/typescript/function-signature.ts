import type { JsonValue } from "../../shared/json.ts";
import type { FunctionSignature, SignatureParameter } from "../source-facts.ts";
import { child, children, count, kindOf, type SyntaxNode, text } from "../tree.ts";
import type { TypeScriptTree } from "./parse-typescript.ts";

/** Parameters with what is written of their types; a rest parameter is left out. */
export function functionSignature(node: SyntaxNode, tree: TypeScriptTree): FunctionSignature {
  const parameters = children(node, "params")
    .map((parameter, index) => signatureParameter(parameter, index, tree))
    .filter((parameter) => parameter !== undefined);
  const result = typeText(child(node, "returnType"), tree);
  return {
    parameters,
    namedOnly: [],
    // What a call gives is what its promise does.
    ...(result === undefined ? {} : { result: result.replace(/^Promise<(.*)>$/s, "$1") }),
  };
}

function signatureParameter(
  node: SyntaxNode,
  index: number,
  tree: TypeScriptTree,
): SignatureParameter | undefined {
  const kind = kindOf(node);
  if (kind === "RestElement" || text(node, "name") === "this") {
    return undefined;
  }
  const preset = kind === "AssignmentPattern" ? child(node, "right") : undefined;
  const target = (kind === "AssignmentPattern" ? child(node, "left") : node) ?? node;
  const name = kindOf(target) === "Identifier" ? text(target, "name") : `value${index + 1}`;
  const type = typeText(child(target, "typeAnnotation"), tree);
  const isOptional = preset !== undefined || target["optional"] === true;
  return {
    name,
    ...(type === undefined ? {} : { type }),
    ...(isOptional ? { preset: constantOf(preset) ?? null } : {}),
  };
}

/** Of `: string[]`, what stands behind the colon. */
function typeText(node: SyntaxNode | undefined, tree: TypeScriptTree): string | undefined {
  const type = node === undefined ? undefined : child(node, "typeAnnotation");
  return type === undefined
    ? undefined
    : tree.textBetween(count(type, "start"), count(type, "end"));
}

/** The value of a default that is written out; undefined for one that must be computed. */
function constantOf(node: SyntaxNode | undefined): JsonValue | undefined {
  if (node === undefined) {
    return undefined;
  }
  const { value } = node;
  switch (kindOf(node)) {
    case "Literal":
      return value === null || ["string", "number", "boolean"].includes(typeof value)
        ? (value as JsonValue)
        : undefined;
    case "UnaryExpression": {
      const number = constantOf(child(node, "argument"));
      return node["operator"] === "-" && typeof number === "number" ? -number : undefined;
    }
    case "ArrayExpression":
      return children(node, "elements").length === 0 ? [] : undefined;
    case "ObjectExpression":
      return children(node, "properties").length === 0 ? {} : undefined;
    default:
      return undefined;
  }
}
