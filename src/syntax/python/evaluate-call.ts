import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import { type Constant, nameValue, onlyText, unknownValue, type Value } from "../values.ts";
import { foldCall, foldJoin, foldMethod } from "./fold-constants.ts";
import { type Evaluator, isDictionary, joinedArgs } from "./value-rules.ts";

const dictionaryReads = new Set(["get", "pop", "setdefault", "__getitem__"]);
const attributeReads = new Set(["__getattribute__", "__getattr__"]);
/** Methods of a path that give a path. */
const pathMethods = new Set(["absolute", "expanduser", "resolve", "with_name", "with_suffix"]);

/** What a call may give back. */
export function evaluateCall(node: SyntaxNode, evaluator: Evaluator): Value[] {
  const callee = child(node, "func");
  if (callee === undefined) return [unknownValue];
  if (kindOf(callee) === "Attribute") {
    const values = evaluateMethod(callee, node, evaluator);
    if (values !== undefined) return values;
  }
  return evaluator.evaluate(callee).flatMap((value) => {
    if (value.kind === "name") return callName(value, node, evaluator);
    if (value.kind === "getter") {
      const owner = evaluator.evaluate(children(node, "args")[0]);
      return evaluator.attributes(owner, value.attribute);
    }
    return [unknownValue];
  });
}

/** The arguments' constants; null for what is not known. */
export function constantArgs(node: SyntaxNode, evaluator: Evaluator): Constant[] {
  return children(node, "args").map((argument) => argumentConstant(argument, evaluator));
}

/** A text that only begins with a constant counts as that beginning: `f"/etc/{name}"`. */
export function argumentConstant(argument: SyntaxNode, evaluator: Evaluator): Constant {
  const values = evaluator.evaluate(argument);
  for (const value of values) {
    if (value.kind === "constant") return value.value;
    if (value.kind === "instance" && isPath(value.name)) return value.args[0] ?? null;
  }
  return null;
}

/** The empty name is a text of which only the beginning is known. */
function isPath(name: string): boolean {
  return name === "" || name.startsWith("pathlib.") || name.startsWith("os.path.");
}

function evaluateMethod(
  callee: SyntaxNode,
  node: SyntaxNode,
  evaluator: Evaluator,
): Value[] | undefined {
  const method = text(callee, "attr");
  const args = children(node, "args");
  const owners = evaluator.evaluate(child(callee, "value"));
  const [owner] = owners;
  if (owner === undefined) return undefined;
  if (isDictionary(owner) && dictionaryReads.has(method)) {
    return evaluator.member(owner, evaluator.constant(args[0]));
  }
  if (attributeReads.has(method)) {
    const isUnbound = owner.kind === "name" && owner.name.startsWith("builtins.");
    const target = isUnbound ? evaluator.evaluate(args[0]) : owners;
    return readAttribute(target, evaluator.constant(args[isUnbound ? 1 : 0]), evaluator);
  }
  if (owner.kind === "instance" && owner.name.startsWith("pathlib.")) {
    return pathMethod(owner, method, constantArgs(node, evaluator));
  }
  const literal = onlyText(owners);
  return literal === undefined ? undefined : textMethod(literal, method, args, evaluator);
}

function pathMethod(
  owner: Extract<Value, { kind: "instance" }>,
  method: string,
  args: readonly Constant[],
): Value[] | undefined {
  if (method === "joinpath") return [{ ...owner, args: joinedArgs([...owner.args, ...args]) }];
  return pathMethods.has(method) ? [owner] : undefined;
}

function textMethod(
  literal: string,
  method: string,
  args: readonly SyntaxNode[],
  evaluator: Evaluator,
): Value[] {
  if (method === "join") {
    const [list] = evaluator.evaluate(args[0]);
    return [(list && foldJoin(literal, list)) ?? unknownValue];
  }
  const constants = args.map((argument) => evaluator.constant(argument));
  return [foldMethod(method, literal, constants) ?? unknownValue];
}

function readAttribute(
  owners: readonly Value[],
  attribute: Constant | undefined,
  evaluator: Evaluator,
): Value[] {
  if (typeof attribute === "string") return evaluator.attributes(owners, attribute);
  return owners.map((owner) =>
    owner.kind === "name" ? nameValue(`${owner.name}.*`) : unknownValue,
  );
}

type NameCall = (args: readonly SyntaxNode[], evaluator: Evaluator) => readonly Value[] | undefined;

const importModule: NameCall = ([module], evaluator) => {
  const name = evaluator.constant(module);
  return [nameValue(typeof name === "string" ? name : "importlib.*")];
};

const ownNamespace: NameCall = () => [{ kind: "namespace", name: "" }];

const getter: NameCall = ([attribute], evaluator) => {
  const name = evaluator.constant(attribute);
  return typeof name === "string" ? [{ kind: "getter", attribute: name }] : undefined;
};

const first: NameCall = ([value], evaluator) => evaluator.evaluate(value);

/** Functions whose result is known from their arguments. */
const nameCalls: Readonly<Record<string, NameCall>> = {
  "builtins.getattr": ([owner, attribute], evaluator) =>
    readAttribute(evaluator.evaluate(owner), evaluator.constant(attribute), evaluator),
  "builtins.globals": ownNamespace,
  "builtins.locals": ownNamespace,
  "builtins.vars": ([owner], evaluator) =>
    owner === undefined
      ? [{ kind: "namespace", name: "" }]
      : evaluator
          .evaluate(owner)
          .map((value) =>
            value.kind === "name" ? { kind: "namespace", name: value.name } : unknownValue,
          ),
  "builtins.__import__": importModule,
  "builtins.list": first,
  "builtins.tuple": first,
  "builtins.reversed": ([list], evaluator) =>
    evaluator.evaluate(list).map((value) => {
      if (value.kind === "list") return { kind: "list", items: value.items.toReversed() };
      return value.kind === "constant" && typeof value.value === "string"
        ? { kind: "constant", value: [...value.value].toReversed().join("") }
        : unknownValue;
    }),
  "builtins.map": ([mapper, list], evaluator) => {
    const [name] = evaluator.evaluate(mapper);
    return evaluator.evaluate(list).map((value) => mapConstants(name, value));
  },
  "functools.partial": first,
  "importlib.import_module": importModule,
  "importlib.reload": first,
  "operator.attrgetter": getter,
  "operator.methodcaller": getter,
  "pathlib.Path.cwd": () => [{ kind: "instance", name: "pathlib.Path", args: ["."] }],
  "pathlib.Path.home": () => [{ kind: "instance", name: "pathlib.Path", args: ["~"] }],
};

function mapConstants(mapper: Value | undefined, list: Value): Value {
  if (mapper?.kind !== "name" || list.kind !== "list") return unknownValue;
  const items = list.items.map((item) =>
    item.kind === "constant" ? (foldCall(mapper.name, [item.value]) ?? unknownValue) : unknownValue,
  );
  return { kind: "list", items };
}

function callName(
  callee: Extract<Value, { kind: "name" }>,
  node: SyntaxNode,
  evaluator: Evaluator,
): readonly Value[] {
  const args = children(node, "args");
  if (Object.hasOwn(nameCalls, callee.name)) {
    return nameCalls[callee.name]?.(args, evaluator) ?? [unknownValue];
  }
  const constants = args.map((argument) => evaluator.constant(argument));
  const folded = foldCall(callee.name, constants);
  if (folded !== undefined) return [folded];
  if (callee.name.startsWith("pathlib.") && !callee.name.includes("()")) {
    return [
      { kind: "instance", name: callee.name, args: joinedArgs(constantArgs(node, evaluator)) },
    ];
  }
  return [{ kind: "instance", name: callee.name, args: constantArgs(node, evaluator).slice(0, 4) }];
}
