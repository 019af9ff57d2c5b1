import { isNode, kindOf, type SyntaxNode } from "../tree.ts";

/**
 * How much may change where a loop's end hangs on it: `larger` allows only a constant that grows,
 * which takes a loop to its end sooner. A mutant that never ends costs a whole time limit.
 */
export type Caution = "free" | "larger" | "frozen";

/** The `while` (or C-like `for`) around a place. */
export interface LoopGuard {
  /** What decides when it ends. */
  readonly names: ReadonlySet<string>;
  /** A step that grows may jump over the value that the loop waits for. */
  readonly caution: Caution;
}

/** A node that may be changed, and what stands around it. */
export interface Place {
  readonly node: SyntaxNode;
  readonly parent: Place | undefined;
  /** Where the parent holds it; its neighbours in that list, or itself alone. */
  readonly field: string;
  readonly siblings: readonly SyntaxNode[];
  readonly index: number;
  /** The innermost named function, its outer ones before it; empty at the top level. */
  readonly unit: string;
  /** 0 for what the entry can reach, 1 for the rest. */
  readonly rank: number;
  readonly loop: LoopGuard | undefined;
  readonly isLoopTest: boolean;
  readonly caution: Caution;
}

export function rootPlace(node: SyntaxNode): Place {
  return {
    node,
    parent: undefined,
    field: "",
    siblings: [node],
    index: 0,
    unit: "",
    rank: 0,
    loop: undefined,
    isLoopTest: false,
    caution: "free",
  };
}

/**
 * Every child outside `skippedFields`, with the parent's surroundings. What stands in a list behind a
 * node of `terminators` never runs and is left out.
 */
export function childPlaces(
  parent: Place,
  skippedFields: ReadonlySet<string>,
  terminators: ReadonlySet<string>,
): Place[] {
  const places: Place[] = [];
  for (const [field, value] of Object.entries(parent.node)) {
    if (skippedFields.has(field)) continue;
    const siblings = Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
    for (const [index, node] of siblings.entries()) {
      places.push({ ...parent, node, parent, field, siblings, index });
      if (terminators.has(kindOf(node))) break;
    }
  }
  return places;
}

/** Every place below the root in the order of the source; walks without recursion. */
export function* walkPlaces(root: Place, expand: (place: Place) => Place[]): Generator<Place> {
  const open = [root];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    yield place;
    for (const inner of expand(place).reverse()) open.push(inner);
  }
}
