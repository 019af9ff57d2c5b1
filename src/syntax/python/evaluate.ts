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
import { attributeName, pythonBuiltins } from "./builtin-names.ts";
import { evaluateCall } from "./evaluate-call.ts";
import { foldBinary } from "./fold-constants.ts";
import { type Binding, moduleOf, type Scope, type Scopes } from "./scopes.ts";
import { attributeOf, type Evaluator, isDictionary, joinedArgs } from "./value-rules.ts";

/** Says what expressions may stand for. Follows names and constants, never control flow. */
export class PythonEvaluator implements Evaluator {
  readonly #scopes: Scopes;
  readonly #known = new Map<SyntaxNode, Value[]>();

  constructor(scopes: Scopes) {
    this.#scopes = scopes;
  }

  evaluate(node: SyntaxNode | undefined): Value[] {
    if (node === undefined) return [unknownValue];
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    // Nothing while it is being found out: `open = open` must end, and means the outer one.
    this.#known.set(node, []);
    const values = distinct(this.#evaluate(node));
    this.#known.set(node, values);
    return values;
  }

  constant(node: SyntaxNode | undefined): Constant | undefined {
    return onlyConstant(this.evaluate(node));
  }

  /** What a name of the source's own top level stands for. */
  globalName(name: string): Value[] {
    return this.#resolve(name, this.#scopes.module);
  }

  attributes(owners: readonly Value[], attribute: string): Value[] {
    return owners.map((owner) => attributeOf(owner, attribute));
  }

  /** A module's dictionary, read with a key; without a constant key any name may come out. */
  member(owner: Value, key: Constant | undefined): Value[] {
    const name = owner.kind === "namespace" || owner.kind === "name" ? owner.name : "";
    if (name === "") return typeof key === "string" ? this.globalName(key) : [unknownValue];
    if (name === "sys.modules") return [nameValue(typeof key === "string" ? key : "sys.modules.*")];
    return [nameValue(typeof key === "string" ? attributeName(name, key) : `${name}.*`)];
  }

  #evaluate(node: SyntaxNode): Value[] {
    switch (kindOf(node)) {
      case "Constant":
        return [constantOf(node)];
      case "Name":
        return this.#resolve(text(node, "id"), this.#scopeOf(node));
      case "Attribute":
        return this.attributes(this.evaluate(child(node, "value")), text(node, "attr"));
      case "Call":
        return evaluateCall(node, this);
      case "Subscript":
        return this.#subscript(node);
      case "BinOp":
        return this.#binary(node);
      case "JoinedStr":
        return [this.#joinedText(node)];
      case "List":
      case "Tuple":
        return [this.#list(node)];
      default:
        return this.#passThrough(node);
    }
  }

  #passThrough(node: SyntaxNode): Value[] {
    switch (kindOf(node)) {
      case "IfExp":
        return [...this.evaluate(child(node, "body")), ...this.evaluate(child(node, "orelse"))];
      case "BoolOp":
        return children(node, "values").flatMap((part) => this.evaluate(part));
      case "NamedExpr":
      case "Await":
      case "FormattedValue":
        return this.evaluate(child(node, "value"));
      case "UnaryOp":
        return [this.#negative(node)];
      case "Lambda":
        return [localValue];
      default:
        return [unknownValue];
    }
  }

  #scopeOf(node: SyntaxNode): Scope {
    return this.#scopes.scopeOf.get(node) ?? this.#scopes.module;
  }

  #resolve(name: string, from: Scope): Value[] {
    const values: Value[] = [];
    for (let scope: Scope | undefined = from; scope !== undefined; scope = scope.parent) {
      if (scope.kind === "class" && scope !== from) continue;
      if (scope.globals.has(name)) scope = moduleOf(scope);
      for (const binding of scope.bindings.get(name) ?? []) values.push(...this.#bound(binding));
      if (values.length > 0) return values;
    }
    return this.#unbound(name);
  }

  #bound(binding: Binding): Value[] {
    if ("value" in binding) return [binding.value];
    const values = this.evaluate(binding.node);
    const { element } = binding;
    if (element === undefined) return values;
    return values.map((value) =>
      value.kind === "list" ? (value.items[element] ?? unknownValue) : unknownValue,
    );
  }

  #unbound(name: string): Value[] {
    const values = this.#scopes.module.starModules.map((module) => nameValue(`${module}.${name}`));
    if (name === "__builtins__") return [nameValue("builtins"), ...values];
    if (pythonBuiltins.has(name)) return [nameValue(`builtins.${name}`), ...values];
    return values.length === 0 ? [unknownValue] : values;
  }

  #subscript(node: SyntaxNode): Value[] {
    const slice = child(node, "slice");
    return this.evaluate(child(node, "value")).flatMap((owner) => {
      if (isDictionary(owner)) return this.member(owner, this.constant(slice));
      return [this.#element(owner, slice)];
    });
  }

  #element(owner: Value, slice: SyntaxNode | undefined): Value {
    if (kindOf(slice) === "Slice" && slice !== undefined) return this.#slice(owner, slice);
    const index = this.constant(slice);
    if (typeof index !== "number") return unknownValue;
    if (owner.kind === "list") return owner.items.at(index) ?? unknownValue;
    if (owner.kind === "constant" && typeof owner.value === "string") {
      return constantValue(owner.value.at(index) ?? "");
    }
    return unknownValue;
  }

  #slice(owner: Value, slice: SyntaxNode): Value {
    const isReversed = this.constant(child(slice, "step")) === -1;
    if (owner.kind === "list") {
      return { kind: "list", items: isReversed ? owner.items.toReversed() : owner.items };
    }
    if (owner.kind !== "constant" || typeof owner.value !== "string") return unknownValue;
    const lower = this.constant(child(slice, "lower"));
    const upper = this.constant(child(slice, "upper"));
    if (isReversed) return constantValue([...owner.value].toReversed().join(""));
    if (child(slice, "step") !== undefined) return unknownValue;
    const start = typeof lower === "number" ? lower : 0;
    return constantValue(owner.value.slice(start, typeof upper === "number" ? upper : undefined));
  }

  #binary(node: SyntaxNode): Value[] {
    const [left] = this.evaluate(child(node, "left"));
    const [right] = this.evaluate(child(node, "right"));
    const operator = kindOf(child(node, "op"));
    if (left?.kind === "instance" && operator === "Div") {
      const parts = [...left.args, right?.kind === "constant" ? right.value : null];
      return [{ ...left, args: joinedArgs(parts) }];
    }
    if (left?.kind !== "constant") return [unknownValue];
    if (right?.kind !== "constant") {
      // The beginning of a path decides where it lies, whatever follows.
      return operator === "Add"
        ? [{ kind: "instance", name: "", args: [left.value] }]
        : [unknownValue];
    }
    return [foldBinary(operator, left.value, right.value) ?? unknownValue];
  }

  #joinedText(node: SyntaxNode): Value {
    let joined = "";
    for (const part of children(node, "values")) {
      // Inside an f-string the text parts come without quotes.
      const constant = kindOf(part) === "Constant" ? text(part, "value") : this.constant(part);
      if (constant === undefined) {
        return joined === "" ? unknownValue : { kind: "instance", name: "", args: [joined] };
      }
      joined += String(constant);
    }
    return constantValue(joined);
  }

  #list(node: SyntaxNode): Value {
    const items = children(node, "elts").map((item) => this.evaluate(item)[0] ?? unknownValue);
    return { kind: "list", items };
  }

  #negative(node: SyntaxNode): Value {
    const operand = this.constant(child(node, "operand"));
    return kindOf(child(node, "op")) === "USub" && typeof operand === "number"
      ? constantValue(-operand)
      : unknownValue;
  }
}

function constantOf(node: SyntaxNode): Value {
  const value = node["value"];
  if (typeof value === "string") {
    // `...` comes as text too, but without quotes.
    return node["quote_style"] === undefined ? unknownValue : constantValue(value);
  }
  const isPlain = value === null || typeof value === "number" || typeof value === "boolean";
  return isPlain ? constantValue(value) : unknownValue;
}
