import type { TaggedValue } from "../sandbox/sandbox.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../shared/json.ts";
import type { Contract, ContractParameter } from "./contract.ts";
import { validateValue } from "./json-schema.ts";
import { tagJson, valueForm } from "./tagged-value.ts";

export type ArgumentsReading =
  | { readonly kind: "read"; readonly args: readonly JsonValue[] }
  | { readonly kind: "unreadable"; readonly problem: string };

type Parameters = Pick<Contract, "parameters">;

/** A parameter whose schema has a `default` may be left out. */
export function isOptional(parameter: ContractParameter): boolean {
  return parameter.schema["default"] !== undefined;
}

/**
 * The positional arguments that a value stands for: an array is positional, an object goes by
 * parameter name, anything else is the one argument. An array or object that does not fit so, but
 * fits the contract's only parameter, is that one argument: `[1, 2]` for a list, `{"a": 1}` for a
 * mapping.
 */
export function readArguments(value: JsonValue, contract: Parameters): ArgumentsReading {
  const { parameters } = contract;
  const [only] = parameters.length === 1 ? parameters : [];
  const whole: ArgumentsReading = { kind: "read", args: [value] };
  const fitsWhole = only !== undefined && fits(value, only);
  if (Array.isArray(value)) {
    const isWhole = fitsWhole && argumentsProblem(value, contract) !== undefined;
    return isWhole ? whole : { kind: "read", args: value };
  }
  if (isJsonObject(value) && valueForm(value).kind !== "integer") {
    const byName = argumentsByName(value, parameters);
    return byName.kind === "unreadable" && only !== undefined ? whole : byName;
  }
  return parameters.length === 0
    ? { kind: "unreadable", problem: "the function takes no arguments" }
    : whole;
}

/**
 * The arguments as they go to the skill. JSON's -0 is the integer 0 where Python wants an integer; where
 * a float may stand, and in TypeScript, it is another number.
 */
export function taggedArguments(
  args: readonly JsonValue[],
  { language, parameters }: Parameters & Pick<Contract, "language">,
): TaggedValue[] {
  return args.map((value, index) =>
    tagJson(language === "python" ? plainZeros(value, parameters[index]?.schema) : value),
  );
}

function plainZeros(value: JsonValue, schema: JsonValue | undefined): JsonValue {
  if (!isJsonObject(schema)) {
    return value;
  }
  const { type, items, properties, additionalProperties } = schema;
  if (typeof value === "number") {
    const types = Array.isArray(type) ? type : [type];
    const isInteger = types.includes("integer") && !types.includes("number");
    return isInteger && Object.is(value, -0) ? 0 : value;
  }
  if (Array.isArray(value)) {
    return items === undefined ? value : value.map((item) => plainZeros(item, items));
  }
  if (!isJsonObject(value)) {
    return value;
  }
  const named = isJsonObject(properties) ? properties : {};
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      plainZeros(item, Object.hasOwn(named, key) ? named[key] : additionalProperties),
    ]),
  );
}

/** Why the arguments do not fit in number or type, in one line; undefined when they do. */
export function argumentsProblem(
  args: readonly JsonValue[],
  contract: Parameters,
): string | undefined {
  const count = countProblem(args.length, contract);
  if (count !== undefined) {
    return count;
  }
  for (const [index, parameter] of contract.parameters.entries()) {
    const value = args[index];
    const problem = value === undefined ? undefined : problemOf(value, parameter);
    if (problem !== undefined) {
      return `argument ${parameter.name} does not fit: ${problem}`;
    }
  }
  return undefined;
}

/** Why so many arguments are too few or too many, in one line; undefined when they are not. */
export function countProblem(count: number, contract: Parameters): string | undefined {
  const most = contract.parameters.length;
  const least = contract.parameters.findLastIndex((parameter) => !isOptional(parameter)) + 1;
  if (count >= least && count <= most) {
    return undefined;
  }
  const wanted = least === most ? `${most}` : `${least} to ${most}`;
  return `${count} ${count === 1 ? "argument" : "arguments"} where ${wanted} ${wanted === "1" ? "is" : "are"} wanted`;
}

function problemOf(value: JsonValue, parameter: ContractParameter): string | undefined {
  return validateValue(tagJson(value), parameter.schema);
}

function fits(value: JsonValue, parameter: ContractParameter): boolean {
  return problemOf(value, parameter) === undefined;
}

function argumentsByName(
  value: JsonObject,
  parameters: readonly ContractParameter[],
): ArgumentsReading {
  const names = parameters.map((parameter) => parameter.name);
  const stranger = Object.keys(value).find((key) => !names.includes(key));
  if (stranger !== undefined) {
    return unreadable(`no parameter is named ${JSON.stringify(stranger.slice(0, 60))}`, names);
  }
  const last = names.findLastIndex((name) => Object.hasOwn(value, name));
  const args: JsonValue[] = [];
  for (const [index, parameter] of parameters.entries()) {
    const given = Object.hasOwn(value, parameter.name) ? value[parameter.name] : undefined;
    const argument = given ?? (given === null ? null : parameter.schema["default"]);
    if (argument === undefined) {
      return unreadable(`argument ${parameter.name} is missing`, names);
    }
    if (index <= last || !isOptional(parameter)) {
      args.push(argument);
    }
  }
  return { kind: "read", args };
}

function unreadable(problem: string, names: readonly string[]): ArgumentsReading {
  return { kind: "unreadable", problem: `${problem} (parameters: ${names.join(", ") || "none"})` };
}
