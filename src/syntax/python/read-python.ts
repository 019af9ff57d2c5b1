import type { SourceFacts } from "../source-facts.ts";
import { treeDigest } from "../tree-digest.ts";
import { PythonEvaluator } from "./evaluate.ts";
import { parsePython } from "./parse-python.ts";
import { publicFunctions } from "./public-functions.ts";
import { pythonShape } from "./python-shape.ts";
import { importedModules, reachedNames } from "./reached-names.ts";
import { buildScopes } from "./scopes.ts";

/**
 * Returns what a Python module touches.
 *
 * @throws {UnreadableSource} syntax-error
 */
export function readPython(source: string): SourceFacts {
  const tree = parsePython(source);
  const scopes = buildScopes(tree);
  const evaluator = new PythonEvaluator(scopes);
  return {
    language: "python",
    imports: importedModules(scopes, evaluator),
    reached: reachedNames(scopes, evaluator),
    functions: publicFunctions(tree),
    treeDigest: treeDigest(tree, pythonShape(scopes)),
  };
}
