import type { TaggedValue } from "../../sandbox/sandbox.ts";
import type { Contract } from "../contract.ts";
import type { Case } from "../suite.ts";

/** Of a function `f(value)`. */
export const sampleContract: Contract = {
  name: "sample",
  language: "typescript",
  description: "",
  entry: "f",
  parameters: [{ name: "value", schema: {}, description: "" }],
  result: {},
  errors: [{ type: "RangeError", when: "the value is negative" }],
  capabilities: [],
  files: { reads: [], makes: [] },
};

export function returnsCase(id: string, arg: TaggedValue, expected: TaggedValue): Case {
  return { ...base(id, arg), kind: "returns", expected };
}

export function propertyCase(id: string, arg: TaggedValue, expression: string): Case {
  return { ...base(id, arg), kind: "property", expression };
}

function base(id: string, arg: TaggedValue) {
  return {
    id,
    args: [arg],
    files: [],
    filesAfter: [],
    origin: "model",
    sealed: false,
    why: "",
  } as const;
}
