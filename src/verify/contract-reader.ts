import { isJsonObject, type JsonObject, type JsonValue, type Language } from "../shared/json.ts";
import { type Contract, type ContractAnswer, contractAnswerSchema } from "./contract.ts";
import {
  entryProblem,
  parameterNameProblem,
  readErrors,
  readParameters,
  readTexts,
  readTolerance,
} from "./contract-parts.ts";
import { pickField, pickText } from "./lenient-fields.ts";
import { reduceSchema } from "./reduce-schema.ts";
import { schemaProblem } from "./schema-problem.ts";
import { escapeControls, shorten } from "./show-value.ts";
import { isWorkPath } from "./work-path.ts";

export type ContractReading =
  | { readonly kind: "read"; readonly contract: Contract }
  /** One line, for the question that asks the model to mend its answer. */
  | { readonly kind: "unreadable"; readonly problem: string };

/**
 * Reads a model's contract, leniently where small models stray: other spellings of the keys,
 * parameters as an object, types by name, errors as strings, the whole wrapped in one more object.
 * Name and language are the host's; schemas are reduced to the safe part.
 */
export function readContract(
  answer: JsonValue,
  given: { readonly name: string; readonly language: Language },
): ContractReading {
  const object = unwrap(answer);
  if (object === undefined) {
    return unreadable("the answer is no JSON object with a contract in it");
  }
  const draft = draftOf(object);
  if (typeof draft === "string") {
    return unreadable(draft);
  }
  const problem =
    entryProblem(draft.entry, given.language) ??
    parametersProblem(draft, given.language) ??
    filesProblem(draft);
  if (problem !== undefined) {
    return unreadable(problem);
  }
  const checked = contractAnswerSchema.safeParse(draft);
  if (!checked.success) {
    const issue = checked.error.issues[0];
    return unreadable(`${issue?.path.join(".") ?? "contract"}: ${issue?.message ?? "invalid"}`);
  }
  return { kind: "read", contract: { ...given, ...checked.data } };
}

function unreadable(problem: string): ContractReading {
  return {
    kind: "unreadable",
    problem: shorten(escapeControls(problem).replace(/\s+/g, " "), 300),
  };
}

const entryNames = ["entry", "entryfunction", "entrypoint", "functionname", "function", "name"];

function unwrap(answer: JsonValue): JsonObject | undefined {
  const value = Array.isArray(answer) && answer.length === 1 ? answer[0] : answer;
  if (!isJsonObject(value)) {
    return undefined;
  }
  const inner = pickField(value, ["contract", "function"]);
  return isJsonObject(inner) ? { ...value, ...inner } : value;
}

function draftOf(object: JsonObject): ContractAnswer | string {
  const entry = pickText(object, entryNames)?.replace(/^(async\s+)?(def|function)\s+/, "");
  const result = pickField(object, [
    "result",
    "returns",
    "return",
    "returntype",
    "resulttype",
    "resultschema",
    "output",
  ]);
  if (entry === undefined) {
    return 'entry is missing: "entry" must name the public function';
  }
  if (result === undefined) {
    return 'result is missing: "result" must be the JSON Schema of what the function returns';
  }
  const written =
    pickField(object, ["parameters", "params", "arguments", "args", "inputs", "input"]) ?? [];
  const parameters = readParameters(written);
  if (typeof parameters === "string") {
    return parameters;
  }
  const wrongSchema = resultProblem(result) ?? parameterSchemaProblem(written);
  if (wrongSchema !== undefined) {
    return wrongSchema;
  }
  const name = entry.replace(/\s*\(.*$/s, "");
  const files = pickField(object, ["files"]);
  const fileLists = isJsonObject(files) ? files : {};
  return {
    description: (
      pickText(object, ["description", "summary", "purpose"]) ?? name.replaceAll("_", " ")
    ).slice(0, 2_000),
    entry: name,
    parameters,
    result: resultSchema(result),
    ...toleranceOf(object),
    errors: readErrors(pickField(object, ["errors", "raises", "exceptions", "throws"]) ?? []),
    capabilities: readTexts(pickField(object, ["capabilities", "permissions", "needs"]), 12),
    files: {
      reads: readTexts(pickField(fileLists, ["reads", "read", "inputs"]), 32),
      makes: readTexts(pickField(fileLists, ["makes", "writes", "write", "outputs"]), 32),
    },
  };
}

/** Zero, a text or a number out of bounds says nothing that could be held to. */
function toleranceOf(object: JsonObject): Pick<ContractAnswer, "tolerance"> {
  const tolerance = readTolerance(pickField(object, ["tolerance", "floattolerance"]));
  return tolerance === undefined ? {} : { tolerance };
}

/** `{"schema": {...}}` and `{"type": "bool", "description": "…"}` are both written for a result. */
function resultSchema(result: JsonValue): JsonObject {
  const inner = isJsonObject(result) ? pickField(result, ["schema"]) : undefined;
  const isWrapped = inner !== undefined && isJsonObject(result) && result["type"] === undefined;
  return reduceSchema(isWrapped ? inner : result);
}

function resultProblem(result: JsonValue): string | undefined {
  const problem = schemaProblem(result);
  return problem && `result: ${problem}`;
}

function parameterSchemaProblem(written: JsonValue): string | undefined {
  for (const entry of Array.isArray(written) ? written : []) {
    const schema = isJsonObject(entry) ? pickField(entry, ["schema"]) : undefined;
    const problem = schema === undefined ? undefined : schemaProblem(schema);
    if (problem !== undefined) {
      return `parameters: ${problem}`;
    }
  }
  return undefined;
}

function parametersProblem(draft: ContractAnswer, language: Language): string | undefined {
  const names = draft.parameters.map((parameter) => parameter.name);
  const unwritable = parameterNameProblem(names, language);
  if (unwritable !== undefined) {
    return unwritable;
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    return `two parameters are named ${twice}`;
  }
  const optional = draft.parameters.findIndex((parameter) => "default" in parameter.schema);
  const late = draft.parameters.find(
    (parameter, index) => optional >= 0 && index > optional && !("default" in parameter.schema),
  );
  return late === undefined
    ? undefined
    : `parameter ${late.name} without a default stands behind one with a default`;
}

function filesProblem(draft: ContractAnswer): string | undefined {
  const bad = [...draft.files.reads, ...draft.files.makes].find((path) => !isWorkPath(path));
  return bad === undefined
    ? undefined
    : `file ${JSON.stringify(bad.slice(0, 80))} is no relative path inside the work folder`;
}
