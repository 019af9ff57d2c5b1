import type { CaseSummary } from "../shared/events.ts";
import type { DraftCase } from "./draft-case.ts";
import { escapeControls, shorten, showValue } from "./show-value.ts";
import type { Case } from "./suite.ts";

const maxArgumentsLength = 240;

/** `validate_json("{}") => true`: one bounded line, whatever the case holds. */
export function describeCase(testCase: DraftCase, entry: string): string {
  return `${describeCall(testCase, entry)} ${describeExpectation(testCase)}${describeFiles(testCase)}`;
}

/** `validate_json("{}")` */
function describeCall(testCase: Pick<DraftCase, "args">, entry: string): string {
  const share = Math.max(24, Math.floor(maxArgumentsLength / Math.max(1, testCase.args.length)));
  return `${entry}(${testCase.args.map((value) => showValue(value, share)).join(", ")})`;
}

function describeExpectation(testCase: DraftCase): string {
  switch (testCase.kind) {
    case "returns":
      return `=> ${showValue(testCase.expected)}${toleranceText(testCase.tolerance)}`;
    case "raises":
      return `raises ${testCase.errorType}`;
    case "property":
      return `satisfies ${shorten(escapeControls(testCase.expression).replace(/\s+/g, " "), 300)}`;
  }
}

function toleranceText(tolerance: number | undefined): string {
  return tolerance === undefined ? "" : ` ± ${tolerance}`;
}

function describeFiles(testCase: DraftCase): string {
  const names = (files: DraftCase["files"]) =>
    shorten(escapeControls(files.map((file) => file.path).join(", ")), 120);
  const given = testCase.files.length === 0 ? "" : `, given ${names(testCase.files)}`;
  return testCase.filesAfter.length === 0
    ? given
    : `${given}, and makes ${names(testCase.filesAfter)}`;
}

/** The case as events and screens carry it; of a sealed one nothing but kind and origin. */
export function summarizeCase(testCase: Case, entry: string): CaseSummary {
  const { kind, origin } = testCase;
  return testCase.sealed ? { kind, origin } : { kind, origin, text: describeCase(testCase, entry) };
}
