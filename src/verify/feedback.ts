import type { CallOutcome } from "../sandbox/sandbox.ts";
import type { Contract } from "./contract.ts";
import { describeCase } from "./describe-case.ts";
import { escapeControls, shorten } from "./show-value.ts";
import type { Case, Suite } from "./suite.ts";
import type { CaseFinding, Verdict } from "./verdict.ts";

const maxShownFailures = 6;
const maxTraceLength = 1_000;
const maxPrintedLength = 500;

/**
 * The facts of a verdict for whoever mends the code: open failures with call, expected, got, trace
 * and prints, all bounded; of sealed failures only kind and count. No durations but what a limit
 * ended, rounded, so that a verdict given again reads the same. Empty for a verdict that passed.
 */
export function feedbackForCoder(verdict: Verdict, suite: Suite, contract: Contract): string {
  if (verdict.passed) {
    return "";
  }
  const where = whereText(verdict);
  if (verdict.loadFailure !== undefined) {
    return `${where}The module could not be loaded, so no case was tried.\n${safe(verdict.loadFailure, 2_000)}`;
  }
  const byId = new Map(suite.cases.map((testCase) => [testCase.id, testCase]));
  const open = verdict.findings.filter((finding) => !finding.sealed);
  const failed = open.filter((finding) => !finding.passed);
  const parts = [`${where}${open.length - failed.length} of ${open.length} visible cases passed.`];
  for (const finding of failed.slice(0, maxShownFailures)) {
    const testCase = byId.get(finding.caseId);
    if (testCase !== undefined && !testCase.sealed) {
      parts.push(failureText(finding, testCase, contract));
    }
  }
  if (failed.length > maxShownFailures) {
    parts.push(`${failed.length - maxShownFailures} more visible cases failed.`);
  }
  const sealed = sealedText(verdict, byId);
  return [...parts, ...(sealed === undefined ? [] : [sealed])].join("\n\n");
}

/** Names the runtimes when the candidate is right on one and wrong on another; else empty. */
function whereText({ earlier = [], runtime }: Verdict): string {
  const passed = earlier.map((one) => one.runtime).join(" and ");
  return passed === ""
    ? ""
    : `On ${passed} every case passed; the code must work on ${runtime} too, and there it fails.\n`;
}

function failureText(finding: CaseFinding, testCase: Case, contract: Contract): string {
  const lines = [
    `FAILED ${describeCase(testCase, contract.entry)}`,
    `  ${finding.failure ?? "failed"}: ${safe(finding.detail, 700)}`,
  ];
  if (testCase.why !== "") {
    lines.push(`  why this must hold: ${safe(testCase.why, 200).replace(/\s+/g, " ")}`);
  }
  const trace = finding.outcome.kind === "raised" ? finding.outcome.trace.trim() : "";
  return [
    ...lines,
    ...block("raised at", trace, maxTraceLength),
    ...block("printed", printedBy(finding.outcome), maxPrintedLength),
  ].join("\n");
}

function printedBy(outcome: CallOutcome): string {
  return outcome.printed.trimEnd();
}

function block(title: string, text: string, maxLength: number): string[] {
  return text === "" ? [] : [`  ${title}:`, indent(safe(text, maxLength))];
}

function indent(text: string): string {
  return text.replace(/^/gm, "    ");
}

function safe(text: string, maxLength: number): string {
  return shorten(escapeControls(text.slice(0, maxLength * 2)), maxLength);
}

function sealedText(verdict: Verdict, byId: ReadonlyMap<string, Case>): string | undefined {
  const failed = verdict.findings.filter((finding) => finding.sealed && !finding.passed);
  if (failed.length === 0) {
    return undefined;
  }
  const kinds = Map.groupBy(failed, (finding) => byId.get(finding.caseId)?.kind ?? "returns");
  const counts = [...kinds].map(([kind, findings]) => `${findings.length} of kind ${kind}`).sort();
  return `${failed.length} hidden ${failed.length === 1 ? "case" : "cases"} failed (${counts.join(", ")}). Keep every promise of the contract, not only the visible cases.`;
}

/** What kind of failure memory files this verdict under; undefined for one that passed. */
export function failureKind(verdict: Verdict): string | undefined {
  if (verdict.passed) {
    return undefined;
  }
  if (verdict.loadFailure !== undefined) {
    return "load-failure";
  }
  const open = verdict.findings.find((finding) => !finding.sealed && !finding.passed);
  return open?.failure ?? (verdict.findings.length === 0 ? "no-cases" : "hidden-case");
}

/** One line for memory; nothing of a sealed case but that some failed. */
export function failureSummary(verdict: Verdict): string {
  if (verdict.passed) {
    return "";
  }
  const where = verdict.earlier === undefined ? "" : `on ${verdict.runtime} alone: `;
  if (verdict.loadFailure !== undefined) {
    return oneLine(`${where}${verdict.loadFailure}`);
  }
  const open = verdict.findings.filter((finding) => !finding.sealed);
  const failed = open.filter((finding) => !finding.passed);
  const [first] = failed;
  if (first !== undefined) {
    const count = `${failed.length} of ${open.length} visible cases failed`;
    return oneLine(`${where}${count}; ${first.failure ?? "failed"}: ${first.detail}`);
  }
  const hidden = verdict.findings.filter((finding) => finding.sealed && !finding.passed).length;
  return hidden === 0
    ? "no case was tried"
    : `${where}all visible cases passed, ${hidden} hidden ${hidden === 1 ? "case" : "cases"} failed`;
}

function oneLine(text: string): string {
  return safe(text.slice(0, 2_000).replace(/\s+/g, " ").trim(), 400);
}
