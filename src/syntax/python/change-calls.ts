import type { Edit } from "../mutants/change.ts";
import { child, children, kindOf } from "../tree.ts";
import type { PythonPlace } from "./changer.ts";
import { lastName } from "./mutable-places.ts";

/** The order means nothing, or the other order can only raise. */
const ordered =
  /^(?:max|min|gcd|lcm|isclose|union|intersection|symmetric_difference|print|isinstance|issubclass|map|filter|reduce|getattr|setattr|hasattr|delattr|enumerate|open|super|sorted|sum|round|int|accumulate|takewhile|dropwhile|islice|combinations|permutations|nlargest|nsmallest|heappush|field)$/;

/** `f(a, b)` becomes `f(b, a)`. */
export function argumentsSwapped(place: PythonPlace): Edit[] {
  const { node, text } = place;
  const [first, second] = children(node, "args");
  const callee = child(node, "func");
  if (first === undefined || second === undefined || callee === undefined) return [];
  if (place.caution !== "free" || place.isLoopTest || ordered.test(lastName(callee))) return [];
  if (kindOf(first) === "Starred" || kindOf(second) === "Starred") return [];
  const [a, b] = [text.textOf(first), text.textOf(second)];
  if (a === b) return [];
  const between = text.source.slice(text.end(first), text.start(second));
  return [
    {
      operator: "arguments-swapped",
      start: text.start(first),
      end: text.end(second),
      replacement: `${b}${between}${a}`,
      shown: node,
    },
  ];
}
