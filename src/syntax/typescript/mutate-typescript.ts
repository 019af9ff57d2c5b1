import type { Mutant, MutationOptions } from "../mutant.ts";
import type { Change, Edit } from "../mutants/change.ts";
import type { KnownErrors } from "../mutants/error-types.ts";
import { makeMutants } from "../mutants/make-mutants.ts";
import { type Place, rootPlace, walkPlaces } from "../mutants/place.ts";
import { child, kindOf, text } from "../tree.ts";
import { treeDigest } from "../tree-digest.ts";
import { endOf, startOf } from "./changer.ts";
import { typescriptEdits } from "./changes.ts";
import { expandTypeScript, type TypeScriptWorld } from "./mutable-places.ts";
import { parseTypeScript } from "./parse-typescript.ts";
import { reachedDefinitions } from "./reached-definitions.ts";
import { buildScopes, type Scopes } from "./scopes.ts";
import { typescriptShape } from "./typescript-shape.ts";

/**
 * Returns mutants of a TypeScript module, types kept.
 *
 * @throws {UnreadableSource} syntax-error
 */
export function mutateTypeScript(source: string, options: MutationOptions): Mutant[] {
  const changes = typescriptChanges(source, options);
  return makeMutants(source, changes, options, typescriptDigest);
}

function typescriptDigest(source: string): string {
  const { program } = parseTypeScript(source);
  return treeDigest(program, typescriptShape(buildScopes(program)));
}

/** Every change that is possible anywhere, in no order that matters. */
function typescriptChanges(source: string, options: MutationOptions): Change[] {
  const tree = parseTypeScript(source);
  const scopes = buildScopes(tree.program);
  const world: TypeScriptWorld = {
    reached: reachedDefinitions(tree.program, options.entry),
    readNames: readNames(scopes),
  };
  const errors = knownErrors(scopes, options);
  const changes: Change[] = [];
  for (const place of walkPlaces(rootPlace(tree.program), (at) => expandTypeScript(at, world))) {
    for (const edit of typescriptEdits({ ...place, source, scopes, errors })) {
      changes.push(changeOf(edit, place, tree.lineAt(edit.start)));
    }
  }
  return changes;
}

function changeOf(edit: Edit, place: Place, line: number): Change {
  return {
    operator: edit.operator,
    start: edit.start,
    end: edit.end,
    replacement: edit.replacement,
    shownStart: edit.shown === undefined ? edit.start : Math.min(startOf(edit.shown), edit.start),
    shownEnd: edit.shown === undefined ? edit.end : Math.max(endOf(edit.shown), edit.end),
    unit: place.unit,
    rank: place.rank,
    line,
  };
}

function knownErrors({ nodes }: Scopes, { errors }: MutationOptions): KnownErrors {
  const classes = nodes.filter((node) => /^Class(?:Declaration|Expression)$/.test(kindOf(node)));
  return {
    declared: errors,
    ownClasses: new Set(classes.map((node) => text(child(node, "id") ?? {}, "name"))),
    isCaught: nodes.some((node) => kindOf(node) === "CatchClause"),
  };
}

/** Names that stand anywhere but where they are declared. */
function readNames(scopes: Scopes): ReadonlySet<string> {
  const declared = new Set<unknown>();
  for (const node of scopes.nodes) {
    if (kindOf(node) === "VariableDeclarator") declared.add(child(node, "id"));
  }
  const names = new Set<string>();
  for (const node of scopes.nodes) {
    if (kindOf(node) === "Identifier" && !declared.has(node)) names.add(text(node, "name"));
  }
  return names;
}
