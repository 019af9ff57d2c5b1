import type { JsonValue } from "../../shared/json.ts";
import type { FunctionSignature, SignatureParameter } from "../source-facts.ts";
import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";

const maxTypeDepth = 8;

/** Positional parameters with what is written of their types, and those that only a name reaches. */
export function functionSignature(node: SyntaxNode): FunctionSignature {
  const args = child(node, "args");
  if (args === undefined) {
    return { parameters: [], namedOnly: [] };
  }
  const positional = [...children(args, "posonlyargs"), ...children(args, "args")];
  const defaults = children(args, "defaults");
  const firstDefault = positional.length - defaults.length;
  const parameters = positional.map((arg, index): SignatureParameter => {
    const type = typeText(child(arg, "annotation"), 0);
    const preset = defaults[index - firstDefault];
    return {
      name: text(arg, "arg"),
      ...(type === undefined ? {} : { type }),
      ...(preset === undefined ? {} : { preset: constantOf(preset) ?? null }),
    };
  });
  const result = typeText(child(node, "returns"), 0);
  return {
    parameters,
    namedOnly: namedOnly(args),
    ...(result === undefined ? {} : { result }),
  };
}

/** Keyword-only parameters without a default. */
function namedOnly(args: SyntaxNode): string[] {
  const presets = Array.isArray(args["kw_defaults"]) ? args["kw_defaults"] : [];
  return children(args, "kwonlyargs")
    .filter((_arg, index) => presets[index] === null || presets[index] === undefined)
    .map((arg) => text(arg, "arg"));
}

/** An annotation as programmers write it; undefined for one that is no plain type. */
function typeText(node: SyntaxNode | undefined, depth: number): string | undefined {
  if (node === undefined || depth > maxTypeDepth) {
    return undefined;
  }
  const inner = (field: string) => typeText(child(node, field), depth + 1);
  const both = (first: string, second: string): [string, string] | undefined => {
    const [left, right] = [inner(first), inner(second)];
    return left === undefined || right === undefined ? undefined : [left, right];
  };
  switch (kindOf(node)) {
    case "Name":
      return text(node, "id");
    case "Attribute":
      return text(node, "attr");
    case "Constant":
      return node["value"] === null ? "None" : text(node, "value") || undefined;
    case "Tuple":
    case "List": {
      const parts = children(node, "elts").map((part) => typeText(part, depth + 1));
      return parts.includes(undefined) ? undefined : parts.join(", ");
    }
    case "Subscript": {
      const parts = both("value", "slice");
      return parts && `${parts[0]}[${parts[1]}]`;
    }
    case "BinOp": {
      const isUnion = kindOf(child(node, "op")) === "BitOr";
      return isUnion ? both("left", "right")?.join(" | ") : undefined;
    }
    default:
      return undefined;
  }
}

/** The value of a default that is written out; undefined for one that must be computed. */
function constantOf(node: SyntaxNode): JsonValue | undefined {
  const { value } = node;
  switch (kindOf(node)) {
    case "Constant":
      return isPlain(value) ? value : undefined;
    case "UnaryOp": {
      const operand = child(node, "operand");
      const number = operand === undefined ? undefined : constantOf(operand);
      const isMinus = kindOf(child(node, "op")) === "USub";
      return isMinus && typeof number === "number" ? -number : undefined;
    }
    case "List":
    case "Tuple":
      return children(node, "elts").length === 0 ? [] : undefined;
    case "Dict":
      return children(node, "values").length === 0 ? {} : undefined;
    default:
      return undefined;
  }
}

function isPlain(value: unknown): value is string | number | boolean | null {
  return value === null || ["string", "number", "boolean"].includes(typeof value);
}
