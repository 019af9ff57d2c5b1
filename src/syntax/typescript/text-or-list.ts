import { child, kindOf, type SyntaxNode, text } from "../tree.ts";
import { bare, type TypeScriptPlace } from "./changer.ts";

const textMakers =
  /^(?:String|toString|join|slice|substring|trim|trimStart|trimEnd|toUpperCase|toLowerCase|repeat|padStart|padEnd|replace|replaceAll|charAt|toFixed|stringify|concat|normalize)$/;
const maxSteps = 20;

/** True when the expression shows that it gives a text: a sum of it is no number. */
export function isTextOrList(node: SyntaxNode, place: TypeScriptPlace): boolean {
  let at = bare(node);
  for (let step = 0; at !== undefined && step < maxSteps; step += 1) {
    switch (kindOf(at)) {
      case "Literal":
        return typeof at["value"] === "string";
      case "TemplateLiteral":
      case "ArrayExpression":
        return true;
      case "BinaryExpression":
        if (text(at, "operator") !== "+") return false;
        at = bare(child(at, "left"));
        break;
      case "CallExpression": {
        const callee = bare(child(at, "callee"));
        const named = callee === undefined ? undefined : (child(callee, "property") ?? callee);
        return named !== undefined && textMakers.test(text(named, "name"));
      }
      case "Identifier":
        at = bare(boundTo(at, place));
        break;
      default:
        return false;
    }
  }
  return false;
}

/** What the name was first given, where a declaration says so. */
function boundTo(node: SyntaxNode, { scopes }: TypeScriptPlace): SyntaxNode | undefined {
  const name = text(node, "name");
  for (let scope = scopes.scopeOf.get(node); scope !== undefined; scope = scope.parent) {
    const [first] = scope.bindings.get(name) ?? [];
    if (first === undefined) continue;
    return "node" in first && first.path.length === 0 ? first.node : undefined;
  }
  return undefined;
}
