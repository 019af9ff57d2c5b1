import { child, kindOf, type SyntaxNode, text } from "../tree.ts";
import type { PythonPlace } from "./changer.ts";

const kinds = new Set(["JoinedStr", "List", "ListComp", "Tuple", "Dict", "Set"]);
const makers =
  /^(?:str|list|tuple|sorted|repr|chr|hex|bin|oct|join|lower|upper|strip|lstrip|rstrip|replace|title|capitalize|swapcase|zfill|format|decode|encode|split|input)$/;
const maxSteps = 20;

/** True when the expression shows that it gives a text or a list: a sum of it is no number. */
export function isTextOrList(node: SyntaxNode, place: PythonPlace): boolean {
  let at: SyntaxNode | undefined = node;
  for (let step = 0; at !== undefined && step < maxSteps; step += 1) {
    switch (kindOf(at)) {
      case "Constant":
        return typeof at["value"] === "string";
      case "BinOp":
        at = child(at, "left");
        break;
      case "Call":
        return makesText(child(at, "func"));
      case "Subscript":
        if (kindOf(child(at, "slice")) !== "Slice") return false;
        return true;
      case "Name":
        at = boundTo(at, place);
        break;
      default:
        return kinds.has(kindOf(at));
    }
  }
  return false;
}

function makesText(callee: SyntaxNode | undefined): boolean {
  return callee !== undefined && makers.test(text(callee, "attr") || text(callee, "id"));
}

/** What the name was first given, where an assignment of its own function says so. */
function boundTo(node: SyntaxNode, place: PythonPlace): SyntaxNode | undefined {
  const { scopes } = place.world;
  const name = text(node, "id");
  for (let scope = scopes.scopeOf.get(node); scope !== undefined; scope = scope.parent) {
    const [first] = scope.bindings.get(name) ?? [];
    if (first === undefined) continue;
    return "node" in first && first.element === undefined ? first.node : undefined;
  }
  return undefined;
}
