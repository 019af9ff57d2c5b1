import type { Mutant, MutationOptions } from "../mutant.ts";
import type { Change, Edit } from "../mutants/change.ts";
import { makeMutants } from "../mutants/make-mutants.ts";
import { type Place, rootPlace, walkPlaces } from "../mutants/place.ts";
import { kindOf, type SyntaxNode, text } from "../tree.ts";
import { treeDigest } from "../tree-digest.ts";
import { pythonEdits } from "./changes.ts";
import { expandPython, type PythonWorld } from "./mutable-places.ts";
import { parsePython } from "./parse-python.ts";
import { pythonShape } from "./python-shape.ts";
import { PythonText } from "./python-text.ts";
import { reachedDefinitions } from "./reached-definitions.ts";
import { buildScopes, type Scopes } from "./scopes.ts";

/**
 * Returns mutants of a Python module.
 *
 * @throws {UnreadableSource} syntax-error
 */
export function mutatePython(source: string, options: MutationOptions): Mutant[] {
  const changes = pythonChanges(source, options);
  return makeMutants(source, changes, options, pythonDigest);
}

function pythonDigest(source: string): string {
  const tree = parsePython(source);
  return treeDigest(tree, pythonShape(buildScopes(tree)));
}

/** Every change that is possible anywhere, in no order that matters. */
function pythonChanges(source: string, { entry, errors }: MutationOptions): Change[] {
  const tree = parsePython(source);
  const scopes = buildScopes(tree);
  const world: PythonWorld = {
    scopes,
    reached: reachedDefinitions(tree, entry),
    readNames: readNames(scopes),
    errors: {
      declared: errors,
      ownClasses: new Set(nodesOf(scopes, "ClassDef").map((node) => text(node, "name"))),
      isCaught: nodesOf(scopes, "ExceptHandler").length > 0,
    },
  };
  const placed = new PythonText(source);
  const changes: Change[] = [];
  for (const place of walkPlaces(rootPlace(tree), (at) => expandPython(at, world))) {
    for (const edit of pythonEdits({ ...place, text: placed, world }, kindOf(place.node))) {
      const change = changeOf(edit, place, placed);
      if (change !== undefined) changes.push(change);
    }
  }
  return changes;
}

function changeOf(edit: Edit, place: Place, placed: PythonText): Change | undefined {
  const shownStart = edit.shown === undefined ? edit.start : placed.start(edit.shown);
  const shownEnd = edit.shown === undefined ? edit.end : placed.end(edit.shown);
  if (!placed.isTrueBetween(edit.start, edit.end)) return undefined;
  return {
    operator: edit.operator,
    start: edit.start,
    end: edit.end,
    replacement: edit.replacement,
    shownStart: Math.min(shownStart, edit.start),
    shownEnd: Math.max(shownEnd, edit.end),
    unit: place.unit,
    rank: place.rank,
    line: placed.lineAt(edit.start),
  };
}

function nodesOf(scopes: Scopes, kind: string): SyntaxNode[] {
  return scopes.nodes.filter((node) => kindOf(node) === kind);
}

function readNames(scopes: Scopes): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of scopes.nodes) {
    if (kindOf(node) === "Name" && kindOf(node["ctx"] as SyntaxNode) !== "Store") {
      names.add(text(node, "id"));
    }
  }
  return names;
}
