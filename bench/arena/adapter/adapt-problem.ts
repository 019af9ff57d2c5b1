import type { TaggedValue } from "../../../src/sandbox/sandbox.ts";
import { argumentsProblem } from "../../../src/verify/call-arguments.ts";
import type { Contract } from "../../../src/verify/contract.ts";
import { validateValue } from "../../../src/verify/json-schema.ts";
import { deriveContract } from "./derive-contract.ts";
import type { CallArguments } from "./python-literal.ts";
import { type PythonShape, shapeOf } from "./python-shape.ts";
import type { PythonValue } from "./python-value.ts";
import { type AssertReading, readAssert } from "./read-assert.ts";
import { readSignature, type Signature } from "./read-signature.ts";
import { tagPython } from "./tag-python.ts";

/** A recorded assert as a case of the product. */
export interface ArenaCase {
  readonly args: readonly TaggedValue[];
  readonly check:
    | { readonly kind: "returns"; readonly expected: TaggedValue }
    | { readonly kind: "property"; readonly expression: string };
  readonly isExample: boolean;
  /** Index into the asserts it was read from. */
  readonly index: number;
}

export interface AdaptedProblem {
  readonly contract: Contract;
  readonly shapes: readonly PythonShape[];
  readonly cases: readonly ArenaCase[];
  readonly conversion: Conversion;
}

/** Counts of asserts, by what became of them. */
export interface Conversion {
  readonly returns: number;
  readonly property: number;
  readonly unreadable: number;
  /** Read, and do not fit the contract: their call in number or type, or what they say it returns. */
  readonly unfit: number;
}

export interface ProblemText {
  readonly name: string;
  readonly entry: string;
  readonly prompt: string;
  /** Written by a model. */
  readonly asserts: readonly string[];
  /** Law. */
  readonly examples: readonly string[];
}

/** Contract and cases of a recorded problem. Nothing of its hidden tests is looked at. */
export function adaptProblem(text: ProblemText): AdaptedProblem | undefined {
  const signature = readSignature(text.prompt, text.entry);
  if (signature === undefined) {
    return undefined;
  }
  const examples = readAll(text.examples, text.entry, signature);
  const written = readAll(text.asserts, text.entry, signature);
  const readable = [...examples, ...written].filter((reading) => reading !== undefined);
  const shapes = signature.parameters.map((_, index) =>
    shapeOf(readable.flatMap(({ values }) => values.slice(index, index + 1))),
  );
  const contract = deriveContract({
    ...text,
    signature,
    calls: readable.map(({ values }) => values.map(tagPython)),
    examples: examples
      .filter((reading) => reading !== undefined)
      .map(({ values, expected }) => ({
        args: values.map(tagPython),
        ...(expected === undefined ? {} : { expected: tagPython(expected) }),
      })),
  });
  const cases = [...casesOf(examples, true), ...casesOf(written, false)];
  const fitting = cases.filter((one) => fits(one, contract));
  const own = fitting.filter(({ isExample }) => !isExample);
  return {
    contract,
    shapes,
    cases: fitting,
    conversion: {
      returns: own.filter(({ check }) => check.kind === "returns").length,
      property: own.filter(({ check }) => check.kind === "property").length,
      unreadable: written.filter((reading) => reading === undefined).length,
      unfit: cases.filter(({ isExample }) => !isExample).length - own.length,
    },
  };
}

interface ReadAssert {
  readonly values: readonly PythonValue[];
  readonly expected?: PythonValue;
  readonly expression?: string;
}

function readAll(
  asserts: readonly string[],
  entry: string,
  signature: Signature,
): (ReadAssert | undefined)[] {
  return asserts.map((source) => {
    const reading = readAssert(source, entry);
    const values = reading.kind === "unreadable" ? undefined : byPosition(reading.args, signature);
    return values === undefined ? undefined : { values, ...whatHolds(reading) };
  });
}

function whatHolds(reading: AssertReading): Omit<ReadAssert, "values"> {
  return reading.kind === "equals"
    ? { expected: reading.expected }
    : reading.kind === "property"
      ? { expression: reading.expression }
      : {};
}

/** Named arguments in their places; undefined when one is missing in between or unknown. */
function byPosition(args: CallArguments, signature: Signature): PythonValue[] | undefined {
  const values = [...args.positional];
  const left = new Map(args.named);
  for (const { name } of signature.parameters.slice(values.length)) {
    const value = left.get(name);
    if (value === undefined) {
      break;
    }
    values.push(value);
    left.delete(name);
  }
  return left.size === 0 ? values : undefined;
}

function casesOf(readings: readonly (ReadAssert | undefined)[], isExample: boolean): ArenaCase[] {
  return readings.flatMap((reading, index): ArenaCase[] => {
    if (reading === undefined) {
      return [];
    }
    const { expected, expression = "" } = reading;
    const check: ArenaCase["check"] =
      expected === undefined
        ? { kind: "property", expression }
        : { kind: "returns", expected: tagPython(expected) };
    return [{ args: reading.values.map(tagPython), check, isExample, index }];
  });
}

function fits({ args, check }: ArenaCase, contract: Contract): boolean {
  return (
    argumentsProblem(args, contract) === undefined &&
    (check.kind === "property" || validateValue(check.expected, contract.result) === undefined)
  );
}
