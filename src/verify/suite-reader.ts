import type { TaggedValue } from "../sandbox/sandbox.ts";
import { canonicalJson } from "../shared/digest.ts";
import { isJsonObject, type JsonValue } from "../shared/json.ts";
import { nestsDeeperThan } from "../shared/nesting.ts";
import { readCase } from "./case-reader.ts";
import type { Contract } from "./contract.ts";
import { describeCase } from "./describe-case.ts";
import type { DraftCase } from "./draft-case.ts";
import { pickField } from "./lenient-fields.ts";
import { shorten, showValue } from "./show-value.ts";
import type { DroppedCase } from "./suite.ts";
import { valueForm } from "./tagged-value.ts";

const maxCases = 60;
const maxCaseLength = 64 * 1024;
const maxCaseDepth = 60;
/** Said one by one; a model that writes thousands of cases gets one line for the rest. */
const maxDroppedListed = 60;

/**
 * The cases of a tester's answer that agree with the contract and with one another, and why the
 * others were thrown out. Two cases with the same call and different expectations both go: nobody
 * knows which is right. An answer without any case gives none of either.
 */
export function readSuite(
  answer: JsonValue,
  contract: Contract,
  origin: "model" | "analyst" = "model",
): { cases: DraftCase[]; dropped: DroppedCase[] } {
  const dropped: DroppedCase[] = [];
  const cases: DraftCase[] = [];
  const written = writtenCases(answer);
  for (const value of written.slice(0, maxCases * 2)) {
    const reading = readBounded(value, contract, origin);
    if (reading.kind === "read") {
      cases.push(reading.case);
    } else {
      dropped.push({ text: showWritten(value), reason: reading.problem });
    }
  }
  const agreed = withoutContradictions(cases, contract.entry, dropped);
  for (const testCase of agreed.slice(maxCases)) {
    dropped.push({ text: describeCase(testCase, contract.entry), reason: tooMany });
  }
  if (written.length > maxCases * 2) {
    dropped.push({ text: `${written.length - maxCases * 2} more cases`, reason: tooMany });
  }
  return { cases: agreed.slice(0, maxCases), dropped: dropped.slice(0, maxDroppedListed) };
}

const tooMany = `more than ${maxCases} cases`;

function writtenCases(answer: JsonValue): readonly JsonValue[] {
  if (Array.isArray(answer)) {
    return answer;
  }
  if (!isJsonObject(answer)) {
    return [];
  }
  const listed = pickField(answer, ["cases", "testcases", "tests", "suite", "examples"]);
  if (Array.isArray(listed)) {
    return listed;
  }
  if (isJsonObject(listed)) {
    return writtenCases(listed["cases"] ?? Object.values(listed));
  }
  const isCase = pickField(answer, ["args", "arguments", "input", "inputs"]) !== undefined;
  return isCase ? [answer] : Object.values(answer).filter((value) => isJsonObject(value));
}

function readBounded(
  value: JsonValue,
  contract: Contract,
  origin: "model" | "analyst",
): ReturnType<typeof readCase> {
  if (nestsDeeperThan(value, maxCaseDepth)) {
    return { kind: "unreadable", problem: `nested deeper than ${maxCaseDepth} levels` };
  }
  if (JSON.stringify(value).length > maxCaseLength) {
    return { kind: "unreadable", problem: `larger than ${maxCaseLength / 1024} KiB` };
  }
  return readCase(value, contract, origin);
}

function showWritten(value: JsonValue): string {
  return shorten(showValue(value, 200), 200);
}

function withoutContradictions(
  cases: readonly DraftCase[],
  entry: string,
  dropped: DroppedCase[],
): DraftCase[] {
  const byCall = Map.groupBy(cases, callKey);
  const kept: DraftCase[] = [];
  for (const testCase of cases) {
    const group = byCall.get(callKey(testCase)) ?? [];
    const exact = group.filter((other) => other.kind !== "property");
    const isContradicted = new Set(exact.map(expectationKey)).size > 1;
    const text = describeCase(testCase, entry);
    if (isContradicted && testCase.kind !== "property") {
      dropped.push({ text, reason: "contradicts another case with the same call" });
    } else if (kept.some((other) => isSameCase(other, testCase))) {
      dropped.push({ text, reason: "said twice" });
    } else {
      kept.push(testCase);
    }
  }
  return kept;
}

/** Equal for two cases that make the same call in the same work folder. */
export function callKey(testCase: DraftCase): string {
  const files = testCase.files.map((file) => [file.path, file.contentBase64]);
  return canonicalJson([[...testCase.args], files.sort()]);
}

/** Equal for two cases that want the same of their call. */
export function expectationKey(testCase: DraftCase): string {
  const files = testCase.filesAfter.map((file) => [file.path, file.contentBase64]).sort();
  switch (testCase.kind) {
    case "returns":
      return canonicalJson([
        ...["returns", judgedAlike(testCase.expected), files],
        ...toleranceKey(testCase),
      ]);
    case "raises":
      return canonicalJson(["raises", testCase.errorType, files]);
    case "property":
      return canonicalJson(["property", testCase.expression, files]);
  }
}

/** Equal for whole numbers that the judge finds equal, however they are written: 0, -0 and 0.0. */
function judgedAlike(value: TaggedValue): TaggedValue {
  const form = valueForm(value);
  switch (form.kind) {
    case "number":
      return Number.isSafeInteger(form.value) ? form.value + 0 : value;
    case "array":
      return form.items.map(judgedAlike);
    case "set":
      return { $set: form.items.map(judgedAlike) };
    case "object": {
      const entries = Object.entries(form.value).map(([key, item]) => [key, judgedAlike(item)]);
      // Written as it was: which cases are sealed is drawn from these keys.
      return form.value === value
        ? Object.fromEntries(entries)
        : { $object: Object.fromEntries(entries) };
    }
    case "null":
    case "boolean":
    case "string":
    case "integer":
    case "bytes":
    case "opaque":
      return value;
  }
}

function toleranceKey({ tolerance }: { readonly tolerance?: number }): readonly number[] {
  return tolerance === undefined ? [] : [tolerance];
}

function isSameCase(a: DraftCase, b: DraftCase): boolean {
  return callKey(a) === callKey(b) && expectationKey(a) === expectationKey(b);
}
