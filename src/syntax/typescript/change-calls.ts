import type { Edit } from "../mutants/change.ts";
import { child, children, kindOf, text } from "../tree.ts";
import { bare, endOf, startOf, type TypeScriptPlace, textOf } from "./changer.ts";

/** The order means nothing, or the other order can only throw. */
const ordered =
  /^(?:max|min|hypot|reduce|reduceRight|setTimeout|setInterval|defineProperty|then|sort)$/;

/** `f(a, b)` becomes `f(b, a)`. */
export function argumentsSwapped(place: TypeScriptPlace): Edit[] {
  const { node, source } = place;
  const [first, second] = children(node, "arguments");
  const callee = bare(child(node, "callee"));
  if (first === undefined || second === undefined || callee === undefined) return [];
  const name = text(child(callee, "property") ?? callee, "name");
  if (place.caution !== "free" || place.isLoopTest || ordered.test(name)) return [];
  if (kindOf(first) === "SpreadElement" || kindOf(second) === "SpreadElement") return [];
  const [a, b] = [textOf(first, source), textOf(second, source)];
  if (a === b) return [];
  return [
    {
      operator: "arguments-swapped",
      start: startOf(first),
      end: endOf(second),
      replacement: `${b}${source.slice(endOf(first), startOf(second))}${a}`,
      shown: node,
    },
  ];
}
