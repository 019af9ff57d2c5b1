import { child, children, kindOf, type SyntaxNode, text } from "../tree.ts";
import {
  type Constant,
  constantValue,
  distinct,
  localValue,
  nameValue,
  onlyConstant,
  unknownValue,
  type Value,
} from "../values.ts";
import { foldCall, foldMethod } from "./fold-constants.ts";
import { attributeName, globalFunctions, globalObjects, moduleName } from "./global-names.ts";
import type { Binding, PathStep, Scopes } from "./scopes.ts";

const transparent: Readonly<Record<string, string>> = {
  AwaitExpression: "argument",
  ChainExpression: "expression",
  ParenthesizedExpression: "expression",
  TSAsExpression: "expression",
  TSInstantiationExpression: "expression",
  TSNonNullExpression: "expression",
  TSSatisfiesExpression: "expression",
  TSTypeAssertion: "expression",
  AssignmentExpression: "right",
};

const functionKinds = new Set([
  "FunctionExpression",
  "ArrowFunctionExpression",
  "ClassExpression",
  "FunctionDeclaration",
]);

/** Says what expressions may stand for. Follows names and constants, never control flow. */
export class TypeScriptEvaluator {
  readonly #scopes: Scopes;
  readonly #known = new Map<SyntaxNode, Value[]>();

  constructor(scopes: Scopes) {
    this.#scopes = scopes;
  }

  /** Empty while the expression is being found out already. */
  evaluate(node: SyntaxNode | undefined): Value[] {
    if (node === undefined) return [unknownValue];
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    // Nothing while it is being found out: `const eval = eval` must end.
    this.#known.set(node, []);
    const values = distinct(this.#evaluate(node));
    this.#known.set(node, values);
    return values;
  }

  constant(node: SyntaxNode | undefined): Constant | undefined {
    return onlyConstant(this.evaluate(node));
  }

  #evaluate(node: SyntaxNode): Value[] {
    const kind = kindOf(node);
    const inner = Object.hasOwn(transparent, kind) ? transparent[kind] : undefined;
    if (inner !== undefined) return this.evaluate(child(node, inner));
    if (functionKinds.has(kind)) return [{ kind: "function" }];
    switch (kind) {
      case "Identifier":
        return this.#resolve(node);
      case "Literal":
        return [constantOf(node)];
      case "TemplateLiteral":
        return [this.#template(node)];
      case "BinaryExpression":
        return [this.#sum(node)];
      case "MemberExpression":
        return this.#member(node);
      case "CallExpression":
      case "NewExpression":
        return this.#call(node);
      default:
        return this.#combination(node);
    }
  }

  #combination(node: SyntaxNode): Value[] {
    switch (kindOf(node)) {
      case "ImportExpression": {
        const module = this.constant(child(node, "source"));
        return [nameValue(typeof module === "string" ? moduleName(module) : "import.*")];
      }
      case "ConditionalExpression":
        return ["consequent", "alternate"].flatMap((field) => this.evaluate(child(node, field)));
      case "LogicalExpression":
        return ["left", "right"].flatMap((field) => this.evaluate(child(node, field)));
      case "SequenceExpression":
        return this.evaluate(children(node, "expressions").at(-1));
      case "ArrayExpression": {
        const items = children(node, "elements");
        return [
          { kind: "list", items: items.map((item) => this.evaluate(item)[0] ?? unknownValue) },
        ];
      }
      case "ThisExpression":
      case "Super":
        return [localValue];
      default:
        return [unknownValue];
    }
  }

  #resolve(node: SyntaxNode): Value[] {
    const name = text(node, "name");
    let scope = this.#scopes.scopeOf.get(node) ?? this.#scopes.module;
    for (;;) {
      const values = (scope.bindings.get(name) ?? []).flatMap((binding) => this.#bound(binding));
      if (values.length > 0) return values;
      if (scope.parent === undefined) break;
      scope = scope.parent;
    }
    if (name === "undefined") return [unknownValue];
    return [nameValue(globalObjects.has(name) ? "globalThis" : name)];
  }

  #bound(binding: Binding): Value[] {
    if ("value" in binding) return [binding.value];
    let values = this.evaluate(binding.node);
    for (const step of binding.path) values = values.map((value) => attributeOf(value, step));
    return values;
  }

  #template(node: SyntaxNode): Value {
    const expressions = children(node, "expressions");
    const quasis = node["quasis"];
    let joined = "";
    for (const [index, quasi] of (Array.isArray(quasis) ? quasis : []).entries()) {
      joined += cooked(quasi);
      const expression = expressions[index];
      if (expression === undefined) continue;
      const constant = this.constant(expression);
      if (constant === undefined) return beginning(joined);
      joined += String(constant);
    }
    return constantValue(joined);
  }

  #sum(node: SyntaxNode): Value {
    const left = this.constant(child(node, "left"));
    const right = this.constant(child(node, "right"));
    if (text(node, "operator") !== "+" || left === undefined) return unknownValue;
    if (right === undefined) return typeof left === "string" ? beginning(left) : unknownValue;
    if (typeof left === "number" && typeof right === "number") return constantValue(left + right);
    return constantValue(`${left}${right}`);
  }

  /** The name behind a dot or between brackets; undefined when it is not known. */
  propertyOf(node: SyntaxNode): PathStep {
    const property = child(node, "property");
    if (property === undefined) return undefined;
    if (node["computed"] !== true) return text(property, "name");
    const key = this.constant(property);
    return typeof key === "string" || typeof key === "number" ? key : undefined;
  }

  #member(node: SyntaxNode): Value[] {
    const step = this.propertyOf(node);
    return this.evaluate(child(node, "object")).map((owner) => attributeOf(owner, step));
  }

  #call(node: SyntaxNode): Value[] {
    const callee = child(node, "callee");
    const args = children(node, "arguments");
    const constants = args.map((argument) => this.constant(argument));
    if (callee !== undefined && kindOf(callee) === "MemberExpression") {
      const [owner] = this.evaluate(child(callee, "object"));
      const folded = owner && foldMethod(owner, String(this.propertyOf(callee)), constants);
      if (folded !== undefined) return [folded];
    }
    return this.evaluate(callee).flatMap((value) =>
      value.kind === "name" ? this.#callName(value.name, args, constants) : [unknownValue],
    );
  }

  #callName(
    name: string,
    args: readonly SyntaxNode[],
    constants: readonly (Constant | undefined)[],
  ): Value[] {
    const owners = this.evaluate(args[0]);
    if (name === "Reflect.get" || name === "Object.getOwnPropertyDescriptor") {
      const step = constants[1];
      return owners.map((owner) => attributeOf(owner, typeof step === "string" ? step : undefined));
    }
    // A prototype answers `constructor` as the value itself does.
    if (name === "Object.getPrototypeOf" || name === "Reflect.getPrototypeOf") return owners;
    if (name === "require" || name === "process.getBuiltinModule") {
      return [nameValue(typeof constants[0] === "string" ? moduleName(constants[0]) : "import.*")];
    }
    const folded = foldCall(name, constants);
    return [
      folded ?? { kind: "instance", name, args: constants.slice(0, 4).map((c) => c ?? null) },
    ];
  }
}

/** A text of which only the beginning is known. */
function beginning(known: string): Value {
  return known === "" ? unknownValue : { kind: "instance", name: "", args: [known] };
}

function cooked(quasi: unknown): string {
  if (typeof quasi !== "object" || quasi === null || !("value" in quasi)) return "";
  const { value } = quasi;
  const isText = typeof value === "object" && value !== null && "cooked" in value;
  return isText ? String(value.cooked ?? "") : "";
}

function constantOf(node: SyntaxNode): Value {
  const value = node["value"];
  if (value === null) return node["raw"] === "null" ? constantValue(null) : unknownValue;
  const isPlain =
    typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return isPlain ? constantValue(value) : unknownValue;
}

/** What an attribute of a value is; the road from any value to `Function` leads over `constructor`. */
function attributeOf(owner: Value, step: PathStep): Value {
  if (owner.kind === "list" && typeof step === "number")
    return owner.items.at(step) ?? unknownValue;
  if (owner.kind === "name") return attributeOfName(owner.name, step);
  if (step === "constructor") return constructorOf(owner);
  if (step === "__proto__" || step === "prototype") return owner;
  if (owner.kind === "instance" && owner.name !== "" && step !== undefined) {
    return { kind: "name", name: `${owner.name}().${step}`, receiverArgs: owner.args };
  }
  return unknownValue;
}

function attributeOfName(owner: string, step: PathStep): Value {
  if (owner === "?.constructor")
    return step === "constructor" ? nameValue("Function") : unknownValue;
  if (step === "constructor") {
    return nameValue(globalFunctions.has(owner) ? "Function" : "?.constructor");
  }
  // A name that is never known reaches everything its owner holds.
  return nameValue(step === undefined ? `${owner}.*` : attributeName(owner, String(step)));
}

function constructorOf(owner: Value): Value {
  if (owner.kind === "function") return nameValue("Function");
  if (owner.kind === "constant") return nameValue("String");
  if (owner.kind === "list") return nameValue("Array");
  return owner.kind === "local" ? localValue : nameValue("?.constructor");
}
