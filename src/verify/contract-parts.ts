import { isJsonObject, type JsonObject, type JsonValue, type Language } from "../shared/json.ts";
import { type ContractAnswer, maxTolerance } from "./contract.ts";
import { pickField, pickText } from "./lenient-fields.ts";
import { reduceSchema } from "./reduce-schema.ts";

type Parameter = ContractAnswer["parameters"][number];
type ErrorEntry = ContractAnswer["errors"][number];

const maxParameters = 12;
const identifier = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
/** Also what assigns to no name (`__debug__`) or is no plain key of named arguments (`__proto__`). */
const pythonReserved =
  "__debug__ __proto__ False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield";
/** Strict mode's, since a skill is a module: `eval` and `arguments` name nothing of one's own there. */
const typeScriptReserved =
  "__proto__ arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield";
/** These end a process instead of reporting a fault, so no caller can rely on them. */
const endingErrors = ["SystemExit", "KeyboardInterrupt", "GeneratorExit"];

/** Why the entry is no public function of the language, in one line; undefined when it is. */
export function entryProblem(entry: string, language: Language): string | undefined {
  if (!identifier.test(entry)) {
    return `entry ${JSON.stringify(entry.slice(0, 80))} is no function name: letters, digits and _ only`;
  }
  if (isReserved(entry, language)) {
    return `entry ${entry} is a reserved word of ${language}: name the function otherwise`;
  }
  return entry.startsWith("_")
    ? `entry ${entry} is private: the public function begins with a letter`
    : undefined;
}

function isReserved(name: string, language: Language): boolean {
  const words = language === "python" ? pythonReserved : typeScriptReserved;
  return words.split(" ").includes(name);
}

/** Why a parameter cannot be written in the language, in one line; undefined when all can. */
export function parameterNameProblem(
  names: readonly string[],
  language: Language,
): string | undefined {
  const bad = names.find((name) => isReserved(name, language));
  return bad === undefined
    ? undefined
    : `parameter ${bad} is a reserved word of ${language}: name the parameter otherwise`;
}

/** Parameters as a list, as an object of name and type, or as one JSON Schema; or what is wrong. */
export function readParameters(value: JsonValue): Parameter[] | string {
  const entries = Array.isArray(value) ? value.map(listedParameter) : namedParameters(value);
  if (entries === undefined) {
    return 'parameters must be an array of {"name", "schema", "description"}';
  }
  if (entries.length > maxParameters) {
    return `${entries.length} parameters are too many: at most ${maxParameters}`;
  }
  const parameters: Parameter[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry === undefined || !identifier.test(entry.name)) {
      return `parameter ${index + 1} has no name that is an identifier`;
    }
    parameters.push(entry);
  }
  return parameters;
}

function listedParameter(value: JsonValue): Parameter | undefined {
  if (typeof value === "string") {
    const [name = "", type] = value.split(/:(.*)/s);
    return { name: name.trim(), schema: reduceSchema(type), description: "" };
  }
  if (!isJsonObject(value)) {
    return undefined;
  }
  const name = pickText(value, ["name", "parameter", "param", "argument"]);
  if (name === undefined) {
    const [only, ...others] = Object.entries(value);
    return only === undefined || others.length > 0 ? undefined : parameterOf(only[0], only[1]);
  }
  return parameterOf(name, value);
}

function namedParameters(value: JsonValue): (Parameter | undefined)[] | undefined {
  if (!isJsonObject(value)) {
    return undefined;
  }
  const { properties, required } = value;
  if (!isJsonObject(properties)) {
    return Object.entries(value).map(([name, described]) => parameterOf(name, described));
  }
  return Object.entries(properties).map(([name, described]) => {
    const isLeftOut = Array.isArray(required) && !required.includes(name);
    return parameterOf(name, described, isLeftOut);
  });
}

function parameterOf(name: string, described: JsonValue, isLeftOut = false): Parameter {
  if (!isJsonObject(described)) {
    return { name, schema: optionalSchema(reduceSchema(described), isLeftOut), description: "" };
  }
  const { description: _description, name: _name, ...rest } = described;
  const schema = reduceSchema(pickField(described, ["schema"]) ?? rest);
  const preset = described["default"];
  const withPreset =
    preset === undefined || "default" in schema
      ? schema
      : reduceSchema({ ...schema, default: preset });
  const isOptional = isLeftOut || described["optional"] === true || described["required"] === false;
  const description = (pickText(described, ["description", "meaning"]) ?? "").slice(0, 1_000);
  return { name, schema: optionalSchema(withPreset, isOptional), description };
}

/** A parameter that may be left out without saying what then holds: null stands for it. */
function optionalSchema(schema: JsonObject, isOptional: boolean): JsonObject {
  return isOptional && !("default" in schema)
    ? reduceSchema({ ...schema, nullable: true, default: null })
    : schema;
}

/** Declared errors, from strings, objects or a map of type and occasion; what is unclear is left out. */
export function readErrors(value: JsonValue): ErrorEntry[] {
  const listed = Array.isArray(value)
    ? value.map(listedError)
    : isJsonObject(value)
      ? Object.entries(value).map(([type, when]) => errorEntry(type, when))
      : [listedError(value)];
  const known = new Map<string, ErrorEntry>();
  for (const entry of listed) {
    if (entry !== undefined && !known.has(entry.type)) {
      known.set(entry.type, entry);
    }
  }
  return [...known.values()].slice(0, 12);
}

function listedError(value: JsonValue): ErrorEntry | undefined {
  if (typeof value === "string") {
    const [, type = "", when = ""] = /^\s*([\w.]+)\s*(.*)$/s.exec(value) ?? [];
    return errorEntry(type, when.replace(/^[:\-–—(\s]+|[)\s]+$/g, ""));
  }
  if (!isJsonObject(value)) {
    return undefined;
  }
  const type = pickText(value, ["type", "name", "error", "exception", "errortype", "class"]);
  const when = pickText(value, ["when", "description", "reason", "condition", "message"]);
  return type === undefined ? undefined : errorEntry(type, when ?? "");
}

function errorEntry(written: string, when: JsonValue): ErrorEntry | undefined {
  const type = written.slice(written.lastIndexOf(".") + 1).trim();
  const isError = identifier.test(type) && /^[A-Z]/.test(type) && type !== "None";
  return isError && !endingErrors.includes(type)
    ? { type, when: typeof when === "string" ? when.slice(0, 1_000) : "" }
    : undefined;
}

/** The strings of a list, trimmed, without "none" and its like. */
export function readTexts(value: JsonValue | undefined, maxCount: number): string[] {
  const items = Array.isArray(value) ? value : typeof value === "string" ? [value] : [];
  const texts = items.filter((item) => typeof item === "string").map((item) => item.trim());
  const meant = texts.filter((item) => item !== "" && !/^(none|null|n\/a|-)$/i.test(item));
  return [...new Set(meant)].map((item) => item.slice(0, 200)).slice(0, maxCount);
}

/** How far apart floats may lie, as a model states it; more than `maxTolerance` is cut to that. */
export function readTolerance(value: JsonValue | undefined): number | undefined {
  const tolerance = typeof value === "string" ? Number(value) : value;
  return typeof tolerance === "number" && tolerance > 0 && Number.isFinite(tolerance)
    ? Math.min(tolerance, maxTolerance)
    : undefined;
}
