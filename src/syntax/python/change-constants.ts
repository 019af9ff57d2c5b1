import type { Edit } from "../mutants/change.ts";
import { type ChangedNumber, changedNumbers } from "../mutants/numbers.ts";
import type { Place } from "../mutants/place.ts";
import { child, children, kindOf, type SyntaxNode } from "../tree.ts";
import { isInBound } from "./change-bounds.ts";
import type { PythonPlace } from "./changer.ts";

/** Changes of a literal; where it says a bound, they are off by one. */
export function constantChanged(place: PythonPlace): Edit[] {
  const { value } = place.node;
  const written = place.text.textOf(place.node);
  if (written === "True" || written === "False") {
    if (place.caution !== "free" || place.isLoopTest) return [];
    return [edit(place, written === "True" ? "False" : "True")];
  }
  if (written === "None") {
    return isNoneChanged(place) ? [edit(place, "0")] : [];
  }
  if (typeof value === "string") return textChanged(place);
  return numberChanged(place, written);
}

function numberChanged(place: PythonPlace, written: string): Edit[] {
  const operator = isInBound(place) ? "off-by-one" : "constant";
  const isStep = place.field === "step" || place.parent?.field === "step";
  return changedNumbers(written)
    .filter((changed) => mayStand(changed, place))
    .filter(({ text }) => !(isStep && text === "0"))
    .map(({ text }) => ({ ...edit(place, text), operator }));
}

/** Where a loop's end hangs on the number, only what brings the end nearer. */
function mayStand({ isLarger }: ChangedNumber, place: PythonPlace): boolean {
  if (place.loop !== undefined && kindOf(place.parent?.node) === "AugAssign" && !isLarger)
    return false;
  if (place.caution === "free" && !place.isLoopTest) return true;
  const isNegative = kindOf(place.parent?.node) === "UnaryOp";
  return isLarger && !isNegative && place.caution !== "frozen" && !isWaitedFor(place);
}

/** `while n != 1` ends at 1 and nowhere else. */
function isWaitedFor({ parent, isLoopTest }: PythonPlace): boolean {
  const ops = isLoopTest && parent !== undefined ? children(parent.node, "ops") : [];
  return ops.some((op) => kindOf(op) === "NotEq");
}

/** `is None` is turned around by its comparison. */
function isNoneChanged(place: PythonPlace): boolean {
  const kind = kindOf(place.parent?.node);
  return place.caution === "free" && !/^(?:Compare|Expr|Keyword|Slice)$/.test(kind);
}

const quoted = /^([a-z]*)("""|'''|"|')([\s\S]*)\2$/i;

/** `"abc"` becomes `""`, `""` becomes `"x"`; the quotes stay, since it may stand inside another text. */
export function textChanged(place: PythonPlace): Edit[] {
  if (place.caution !== "free" || place.isLoopTest) return [];
  const found = quoted.exec(place.text.textOf(place.node));
  if (found === null) return [];
  const [, prefix = "", quote = "", content = ""] = found;
  const plainPrefix = prefix.replaceAll(/[ft]/gi, "");
  if (isInfinity(place))
    return [
      edit(
        place,
        `${prefix}${quote}${content.startsWith("-") ? content.slice(1) : `-${content}`}${quote}`,
      ),
    ];
  return [edit(place, `${plainPrefix}${quote}${content === "" ? "x" : ""}${quote}`)];
}

/** `float("")` would only raise. */
function isInfinity(place: PythonPlace): boolean {
  const callee = place.parent === undefined ? undefined : child(place.parent.node, "func");
  return (
    callee !== undefined && callee["id"] === "float" && /^-?inf/i.test(String(place.node["value"]))
  );
}

function edit(place: PythonPlace, replacement: string): Edit {
  const { text, node } = place;
  return {
    operator: "constant",
    start: text.start(node),
    end: text.end(node),
    replacement,
    shown: shownFor(place),
  };
}

const small = new Set(["Constant", "UnaryOp", "Slice"]);
const large = /^(?:Module|FunctionDef|AsyncFunctionDef|ClassDef|Arguments|Match\w*|JoinedStr)$/;

/** A lone number says little: what holds it is shown. */
function shownFor(place: PythonPlace): SyntaxNode {
  let at: Place = place;
  while (
    small.has(kindOf(at.node)) &&
    at.parent !== undefined &&
    !large.test(kindOf(at.parent.node))
  ) {
    at = at.parent;
  }
  return at.node;
}
