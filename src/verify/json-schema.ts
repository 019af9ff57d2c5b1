import { type Schema, Validator } from "@cfworker/json-schema";
import type { TaggedValue } from "../sandbox/sandbox.ts";
import { nestsDeeperThan } from "../shared/nesting.ts";
import type { ContractSchema } from "./contract.ts";
import { reduceSchema } from "./reduce-schema.ts";
import { escapeControls, shorten } from "./show-value.ts";
import { schemaView } from "./tagged-value.ts";

const maxValueDepth = 200;
const validators = new WeakMap<ContractSchema, Validator>();

/**
 * Returns in one bounded line why the value does not fit, or undefined when it fits. The schema is
 * reduced first (`reduceSchema`), so one that a model wrote costs no more than the value's size.
 */
export function validateValue(value: TaggedValue, schema: ContractSchema): string | undefined {
  if (nestsDeeperThan(value, maxValueDepth)) {
    return `nested deeper than ${maxValueDepth} levels`;
  }
  const plain = schemaView(value);
  if (plain === undefined) {
    return "holds something that has no JSON form";
  }
  const result = validatorFor(schema).validate(plain);
  // The first error is the outermost and says least ("does not match schema").
  const unit = result.errors.at(-1);
  if (result.valid) {
    return undefined;
  }
  const place =
    unit === undefined || unit.instanceLocation === "#" ? "" : `${unit.instanceLocation}: `;
  const problem = unit?.error.replace(/\.$/, "") ?? "does not fit";
  return shorten(escapeControls(`${place}${problem}`), 200);
}

function validatorFor(schema: ContractSchema): Validator {
  const known = validators.get(schema);
  if (known !== undefined) {
    return known;
  }
  const validator = new Validator(reduceSchema(schema) as Schema, "2020-12", true);
  validators.set(schema, validator);
  return validator;
}
