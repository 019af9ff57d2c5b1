import type { CallOutcome } from "../sandbox/sandbox.ts";
import { nestsDeeperThan } from "../shared/nesting.ts";
import { maxComparedDepth } from "./compare-values.ts";

/** The outcome with a value that can be compared: one nested too deep has no plain form. */
export function boundedOutcome(outcome: CallOutcome): CallOutcome {
  const isTooDeep = outcome.kind === "returned" && nestsDeeperThan(outcome.value, maxComparedDepth);
  return isTooDeep
    ? { ...outcome, value: { $repr: `a value nested deeper than ${maxComparedDepth} levels` } }
    : outcome;
}
