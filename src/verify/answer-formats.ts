import type { JsonObject } from "../shared/json.ts";
import type { Contract } from "./contract.ts";

const text: JsonObject = { type: "string" };
const texts: JsonObject = { type: "array", items: text };

/**
 * The JSON Schema that a server holds a contract answer to. Deliberately flat: servers turn it into
 * a grammar, and nested or bounded schemas make that slow or refuse. What it leaves open is read
 * leniently by `readContract`.
 */
export const contractFormat: JsonObject = objectOf(
  {
    description: text,
    entry: text,
    parameters: {
      type: "array",
      items: objectOf({ name: text, schema: { type: "object" }, description: text }),
    },
    result: { type: "object" },
    tolerance: { type: "number" },
    errors: { type: "array", items: objectOf({ type: text, when: text }) },
    capabilities: texts,
    files: objectOf({ reads: texts, makes: texts }),
  },
  ["tolerance"],
);

/**
 * The JSON Schema that a server holds a suite answer to: `why` first, so that a model thinks before
 * it writes what must come back; a fixed number of arguments; `raises` only where the contract
 * declares errors.
 */
export function suiteFormat(contract: Contract): JsonObject {
  const count = contract.parameters.length;
  const args: JsonObject =
    count === 0
      ? { type: "array", maxItems: 0, items: {} }
      : { type: "array", items: {}, minItems: 1, maxItems: count };
  const common = {
    why: text,
    args,
    ...(contract.files.reads.length > 0 ? { files: { type: "object" } } : {}),
    ...(contract.files.makes.length > 0 ? { filesAfter: { type: "object" } } : {}),
  };
  const errors = contract.errors.map((error) => error.type);
  const shapes = [
    objectOf({ ...common, returns: resultFormat(contract), ...toleranceFormat(contract) }, [
      "tolerance",
    ]),
    ...(errors.length > 0
      ? [objectOf({ ...common, raises: { type: "string", enum: errors } })]
      : []),
    objectOf({ ...common, property: text }),
  ];
  return objectOf({ cases: { type: "array", items: { anyOf: shapes } } });
}

/** A plain type narrows the grammar; anything richer is left to the reader. */
function resultFormat(contract: Contract): JsonObject {
  const { type } = contract.result;
  const isPlain = typeof type === "string" && type !== "object" && type !== "array";
  return isPlain ? { type } : {};
}

/** Where no number can come back there is nothing to round. */
function toleranceFormat({ result }: Contract): JsonObject {
  return /"number"|^\{\}$/.test(JSON.stringify(result)) ? { tolerance: { type: "number" } } : {};
}

function objectOf(properties: JsonObject, optional: readonly string[] = []): JsonObject {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: "object", properties, required };
}
