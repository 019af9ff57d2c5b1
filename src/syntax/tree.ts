/** A node of a foreign parser's tree; fields are read through the functions below, never trusted. */
export interface SyntaxNode {
  readonly [field: string]: unknown;
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && kindOf(value as SyntaxNode) !== "";
}

/** `Call`, `MemberExpression`, …; empty for what is no node. */
export function kindOf(node: SyntaxNode | undefined): string {
  const kind = node?.["nodeType"] ?? node?.["type"];
  return typeof kind === "string" ? kind : "";
}

export function child(node: SyntaxNode, field: string): SyntaxNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

/** The nodes of a list field; holes and anything else are left out. */
export function children(node: SyntaxNode, field: string): SyntaxNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

export function text(node: SyntaxNode, field: string): string {
  const value = node[field];
  return typeof value === "string" ? value : "";
}

export function texts(node: SyntaxNode, field: string): string[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

export function count(node: SyntaxNode, field: string): number {
  const value = node[field];
  return typeof value === "number" ? value : 0;
}

/** Every child of a node in the order of its fields. */
export function everyChild(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const item of value) if (isNode(item)) found.push(item);
    } else if (isNode(value)) {
      found.push(value);
    }
  }
  return found;
}
