import { childPlaces, type LoopGuard, type Place } from "../mutants/place.ts";
import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import { cautionOf, guardOf, testedLoops } from "./loop-guards.ts";
import { isTypeOnly } from "./scopes.ts";

/** Types, names, and what a class derives from. */
const everywhere = [
  "typeAnnotation",
  "returnType",
  "typeParameters",
  "typeArguments",
  "superTypeArguments",
  "implements",
  "decorators",
  "superClass",
  "id",
  "label",
];
const skippedFields = new Set(everywhere);
const withoutKey = new Set([...everywhere, "key", "property"]);
const skippedFieldsOf = new Map<string, ReadonlySet<string>>([
  ["ThrowStatement", new Set([...everywhere, "argument"])],
  ["TaggedTemplateExpression", new Set([...everywhere, "quasi"])],
  ["TemplateLiteral", new Set([...everywhere, "quasis"])],
]);
const keyed =
  /^(?:Property|MethodDefinition|PropertyDefinition|AccessorProperty|MemberExpression)$/;
const skippedKinds =
  /^(?:ImportDeclaration|ExportAllDeclaration|ExportSpecifier|ImportExpression|MetaProperty|TS(?:Enum|Module)Declaration|DebuggerStatement)$/;
const terminators = new Set([
  "ReturnStatement",
  "ThrowStatement",
  "BreakStatement",
  "ContinueStatement",
]);
const functions = new Set(["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"]);

/** What of a module the walk needs to know before it starts. */
export interface TypeScriptWorld {
  /** Undefined when the entry is not there: then everything is reached. */
  readonly reached: ReadonlySet<string> | undefined;
  /** Names that stand somewhere else than where they are declared. */
  readonly readNames: ReadonlySet<string>;
}

/** The children of a place that may be changed, with what stands around them. */
export function expandTypeScript(place: Place, world: TypeScriptWorld): Place[] {
  const { node } = place;
  const kind = kindOf(node);
  const guard = testedLoops.has(kind) ? guardOf(node, place.loop) : undefined;
  return childPlaces(place, fieldsSkippedIn(node), terminators)
    .filter((inner) => !isSkipped(inner, world))
    .map((inner) => forChild(inner, guard, world));
}

function fieldsSkippedIn(node: SyntaxNode): ReadonlySet<string> {
  const kind = kindOf(node);
  if (keyed.test(kind) && node["computed"] !== true) return withoutKey;
  return skippedFieldsOf.get(kind) ?? skippedFields;
}

function isSkipped({ node, parent }: Place, world: TypeScriptWorld): boolean {
  const kind = kindOf(node);
  if (skippedKinds.test(kind) || isTypeOnly(node)) return true;
  if (kind === "ExpressionStatement") return isWithoutEffect(node);
  if (kind === "VariableDeclarator") {
    const id = child(node, "id");
    const isExported = kindOf(parent?.parent?.node) === "ExportNamedDeclaration";
    const name = id !== undefined && kindOf(id) === "Identifier" ? text(id, "name") : undefined;
    return name !== undefined && !isExported && !world.readNames.has(name);
  }
  return false;
}

/** `"use strict"`, a name that stands alone, a line that is only printed. */
function isWithoutEffect(statement: SyntaxNode): boolean {
  const expression = child(statement, "expression");
  const kind = kindOf(expression);
  if (kind === "Literal" || kind === "Identifier" || kind === "TemplateLiteral") return true;
  const callee = expression === undefined ? undefined : child(expression, "callee");
  const object = callee === undefined ? undefined : child(callee, "object");
  return object !== undefined && /^(?:console|logger|log)$/.test(text(object, "name"));
}

function forChild(inner: Place, guard: LoopGuard | undefined, world: TypeScriptWorld): Place {
  const isGuarded = guard !== undefined && (inner.field === "body" || inner.field === "update");
  const placed: Place = {
    ...inner,
    loop: isGuarded ? guard : inner.loop,
    isLoopTest: inner.isLoopTest || (guard !== undefined && inner.field === "test"),
    ...nameAndRank(inner, world),
  };
  if (functions.has(kindOf(inner.node))) {
    return { ...placed, loop: undefined, isLoopTest: false, caution: "free" };
  }
  return { ...placed, caution: cautionOf(placed.node, placed) };
}

function nameAndRank(place: Place, { reached }: TypeScriptWorld): Pick<Place, "unit" | "rank"> {
  const name = definedName(place);
  if (name === "") return { unit: place.unit, rank: place.rank };
  const isTop = isTopLevel(place);
  const rank = reached === undefined || !isTop ? place.rank : reached.has(name) ? 0 : 1;
  return { unit: place.unit === "" ? name : `${place.unit}.${name}`, rank };
}

function isTopLevel({ parent, node }: Place): boolean {
  const isMethod = kindOf(node) === "MethodDefinition" || kindOf(node) === "PropertyDefinition";
  if (isMethod && text(child(node, "key") ?? {}, "name") === "constructor") return false;
  const holder = /^(?:Export\w+|VariableDeclaration|ClassBody)$/.test(kindOf(parent?.node))
    ? parent?.parent
    : parent;
  return /^(?:Program|Export\w+Declaration|Class\w+)$/.test(kindOf(holder?.node));
}

/** The name of what is defined here: functions, classes, methods, variables of the top level. */
export function definedName({ node, unit }: Pick<Place, "node" | "unit">): string {
  const id = child(node, "id");
  switch (kindOf(node)) {
    case "FunctionDeclaration":
    case "ClassDeclaration":
      return id === undefined ? "default" : text(id, "name");
    case "MethodDefinition":
    case "PropertyDefinition":
      return keyName(child(node, "key"));
    case "VariableDeclarator": {
      const isFunction = functions.has(kindOf(child(node, "init")));
      return id !== undefined && (isFunction || unit === "") ? text(id, "name") : "";
    }
    default:
      return "";
  }
}

export function keyName(key: SyntaxNode | undefined): string {
  return key === undefined ? "" : text(key, "name") || text(key, "value");
}

/** The parameters' names where they are plain. */
export function firstParameter(node: SyntaxNode): string {
  const [first] = children(node, "params").filter(
    (parameter) => text(parameter, "name") !== "this",
  );
  const plain = first === undefined ? undefined : (child(first, "left") ?? first);
  return plain !== undefined && kindOf(plain) === "Identifier" ? text(plain, "name") : "";
}
