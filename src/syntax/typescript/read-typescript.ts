import type { SourceFacts } from "../source-facts.ts";
import { treeDigest } from "../tree-digest.ts";
import { TypeScriptEvaluator } from "./evaluate.ts";
import { parseTypeScript } from "./parse-typescript.ts";
import { publicFunctions } from "./public-functions.ts";
import { importedModules, reachedNames } from "./reached-names.ts";
import { buildScopes } from "./scopes.ts";
import { typescriptShape } from "./typescript-shape.ts";

/**
 * Returns what a TypeScript module touches.
 *
 * @throws {UnreadableSource} syntax-error
 */
export function readTypeScript(source: string): SourceFacts {
  const tree = parseTypeScript(source);
  const scopes = buildScopes(tree.program);
  const evaluator = new TypeScriptEvaluator(scopes);
  return {
    language: "typescript",
    imports: importedModules(tree, scopes, evaluator),
    reached: reachedNames(tree, scopes, evaluator),
    functions: publicFunctions(tree),
    treeDigest: treeDigest(tree.program, typescriptShape(scopes)),
  };
}
