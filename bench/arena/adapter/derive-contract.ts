import type { TaggedValue } from "../../../src/sandbox/sandbox.ts";
import type { JsonObject } from "../../../src/shared/json.ts";
import type { Contract } from "../../../src/verify/contract.ts";
import { validateValue } from "../../../src/verify/json-schema.ts";
import { reduceSchema } from "../../../src/verify/reduce-schema.ts";
import { valueForm } from "../../../src/verify/tagged-value.ts";
import { schemaFromTypeName } from "../../../src/verify/type-name.ts";
import { readPythonLiteral } from "./python-literal.ts";
import type { Signature } from "./read-signature.ts";
import { tagPython } from "./tag-python.ts";

/** A type that fewer of the recorded calls show is taken for a slip of whoever wrote them. */
const fewestShare = 0.1;

export interface ContractSource {
  readonly name: string;
  readonly entry: string;
  readonly prompt: string;
  readonly signature: Signature;
  /** Arguments of the recorded asserts, by position. */
  readonly calls: readonly (readonly TaggedValue[])[];
  /** Somebody's own examples: no type written down may exclude them. */
  readonly examples: readonly {
    readonly args: readonly TaggedValue[];
    readonly expected?: TaggedValue;
  }[];
}

/** The contract that a prompt's signature states, or where it states no types, its calls show. */
export function deriveContract(source: ContractSource): Contract {
  const { entry, name, prompt, signature, calls, examples } = source;
  const parameters = signature.parameters.map((parameter, index) => {
    const values = calls.flatMap((args) => args.slice(index, index + 1));
    const law = examples.flatMap(({ args }) => args.slice(index, index + 1));
    const shown = [...law, ...values];
    const inferred = shown.length === 0 ? anything : inferSchema(shown);
    const schema = schemaOf(parameter.annotation, law) ?? inferred;
    const preset = parameter.preset === undefined ? undefined : readPythonLiteral(parameter.preset);
    const withPreset =
      parameter.preset === undefined
        ? schema
        : { ...schema, default: preset === undefined ? null : tagPython(preset) };
    return { name: parameter.name, schema: reduceSchema(withPreset), description: "" };
  });
  const results = examples.flatMap(({ expected }) => (expected === undefined ? [] : [expected]));
  return {
    name,
    language: "python",
    description: prompt.slice(0, 2_000),
    entry,
    parameters,
    result: reduceSchema(schemaOf(signature.result, results) ?? {}),
    errors: [],
    capabilities: [],
    files: { reads: [], makes: [] },
  };
}

function schemaOf(annotation: string, law: readonly TaggedValue[]): JsonObject | undefined {
  const schema = annotation === "" ? undefined : schemaFromTypeName(annotation);
  const reduced = schema && reduceSchema(schema);
  const isKnown = reduced !== undefined && Object.keys(reduced).length > 0;
  return isKnown && law.every((value) => validateValue(value, reduced) === undefined)
    ? reduced
    : undefined;
}

/** What a parameter may be of which neither a type nor a call is known: one of each is tried. */
const anything: JsonObject = {
  anyOf: [
    { type: "array", items: { type: "integer" } },
    { type: "string" },
    { type: "integer" },
    { type: "array", items: { type: "string" } },
    { type: "number" },
  ],
};

/** A schema that nearly all of the values fit; `{}` where there are none. */
function inferSchema(values: readonly TaggedValue[], depth = 0): JsonObject {
  const byType = Map.groupBy(values, typeOf);
  if (depth > 6 || byType.has("opaque")) {
    return {};
  }
  if (byType.has("number") && byType.has("integer")) {
    byType.set("number", [...(byType.get("number") ?? []), ...(byType.get("integer") ?? [])]);
    byType.delete("integer");
  }
  const common = [...byType].filter(([, group]) => group.length >= fewestShare * values.length);
  const schemas = common.map(([type, group]) => schemaOfType(type, group, depth));
  const [only, ...others] = schemas;
  return only === undefined ? {} : others.length === 0 ? only : { anyOf: schemas };
}

function schemaOfType(type: string, values: readonly TaggedValue[], depth: number): JsonObject {
  if (type === "array") {
    const items = values.flatMap((value) => {
      const form = valueForm(value);
      return form.kind === "array" || form.kind === "set" ? form.items : [];
    });
    return items.length === 0 ? { type } : { type, items: inferSchema(items, depth + 1) };
  }
  if (type === "object") {
    const inner = values.flatMap((value) => {
      const form = valueForm(value);
      return form.kind === "object" ? Object.values(form.value) : [];
    });
    return inner.length === 0
      ? { type }
      : { type, additionalProperties: inferSchema(inner, depth + 1) };
  }
  return { type };
}

function typeOf(value: TaggedValue): string {
  const form = valueForm(value);
  if (form.kind === "number") {
    return typeof value === "number" && Number.isInteger(value) ? "integer" : "number";
  }
  return { set: "array", bytes: "string" }[form.kind as string] ?? form.kind;
}
