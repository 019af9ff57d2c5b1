import type { JsonObject, Language } from "../shared/json.ts";
import type { FunctionSignature } from "../syntax/source-facts.ts";
import type { Contract } from "./contract.ts";
import { type ContractReading, readContract } from "./contract-reader.ts";
import type { DraftCase } from "./draft-case.ts";
import { inferSchema } from "./infer-schema.ts";
import { schemaFromTypeName } from "./type-name.ts";

export interface DerivedFrom {
  readonly name: string;
  readonly language: Language;
  readonly entry: string;
  readonly description: string;
  readonly signature: FunctionSignature;
  /** Error types that the cases want. */
  readonly errors: readonly string[];
}

/**
 * The contract that a function's own signature states; what it says no type of allows anything until
 * `withInferredTypes` has seen the cases.
 */
export function deriveContract(from: DerivedFrom): ContractReading {
  const { signature, errors, name, language, entry, description } = from;
  const typed = (type: string | undefined): JsonObject =>
    (type === undefined ? undefined : schemaFromTypeName(type)) ?? {};
  return readContract(
    {
      description,
      entry,
      parameters: signature.parameters.map((parameter) => ({
        name: parameter.name,
        schema: {
          ...typed(parameter.type),
          ...(parameter.preset === undefined ? {} : { default: parameter.preset }),
        },
        description: "",
      })),
      result: typed(signature.result),
      errors: errors.map((type) => ({ type, when: "as its cases say" })),
    },
    { name, language },
  );
}

/** The contract with types and files from the cases where it says nothing of them. */
export function withInferredTypes(contract: Contract, cases: readonly DraftCase[]): Contract {
  const answered = cases.filter(({ kind }) => kind !== "raises");
  const tried = answered.length > 0 ? answered : cases;
  const results = cases.flatMap((one) => (one.kind === "returns" ? [one.expected] : []));
  const isOpen = (schema: JsonObject) => Object.keys(schema).every((key) => key === "default");
  const paths = (files: DraftCase["files"]) => files.map(({ path }) => path);
  return {
    ...contract,
    parameters: contract.parameters.map((parameter, index) => {
      const given = tried.flatMap(({ args }) => args.slice(index, index + 1));
      // A default that must be computed stands as null, which says nothing of the type.
      const preset = parameter.schema["default"] ?? null;
      const values = preset === null ? given : [...given, preset];
      return isOpen(parameter.schema)
        ? { ...parameter, schema: { ...inferSchema(values), ...parameter.schema } }
        : parameter;
    }),
    result:
      isOpen(contract.result) && results.length === answered.length
        ? inferSchema(results)
        : contract.result,
    files: {
      reads: [...new Set([...contract.files.reads, ...cases.flatMap((one) => paths(one.files))])],
      makes: [
        ...new Set([...contract.files.makes, ...cases.flatMap((one) => paths(one.filesAfter))]),
      ],
    },
  };
}
