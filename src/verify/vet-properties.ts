import type { ExecutionLimits, Sandbox } from "../sandbox/sandbox.ts";
import { describeCase } from "./describe-case.ts";
import type { DraftCase } from "./draft-case.ts";
import { PropertyChecker } from "./property-checker.ts";
import type { DroppedCase } from "./suite.ts";

export interface VetOptions {
  readonly checker: Sandbox;
  readonly limits: ExecutionLimits;
  /** Names the function in the texts of dropped cases. */
  readonly entry: string;
  readonly signal?: AbortSignal;
}

/**
 * Throws out cases whose property is no expression of the skill's language: no candidate could ever
 * satisfy them. Compiles, evaluates nothing; starts no process when there is no property.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function vetProperties(
  cases: readonly DraftCase[],
  options: VetOptions,
): Promise<{ cases: DraftCase[]; dropped: DroppedCase[] }> {
  const checker = new PropertyChecker(options.checker, options.limits);
  const kept: DraftCase[] = [];
  const dropped: DroppedCase[] = [];
  try {
    for (const testCase of cases) {
      const problem =
        testCase.kind === "property"
          ? await checker.problemOf(testCase.expression, options.signal)
          : undefined;
      if (problem === undefined) {
        kept.push(testCase);
      } else {
        const reason = `the property cannot be read: ${problem}`;
        dropped.push({ text: describeCase(testCase, options.entry), reason });
      }
    }
  } finally {
    await checker.close();
  }
  return { cases: kept, dropped };
}
