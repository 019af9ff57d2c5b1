import { digestBytes } from "../shared/digest.ts";
import { isNode, kindOf, type SyntaxNode } from "./tree.ts";

/** What of a language's tree counts. */
export interface TreeShape {
  /** Fields that say where or how something was written, not what it does. */
  readonly ignoredFields: ReadonlySet<string>;
  /** The node that stands for this one; undefined leaves it out (docstrings, types). */
  shape(node: SyntaxNode, parent: SyntaxNode | undefined): SyntaxNode | undefined;
  /** The text that stands for a field's text: a number for the name of a local. */
  rename(node: SyntaxNode, field: string, text: string): string;
}

interface Step {
  readonly value: unknown;
  readonly label: string;
  readonly parent: SyntaxNode | undefined;
}

/** Digest of a tree as its language's shape sees it; walks without recursion. */
export function treeDigest(tree: SyntaxNode, shape: TreeShape): string {
  const tokens: string[] = [];
  const open: Step[] = [{ value: tree, label: "", parent: undefined }];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    const { value, label, parent } = step;
    if (Array.isArray(value)) {
      tokens.push(`${label}[`);
      open.push({ value: "]", label: "", parent: undefined });
      for (const item of value.toReversed()) open.push({ value: item, label: "", parent });
    } else if (isNode(value)) {
      const node = shape.shape(value, parent);
      if (node === undefined) continue;
      tokens.push(`${label}(${kindOf(node)}`);
      open.push({ value: ")", label: "", parent: undefined }, ...fieldSteps(node, shape));
    } else {
      tokens.push(`${label}${leaf(value)}`);
    }
  }
  return digestBytes(tokens.join("\n"));
}

function fieldSteps(node: SyntaxNode, shape: TreeShape): Step[] {
  const steps: Step[] = [];
  for (const [field, value] of Object.entries(node).toSorted(byField)) {
    if (shape.ignoredFields.has(field) || value === undefined || value === null) continue;
    const shown = typeof value === "string" ? shape.rename(node, field, value) : value;
    steps.push({ value: shown, label: `${field}=`, parent: node });
  }
  return steps;
}

/** In reverse, since the steps are taken from the end. */
function byField([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? 1 : -1;
}

function leaf(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  return JSON.stringify(value) ?? "undefined";
}
