import type { Edit } from "../mutants/change.ts";
import { isErrorSeen } from "../mutants/error-types.ts";
import { child, children, kindOf, type SyntaxNode } from "../tree.ts";
import type { PythonPlace } from "./changer.ts";
import { lastName } from "./mutable-places.ts";

/** Raised where nothing is there yet, or caught by the language itself. */
const special = /^(?:NotImplementedError|StopIteration|StopAsyncIteration|GeneratorExit)$/;
/** Which of two modules is there is no branch of the work. */
const environmental = /^(?:ImportError|ModuleNotFoundError)$/;

/** `raise ValueError("…")` becomes `raise TypeError("…")`. */
export function raisedTypeChanged(place: PythonPlace): Edit[] {
  const raised = child(place.node, "exc");
  const type = kindOf(raised) === "Call" ? child(raised ?? {}, "func") : raised;
  const name = classNameOf(type);
  if (type === undefined || name === "" || special.test(name)) return [];
  return isErrorSeen(name, place.world.errors) ? [edit(place, type, otherThan(name))] : [];
}

/** `except ValueError` becomes `except TypeError`; of several, each is left out once. */
export function handlerTypeChanged(place: PythonPlace): Edit[] {
  const type = child(place.node, "type");
  if (type === undefined) return [];
  const several = kindOf(type) === "Tuple" ? children(type, "elts") : [];
  if (several.length > 1) {
    return several.map((left) => {
      const others = several.filter((one) => one !== left).map((one) => place.text.textOf(one));
      return edit(place, type, `(${others.join(", ")},)`);
    });
  }
  const name = classNameOf(type);
  const isFixed = name === "" || special.test(name) || environmental.test(name);
  return isFixed ? [] : [edit(place, type, otherThan(name))];
}

/** Empty for what is no class by its name: `raise error`. */
function classNameOf(type: SyntaxNode | undefined): string {
  const name =
    type !== undefined && /^(?:Name|Attribute)$/.test(kindOf(type)) ? lastName(type) : "";
  return /^_*[A-Z]/.test(name) ? name : "";
}

function otherThan(name: string): string {
  return name === "TypeError" ? "ValueError" : "TypeError";
}

function edit({ node, text }: PythonPlace, type: SyntaxNode, replacement: string): Edit {
  const isHandler = kindOf(node) === "ExceptHandler";
  return {
    operator: "error-type",
    start: text.start(type),
    end: text.end(type),
    replacement,
    ...(isHandler ? {} : { shown: node }),
  };
}
