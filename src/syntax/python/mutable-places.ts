import { childPlaces, type LoopGuard, type Place } from "../mutants/place.ts";
import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import { cautionOf, guardOf } from "./loop-guards.ts";
import type { Scopes } from "./scopes.ts";

/** Never run, or run but seen by no caller: types, decorators, what a class derives from. */
const everywhere = [
  "annotation",
  "returns",
  "type_params",
  "decorator_list",
  "bases",
  "ctx",
  "op",
  "ops",
  "format_spec",
];
const skippedFields = new Set(everywhere);
const skippedFieldsOf = new Map<string, ReadonlySet<string>>([
  ["Raise", new Set([...everywhere, "exc", "cause"])],
  ["Assert", new Set([...everywhere, "msg"])],
  ["ExceptHandler", new Set([...everywhere, "type"])],
  ["ClassDef", new Set([...everywhere, "keywords"])],
]);
const skippedKinds = new Set(["Import", "ImportFrom", "TypeAlias", "Global", "Nonlocal"]);
const terminators = new Set(["Return", "Raise", "Break", "Continue"]);
const functions = new Set(["FunctionDef", "AsyncFunctionDef"]);
/** Their arguments are types and names, or say how text is stored. */
const typeCalls = /^(?:cast|TypeVar|NewType|namedtuple|NamedTuple|Enum|ParamSpec|TypedDict)$/;
const storageKeywords = /^(?:encoding|errors|newline)$/;
const printers = /^(?:print|warn|warnings|logging|logger|log|_?LOG(?:GER)?)$/;

/** What of a module the walk needs to know before it starts. */
export interface PythonWorld {
  readonly scopes: Scopes;
  /** Undefined when the entry is not there: then everything is reached. */
  readonly reached: ReadonlySet<string> | undefined;
  /** Every name that is read somewhere. */
  readonly readNames: ReadonlySet<string>;
}

/** The children of a place that may be changed, with what stands around them. */
export function expandPython(place: Place, world: PythonWorld): Place[] {
  const { node } = place;
  const callee = kindOf(node) === "Call" ? child(node, "func") : undefined;
  if (callee !== undefined && typeCalls.test(lastName(callee))) return [];
  const guard = kindOf(node) === "While" ? guardOf(node, place.loop) : undefined;
  return childPlaces(place, skippedFieldsOf.get(kindOf(node)) ?? skippedFields, terminators)
    .filter((inner) => !isSkipped(inner, world))
    .map((inner) => forChild(inner, guard, world));
}

function isSkipped(place: Place, world: PythonWorld): boolean {
  const { node, parent } = place;
  switch (kindOf(node)) {
    case "If":
      return isMainGuard(node);
    case "Expr":
      return isWithoutEffect(child(node, "value"));
    case "Assign":
    case "AnnAssign":
      return isUnread(node, world) || isTypeAssignment(node);
    case "Keyword":
      return storageKeywords.test(text(node, "arg"));
    case "Constant":
      return /^(?:JoinedStr|TemplateStr)$/.test(kindOf(parent?.node));
    default:
      return skippedKinds.has(kindOf(node));
  }
}

function isMainGuard(node: SyntaxNode): boolean {
  const test = child(node, "test");
  const left = test === undefined ? undefined : (child(test, "left") ?? test);
  const name = left === undefined ? "" : lastName(left);
  return name === "__name__" || name === "TYPE_CHECKING";
}

/** A docstring, a number that stands alone, a line that is only printed. */
function isWithoutEffect(value: SyntaxNode | undefined): boolean {
  if (value === undefined) return true;
  if (kindOf(value) !== "Call") return /^(?:Constant|JoinedStr|Name)$/.test(kindOf(value));
  const callee = child(value, "func");
  return callee !== undefined && printers.test(firstName(callee));
}

/** `x = …` where nothing reads `x`; names that another module may read are not meant. */
function isUnread(node: SyntaxNode, world: PythonWorld): boolean {
  const targets = [...children(node, "targets"), child(node, "target")];
  const scope = world.scopes.scopeOf.get(node);
  return targets.every(
    (target) =>
      target === undefined ||
      (kindOf(target) === "Name" &&
        (/^__\w+__$/.test(text(target, "id")) ||
          (scope?.kind !== "class" && !world.readNames.has(text(target, "id"))))),
  );
}

function isTypeAssignment(node: SyntaxNode): boolean {
  const value = child(node, "value");
  const callee = value === undefined ? undefined : child(value, "func");
  return callee !== undefined && typeCalls.test(lastName(callee));
}

/** `warnings` of `warnings.warn`. */
function firstName(node: SyntaxNode): string {
  let first = node;
  for (let next = child(first, "value"); next !== undefined; next = child(first, "value")) {
    first = next;
  }
  return text(first, "id");
}

export function lastName(node: SyntaxNode): string {
  return text(node, "attr") || text(node, "id");
}

function forChild(inner: Place, guard: LoopGuard | undefined, world: PythonWorld): Place {
  const kind = kindOf(inner.node);
  const isBody = guard !== undefined && inner.field === "body";
  const placed: Place = {
    ...inner,
    loop: isBody ? guard : inner.loop,
    isLoopTest: inner.isLoopTest || (guard !== undefined && inner.field === "test"),
    rank: kindOf(inner.parent?.node) === "Module" ? topRank(inner.node, world) : inner.rank,
  };
  if (functions.has(kind) || kind === "ClassDef") return definitionPlace(placed, world);
  if (kind === "Lambda") return { ...placed, loop: undefined, isLoopTest: false };
  return { ...placed, caution: cautionOf(placed.node, placed) };
}

function definitionPlace(place: Place, world: PythonWorld): Place {
  const name = text(place.node, "name");
  return {
    ...place,
    unit: place.unit === "" ? name : `${place.unit}.${name}`,
    rank: definitionRank(place, name, world),
    loop: undefined,
    caution: "free",
  };
}

/** A method is reached by its own name, `__init__` and the like with their class. */
function definitionRank(place: Place, name: string, { reached }: PythonWorld): number {
  const holder = kindOf(place.parent?.node);
  const isInner = holder !== "Module" && holder !== "ClassDef";
  const isSpecial = holder === "ClassDef" && /^__\w+__$/.test(name);
  if (reached === undefined || isInner || isSpecial) return place.rank;
  return reached.has(name) ? 0 : 1;
}

/** Of a statement of the top level: 0 where a name that it assigns is reached, or where it assigns none. */
function topRank(node: SyntaxNode, { reached }: PythonWorld): number {
  if (reached === undefined) return 0;
  const targets = [...children(node, "targets"), child(node, "target")];
  const names = targets.flatMap((target) => (target === undefined ? [] : [lastName(target)]));
  return names.length === 0 || names.some((name) => reached.has(name)) ? 0 : 1;
}
