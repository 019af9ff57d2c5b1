import type { CallOutcome, WorkFile } from "../sandbox/sandbox.ts";
import { lastName } from "./case-reader.ts";
import { compareValues } from "./compare-values.ts";
import type { Contract } from "./contract.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { isRootError, isSameOrBuiltinBase } from "./error-names.ts";
import { validateValue } from "./json-schema.ts";
import type { PropertyChecker } from "./property-checker.ts";
import { escapeControls, shorten, showValue } from "./show-value.ts";
import type { Case } from "./suite.ts";
import type { CaseFinding } from "./verdict.ts";

type Failure = { readonly failure: NonNullable<CaseFinding["failure"]>; readonly detail: string };

/**
 * Compares what a call gave with what its case wants, outside the process that gave it. Undefined
 * when the case passed. Only `value`, the error's type and the files count; nothing printed does.
 */
export async function judgeOutcome(
  testCase: Case,
  outcome: CallOutcome,
  contract: Contract,
  checker: PropertyChecker,
  signal?: AbortSignal,
): Promise<Failure | undefined> {
  if (outcome.kind === "died") {
    const detail = `expected ${wanted(testCase)}, got ${describeOutcome(outcome)}`;
    return { failure: outcome.reason, detail };
  }
  const failure =
    outcome.kind === "raised"
      ? judgeError(testCase, outcome, contract)
      : await judgeValue(testCase, outcome, contract, checker, signal);
  return failure ?? judgeFiles(testCase.filesAfter, outcome.files ?? []);
}

function judgeError(
  testCase: Case,
  outcome: Extract<CallOutcome, { kind: "raised" }>,
  contract: Contract,
): Failure | undefined {
  const detail = `expected ${wanted(testCase)}, got ${describeOutcome(outcome)}`;
  if (testCase.kind !== "raises") {
    return { failure: "unexpected-error", detail };
  }
  const expected = lastName(testCase.errorType);
  const isRoot = isRootError(expected, contract.language);
  const types = [outcome.errorType, ...(isRoot ? [] : outcome.errorBases)].map(lastName);
  const meant = isRoot ? undefined : nearestDeclared(types, contract);
  const isMeant = meant === undefined || isSameOrBuiltinBase(expected, meant);
  if (types.includes(expected) && isMeant) {
    return undefined;
  }
  const rule = isRoot
    ? `; ${expected} itself is wanted, since any crash derives from it`
    : types.includes(expected)
      ? `; it counts as ${meant}, the first error of the contract among its classes`
      : "";
  return { failure: "wrong-error", detail: `${detail}${rule}` };
}

/**
 * The first of these classes that the contract declares: one that derives from every declared error
 * would else satisfy every case that wants one.
 */
export function nearestDeclared(types: readonly string[], contract: Contract): string | undefined {
  const declared = new Set(contract.errors.map(({ type }) => lastName(type)));
  return types.find((type) => declared.has(type));
}

async function judgeValue(
  testCase: Case,
  outcome: Extract<CallOutcome, { kind: "returned" }>,
  contract: Contract,
  checker: PropertyChecker,
  signal: AbortSignal | undefined,
): Promise<Failure | undefined> {
  switch (testCase.kind) {
    case "returns": {
      const tolerance = testCase.tolerance ?? contract.tolerance ?? 0;
      const detail = compareValues(testCase.expected, outcome.value, { tolerance });
      return detail === undefined ? undefined : { failure: "wrong-value", detail };
    }
    case "raises":
      return {
        failure: "no-error",
        detail: `expected ${wanted(testCase)}, got ${showValue(outcome.value)}`,
      };
    case "property":
      return judgeProperty(testCase, outcome, contract, checker, signal);
  }
}

/** A property says little about the shape of a result, so the contract's own promise is held too. */
async function judgeProperty(
  testCase: Extract<Case, { kind: "property" }>,
  outcome: Extract<CallOutcome, { kind: "returned" }>,
  contract: Contract,
  checker: PropertyChecker,
  signal: AbortSignal | undefined,
): Promise<Failure | undefined> {
  const problem = validateValue(outcome.value, contract.result);
  if (problem !== undefined) {
    return { failure: "wrong-value", detail: `the contract's result is not kept: ${problem}` };
  }
  const finding = await checker.check(testCase.expression, testCase.args, outcome.value, signal);
  const detail = `expected ${wanted(testCase)}, got ${showValue(outcome.value)}`;
  switch (finding.kind) {
    case "holds":
      return undefined;
    case "false":
      return { failure: "property-false", detail };
    case "error":
      return { failure: "property-error", detail: `${detail}; evaluating it: ${finding.detail}` };
  }
}

function judgeFiles(expected: readonly WorkFile[], got: readonly WorkFile[]): Failure | undefined {
  for (const file of expected) {
    const made = got.find((other) => other.path === file.path);
    const path = showValue(file.path);
    if (made === undefined) {
      return { failure: "files-differ", detail: `expected a file ${path}, got none` };
    }
    const wantedBytes = Buffer.from(file.contentBase64, "base64");
    const madeBytes = Buffer.from(made.contentBase64, "base64");
    if (!wantedBytes.equals(madeBytes)) {
      const show = (bytes: Buffer) => `${bytes.length} bytes ${showValue(bytes.toString("utf8"))}`;
      const detail = `file ${path}: expected ${show(wantedBytes)}, got ${show(madeBytes)}`;
      return { failure: "files-differ", detail };
    }
  }
  return undefined;
}

function wanted(testCase: Case): string {
  switch (testCase.kind) {
    case "returns":
      return showValue(testCase.expected);
    case "raises":
      return testCase.errorType;
    case "property":
      return `a result that satisfies ${shorten(escapeControls(testCase.expression), 300)}`;
  }
}
