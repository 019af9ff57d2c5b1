import { patternSamples } from "../constants/pattern-samples.ts";
import { ConstantList, type SourceConstants } from "../constants/source-constants.ts";
import { child, children, everyChild, kindOf, type SyntaxNode, text } from "../tree.ts";
import { parseTypeScript } from "./parse-typescript.ts";
import { isTypeOnly } from "./scopes.ts";

const skippedKinds = /^(?:ImportDeclaration|ExportAllDeclaration|ImportExpression|ThrowStatement)$/;
const comparingMethods = /^(?:startsWith|endsWith|includes|indexOf|split|get|has)$/;
const comparison = /^(?:[=!]==?|[<>]=?|in)$/;

/** @throws {UnreadableSource} syntax-error */
export function typescriptConstants(source: string): SourceConstants {
  const found = new ConstantList();
  const open = [{ node: parseTypeScript(source).program, isCompared: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { node } = next;
    if (isTypeOnly(node) || skippedKinds.test(kindOf(node))) continue;
    const isCompared = next.isCompared || compares(node);
    addConstant(node, isCompared, found);
    for (const part of everyChild(node).reverse()) open.push({ node: part, isCompared });
  }
  return found.list();
}

function compares(node: SyntaxNode): boolean {
  switch (kindOf(node)) {
    case "BinaryExpression":
      return comparison.test(text(node, "operator"));
    case "CallExpression": {
      const property = child(child(node, "callee") ?? {}, "property");
      return comparingMethods.test(text(property ?? {}, "name"));
    }
    case "SwitchCase":
      // What follows the test is no part of it, but costs nothing to try first.
      return true;
    default:
      return false;
  }
}

function addConstant(node: SyntaxNode, isCompared: boolean, found: ConstantList): void {
  switch (kindOf(node)) {
    case "Literal":
      addLiteral(node, isCompared, found);
      break;
    case "TemplateElement": {
      const { value } = node;
      const cooked = typeof value === "object" && value !== null && "cooked" in value;
      if (cooked && typeof value.cooked === "string") found.addText(value.cooked, isCompared);
      break;
    }
    case "NewExpression":
      if (text(child(node, "callee") ?? {}, "name") === "RegExp") {
        addPattern(text(children(node, "arguments")[0] ?? {}, "value"), found);
      }
      break;
    default:
  }
}

function addLiteral(node: SyntaxNode, isCompared: boolean, found: ConstantList): void {
  const { value, regex } = node;
  const digits = text(node, "bigint");
  if (digits !== "") {
    found.addNumber(BigInt(digits), isCompared);
  } else if (typeof value === "number") {
    found.addNumber(value, isCompared);
  } else if (typeof value === "string") {
    found.addText(value, isCompared);
  } else if (typeof regex === "object" && regex !== null && "pattern" in regex) {
    addPattern(String(regex.pattern), found);
  }
}

function addPattern(pattern: string, found: ConstantList): void {
  for (const sample of patternSamples(pattern)) found.addText(sample, true);
}
