import { isJsonObject, type JsonValue } from "../shared/json.ts";
import { isOptional } from "./call-arguments.ts";
import type { Contract, ContractSchema } from "./contract.ts";
import { shorten, showValue } from "./show-value.ts";

const maxSignatureLength = 300;
const maxTypeLength = 120;

/** `validate_json(text: string) → boolean`: one line for people. */
export function contractSignature(contract: Contract): string {
  const parameters = contract.parameters.map(
    (parameter) =>
      `${parameter.name}${isOptional(parameter) ? "?" : ""}: ${typeText(parameter.schema)}`,
  );
  const text = `${contract.entry}(${parameters.join(", ")}) → ${typeText(contract.result)}`;
  return shorten(text, maxSignatureLength);
}

/** A schema as a programmer would write the type: `string[]`, `{valid: boolean}`, `any`. */
function typeText(schema: ContractSchema): string {
  const text = fullTypeText(schema, 0);
  return text.length <= maxTypeLength ? text : shorten(text, maxTypeLength);
}

function fullTypeText(schema: JsonValue | undefined, depth: number): string {
  if (!isJsonObject(schema) || depth > 4) {
    return "any";
  }
  const { const: constant, enum: values, anyOf: alternatives, type, items, properties } = schema;
  if (constant !== undefined) {
    return showValue(constant, 40);
  }
  if (Array.isArray(values)) {
    return values.map((value) => showValue(value, 40)).join(" | ");
  }
  if (Array.isArray(alternatives)) {
    return alternatives.map((item) => fullTypeText(item, depth + 1)).join(" | ");
  }
  if (Array.isArray(type)) {
    return type.map((name) => fullTypeText({ ...schema, type: name }, depth)).join(" | ");
  }
  if (type === "array" || items !== undefined) {
    return arrayText(items, depth);
  }
  if (isJsonObject(properties) && Object.keys(properties).length > 0) {
    const parts = Object.entries(properties).map(
      ([key, value]) => `${key}: ${fullTypeText(value, depth + 1)}`,
    );
    return `{${parts.join(", ")}}`;
  }
  return typeof type === "string" ? type : "any";
}

function arrayText(items: JsonValue | undefined, depth: number): string {
  if (!isJsonObject(items)) {
    return "array";
  }
  const text = fullTypeText(items, depth + 1);
  return text.includes(" | ") ? `(${text})[]` : `${text}[]`;
}
