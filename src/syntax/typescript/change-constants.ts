import type { Edit } from "../mutants/change.ts";
import { type ChangedNumber, changedNumbers } from "../mutants/numbers.ts";
import type { Place } from "../mutants/place.ts";
import { child, kindOf, type SyntaxNode, text } from "../tree.ts";
import { isInBound } from "./change-bounds.ts";
import { endOf, startOf, type TypeScriptPlace, textOf } from "./changer.ts";

/** Changes of a literal; where it says a bound, they are off by one. */
export function literalChanged(place: TypeScriptPlace): Edit[] {
  const { node, source } = place;
  const written = textOf(node, source);
  const { value } = node;
  const isFree = place.caution === "free" && !place.isLoopTest;
  if (typeof value === "number" || text(node, "bigint") !== "")
    return numberChanged(place, written);
  if (!isFree) return [];
  if (typeof value === "boolean") return [edit(place, value ? "false" : "true")];
  if (typeof value === "string") {
    const quote = written[0] ?? '"';
    return [edit(place, value === "" ? `${quote}x${quote}` : `${quote}${quote}`)];
  }
  return written === "null" && isNullChanged(place) ? [edit(place, "0")] : [];
}

/** A template whose text is all that it has becomes empty; one that is empty gets a text. */
export function templateChanged(place: TypeScriptPlace): Edit[] {
  if (place.caution !== "free" || place.isLoopTest) return [];
  return [edit(place, textOf(place.node, place.source) === "``" ? "`x`" : "``")];
}

function numberChanged(place: TypeScriptPlace, written: string): Edit[] {
  const operator = isInBound(place) ? "off-by-one" : "constant";
  return changedNumbers(written)
    .filter((changed) => mayStand(changed, place))
    .map((changed) => ({ ...edit(place, changed.text), operator }));
}

/** Where a loop's end hangs on the number, only what brings the end nearer. */
function mayStand({ isLarger }: ChangedNumber, place: TypeScriptPlace): boolean {
  const holder = place.parent?.node ?? {};
  const isStep = place.loop !== undefined && kindOf(holder) === "AssignmentExpression";
  if (isStep && !isLarger) return false;
  if (place.caution === "free" && !place.isLoopTest) return true;
  const isNegative = kindOf(holder) === "UnaryExpression";
  const isWaitedFor = place.isLoopTest && /^!==?$/.test(text(holder, "operator"));
  return isLarger && !isNegative && place.caution !== "frozen" && !isWaitedFor;
}

/** `=== null` is turned around by its comparison. */
function isNullChanged({ parent }: TypeScriptPlace): boolean {
  return !/^(?:BinaryExpression|SwitchCase)$/.test(kindOf(parent?.node));
}

function edit(place: TypeScriptPlace, replacement: string): Edit {
  const { node } = place;
  return {
    operator: "constant",
    start: startOf(node),
    end: endOf(node),
    replacement,
    shown: shownFor(place),
  };
}

/** A lone number says little: what holds it is shown. */
function shownFor(place: TypeScriptPlace): SyntaxNode {
  let at: Place = place;
  const isSmall = (kind: string): boolean => kind === "Literal" || kind === "UnaryExpression";
  const isLarge = (kind: string): boolean =>
    /Function|^(?:Program|TemplateLiteral|SwitchCase|BlockStatement|ForStatement)$/.test(kind);
  while (isSmall(kindOf(at.node)) && at.parent !== undefined && !isLarge(kindOf(at.parent.node))) {
    at = at.parent;
  }
  return child(at.node, "typeAnnotation") === undefined ? at.node : place.node;
}
