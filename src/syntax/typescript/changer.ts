import type { Edit } from "../mutants/change.ts";
import type { KnownErrors } from "../mutants/error-types.ts";
import type { Place } from "../mutants/place.ts";
import { child, count, kindOf, type SyntaxNode } from "../tree.ts";
import type { Scopes } from "./scopes.ts";

/** What a way of changing sees. */
export interface TypeScriptPlace extends Place {
  readonly source: string;
  readonly scopes: Scopes;
  readonly errors: KnownErrors;
}

export type Changer = (place: TypeScriptPlace) => readonly Edit[];

export function startOf(node: SyntaxNode): number {
  return count(node, "start");
}

export function endOf(node: SyntaxNode): number {
  return count(node, "end");
}

export function textOf(node: SyntaxNode, source: string): string {
  return source.slice(startOf(node), endOf(node));
}

/** Without `as T`, `!` and the like around it. */
export function bare(node: SyntaxNode | undefined): SyntaxNode | undefined {
  let found = node;
  while (found !== undefined && /^(?:TS\w+|ChainExpression)$/.test(kindOf(found))) {
    found = child(found, "expression");
  }
  return found;
}
