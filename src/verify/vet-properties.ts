import type { ExecutionLimits, Sandbox } from "../sandbox/sandbox.ts";
import type { Contract } from "./contract.ts";
import { describeCase } from "./describe-case.ts";
import type { DraftCase } from "./draft-case.ts";
import { PropertyChecker } from "./property-checker.ts";
import type { DroppedCase } from "./suite.ts";
import { callKey } from "./suite-reader.ts";
import { wrongResults } from "./wrong-results.ts";

export interface VetOptions {
  readonly checker: Sandbox;
  readonly limits: ExecutionLimits;
  readonly contract: Contract;
  /** Somebody's own, against which a property may say nothing. */
  readonly examples?: readonly DraftCase[];
  readonly signal?: AbortSignal;
}

type PropertyCase = Extract<DraftCase, { kind: "property" }>;

/** With fewer there is nothing to tell apart: a result that can only be one value. */
const fewestWrongResults = 2;

/**
 * Throws out cases whose property judges nobody: one that is no expression of the skill's language
 * fails every candidate, and one that holds for every wrong result that the contract's result
 * allows (`len(result) >= 0`, `true || result`) passes every candidate; and one that is false of what
 * an exact case wants of the same call contradicts it. Starts no process when there is no property.
 *
 * Not recognised: a property that is true of most results and false of one that is tried.
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
  const exact = exactByCall([...(options.examples ?? []), ...cases]);
  try {
    for (const testCase of cases) {
      const reason =
        testCase.kind === "property"
          ? ((await reasonAgainst(testCase, checker, options)) ??
            (await contradiction(testCase, exact.get(callKey(testCase)), checker, options)))
          : undefined;
      if (reason === undefined) {
        kept.push(testCase);
      } else {
        dropped.push({ text: describeCase(testCase, options.contract.entry), reason });
      }
    }
  } finally {
    await checker.close();
  }
  return { cases: kept, dropped };
}

async function reasonAgainst(
  testCase: PropertyCase,
  checker: PropertyChecker,
  { contract, signal }: VetOptions,
): Promise<string | undefined> {
  const { expression, args } = testCase;
  const problem = await checker.problemOf(expression, signal);
  if (problem !== undefined) {
    return `the property cannot be read: ${problem}`;
  }
  const { fitting, others } = wrongResults(args, contract.result);
  // A result that can be one value only is told apart from values of other types at least.
  const tried = fitting.length >= fewestWrongResults ? fitting : [...fitting, ...others];
  return (await checker.holdsForAll(expression, args, tried, signal))
    ? `the property holds for all of ${tried.length} wrong results, so it can fail nobody`
    : undefined;
}

/** The first exact case of each call: an example where there is one. */
function exactByCall(cases: readonly DraftCase[]): ReadonlyMap<string, DraftCase> {
  const exact = new Map<string, DraftCase>();
  for (const one of cases) {
    if (one.kind !== "property" && !exact.has(callKey(one))) {
      exact.set(callKey(one), one);
    }
  }
  return exact;
}

async function contradiction(
  { expression, args }: PropertyCase,
  exact: DraftCase | undefined,
  checker: PropertyChecker,
  { contract, signal }: VetOptions,
): Promise<string | undefined> {
  if (exact === undefined) {
    return undefined;
  }
  const isHeld =
    exact.kind === "returns" &&
    (await checker.holdsForAll(expression, args, [exact.expected], signal));
  return isHeld ? undefined : `contradicts the case ${describeCase(exact, contract.entry)}`;
}
