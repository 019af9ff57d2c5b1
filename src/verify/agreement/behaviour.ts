import type { CallOutcome, TaggedValue } from "../../sandbox/sandbox.ts";
import { canonicalJson } from "../../shared/digest.ts";
import { valueForm } from "../tagged-value.ts";

/** Where a program came from, told as far as it bears on how independent it is. */
export interface ProgramOrigin {
  readonly model: string;
  /** The prompt or method it was asked with; empty when it was the usual one. */
  readonly prompt: string;
  readonly language: string;
}

/** What one program did on every input, and which cases it passes. */
export interface Behaviour {
  readonly origin: ProgramOrigin;
  /** Equal for verbatim copies. */
  readonly textDigest: string;
  /** Equal for texts that differ in formatting and names of locals only. */
  readonly treeDigest: string;
  /** How often a model wrote it. */
  readonly samples: number;
  /** One key an input (`outcomeKey`), all programs over the same inputs. */
  readonly outcomes: readonly string[];
  /** One an entry of the cases, in their order. */
  readonly passes: readonly boolean[];
}

/** A case as far as agreement looks at it. */
export interface WeighedCase {
  readonly id: string;
  /** Somebody's own: law, never filtered and never on trial. */
  readonly isExample: boolean;
  readonly isSealed: boolean;
  /** How often it was written; 1 for most. */
  readonly weight: number;
}

const significantDigits = 10;
const errorPrefix = "raised:";
const deathKey = "died";

/** Equal for outcomes that count as the same answer: floats to ten digits, errors by type. */
export function outcomeKey(outcome: OutcomeFacts): string {
  switch (outcome.kind) {
    case "returned":
      return canonicalJson(withRoundedFloats(outcome.value));
    case "raised":
      return `${errorPrefix}${outcome.errorType}`;
    case "died":
      return deathKey;
  }
}

/** What of a call's outcome the key is made of. */
export type OutcomeFacts =
  | Pick<Extract<CallOutcome, { kind: "returned" }>, "kind" | "value">
  | Pick<Extract<CallOutcome, { kind: "raised" }>, "kind" | "errorType">
  | Pick<Extract<CallOutcome, { kind: "died" }>, "kind">;

/** No JSON text begins so, hence no returned value is taken for an error. */
export function isErrorKey(key: string): boolean {
  return key === deathKey || key.startsWith(errorPrefix);
}

/** Of a key that says which error was raised. */
export function errorTypeOf(key: string): string | undefined {
  return key.startsWith(errorPrefix) ? key.slice(errorPrefix.length) : undefined;
}

function withRoundedFloats(value: TaggedValue): TaggedValue {
  const form = valueForm(value);
  switch (form.kind) {
    case "number":
      return Number.isFinite(form.value)
        ? Number(form.value.toPrecision(significantDigits))
        : value;
    case "array":
      return form.items.map(withRoundedFloats);
    case "set":
      return { $set: form.items.map(withRoundedFloats) };
    case "object":
      return {
        $object: Object.fromEntries(
          Object.entries(form.value).map(([key, item]) => [key, withRoundedFloats(item)]),
        ),
      };
    case "null":
    case "boolean":
    case "string":
    case "integer":
    case "bytes":
    case "opaque":
      return value;
  }
}
