import type { SyntaxNode } from "../tree.ts";

/** Definitions by their name; methods stand beside functions, since a name is all that a call shows. */
export type Definitions = ReadonlyMap<string, readonly SyntaxNode[]>;

/**
 * Returns the names of definitions that the entry may reach, each by its name alone: too many rather
 * than too few. Undefined when the entry is not defined.
 */
export function reachableNames(
  definitions: Definitions,
  entry: string,
  namesIn: (definition: SyntaxNode) => Iterable<string>,
): ReadonlySet<string> | undefined {
  if (!definitions.has(entry)) return undefined;
  const reached = new Set([entry]);
  const open = [entry];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    for (const definition of definitions.get(name) ?? []) {
      for (const used of namesIn(definition)) {
        if (!definitions.has(used) || reached.has(used)) continue;
        reached.add(used);
        open.push(used);
      }
    }
  }
  return reached;
}
