import type { Edit } from "../mutants/change.ts";
import type { Place } from "../mutants/place.ts";
import { child, children, kindOf, type SyntaxNode } from "../tree.ts";
import type { PythonPlace } from "./changer.ts";
import { isInertDecorator, lastName } from "./mutable-places.ts";

const errorClass = /(?:Error|Exception|Warning)$/;
/** Without them a class is the same to whoever calls it. */
const inertBases = /^(?:object|ABC|Protocol|Generic|Exception|BaseException)$/;
const recordDecorators = /^(?:dataclass|define|frozen|mutable|attrs)$/;

/** Leaves out `@dataclass`, `@property` and the like; the line stays, empty. */
export function decoratorRemoved(place: PythonPlace): Edit[] {
  const { node, text } = place;
  return children(node, "decorator_list").flatMap((decorator): Edit[] => {
    const from = text.start(decorator);
    const start = text.source.lastIndexOf("@", from - 1);
    const isPlain = start !== -1 && /^@[ \t]*$/.test(text.source.slice(start, from));
    if (!isPlain || isInertDecorator(decorator)) return [];
    return [{ operator: "decorator-removed", start, end: text.end(decorator), replacement: "" }];
  });
}

/** `class A(B, C)` loses each base in turn; an error class becomes a plain Exception. */
export function baseRemoved(place: PythonPlace): Edit[] {
  const { node, text } = place;
  const bases = children(node, "bases");
  return bases.flatMap((base, index): Edit[] => {
    const name = lastName(base) || lastName(child(base, "value") ?? {});
    if (inertBases.test(name)) return [];
    const span = { start: text.start(base), end: text.end(base) };
    if (errorClass.test(name)) {
      return [{ operator: "base-removed", ...span, replacement: "Exception" }];
    }
    const before = bases[index - 1];
    const start = before === undefined ? span.start : text.end(before);
    const comma =
      before === undefined ? (/^\s*,\s*/.exec(text.source.slice(span.end))?.[0] ?? "") : "";
    return [{ operator: "base-removed", start, end: span.end + comma.length, replacement: "" }];
  });
}

/** A field of a record that is none any more: `x: int = 0` becomes `x = 0`. */
export function annotationRemoved(place: PythonPlace): Edit[] {
  const { node, text } = place;
  const [target, annotation] = [child(node, "target"), child(node, "annotation")];
  const isWhole = target !== undefined && annotation !== undefined && child(node, "value");
  if (!isWhole || !isRecordField(place)) return [];
  const [start, end] = [text.end(target), text.end(annotation)];
  return [{ operator: "annotation-removed", start, end, replacement: "", shown: node }];
}

/** True in the body of a data class, whose fields are made of its annotations. */
export function isRecordField({ node, parent, field }: Place): boolean {
  if (kindOf(node) !== "AnnAssign" || field !== "body" || kindOf(parent?.node) !== "ClassDef") {
    return false;
  }
  const holder: SyntaxNode = parent?.node ?? {};
  const isRecord = children(holder, "decorator_list").some((decorator) =>
    recordDecorators.test(lastName(child(decorator, "func") ?? decorator)),
  );
  return isRecord || children(holder, "bases").some((base) => lastName(base) === "NamedTuple");
}

/** A default that is empty gets an item: `a=[]` becomes `a=[0]`. */
export function emptyDefaultFilled(place: PythonPlace): Edit[] {
  const { node, parent, text } = place;
  const isDefault = kindOf(parent?.node) === "Arguments" && /defaults$/.test(place.field);
  if (!isDefault || children(node, "elts").length > 0) return [];
  const replacement = kindOf(node) === "List" ? "[0]" : "(0,)";
  return [{ operator: "constant", start: text.start(node), end: text.end(node), replacement }];
}
