import type { KnownErrors } from "../mutants/error-types.ts";
import { childPlaces, type LoopGuard, type Place } from "../mutants/place.ts";
import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import { cautionOf, guardOf } from "./loop-guards.ts";
import type { Scopes } from "./scopes.ts";

/** Never run, or changed as a whole: types, and what a class derives from. */
const everywhere = [
  "annotation",
  "returns",
  "type_params",
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
/** They say how often something is worked out, or are read by nobody who calls. */
const inertDecorators =
  /^(?:cache|lru_cache|override|final|overload|wraps|no_type_check|deprecated|abstractmethod)$/;
/** They say how a class is stored or described. */
const storageNames = /^__(?:slots|doc|annotations|module|qualname)__$/;
const printers = /^(?:print|warn|warnings|logging|logger|log|_?LOG(?:GER)?)$/;

/** What of a module the walk needs to know before it starts. */
export interface PythonWorld {
  readonly scopes: Scopes;
  /** Undefined when the entry is not there: then everything is reached. */
  readonly reached: ReadonlySet<string> | undefined;
  /** Every name that is read somewhere. */
  readonly readNames: ReadonlySet<string>;
  readonly errors: KnownErrors;
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
  if (place.field === "decorator_list") return kindOf(node) !== "Call" || isInertDecorator(node);
  switch (kindOf(node)) {
    case "If":
      return isMainGuard(node);
    case "Assert":
      // At the top level a program tries itself out.
      return kindOf(parent?.node) === "Module";
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

export function isInertDecorator(decorator: SyntaxNode): boolean {
  return inertDecorators.test(lastName(child(decorator, "func") ?? decorator));
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

/** `x = …` where nothing reads `x`; a class's names, and a function's, are read from elsewhere. */
function isUnread(node: SyntaxNode, world: PythonWorld): boolean {
  const targets = [...children(node, "targets"), child(node, "target")];
  const isClass = world.scopes.scopeOf.get(node)?.kind === "class";
  const isReadElsewhere = isClass || kindOf(child(node, "value")) === "Lambda";
  return targets.every((target) => {
    if (target === undefined) return true;
    const name = kindOf(target) === "Name" ? text(target, "id") : undefined;
    if (name === undefined) return false;
    if (/^__\w+__$/.test(name)) return !isClass || storageNames.test(name);
    return !isReadElsewhere && !world.readNames.has(name);
  });
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

/** Of a statement of the top level: 0 where a name that it assigns is reached. */
function topRank(node: SyntaxNode, { reached }: PythonWorld): number {
  if (reached === undefined) return 0;
  const targets = [...children(node, "targets"), child(node, "target")];
  const names = targets.flatMap((target) => (target === undefined ? [] : [lastName(target)]));
  const isBlock = names.length === 0 && kindOf(node) !== "Expr";
  return isBlock || names.some((name) => reached.has(name)) ? 0 : 1;
}
