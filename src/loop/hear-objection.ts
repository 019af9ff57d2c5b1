import { canonicalJson } from "../shared/digest.ts";
import type { JsonValue } from "../shared/json.ts";
import { suiteFormat } from "../verify/answer-formats.ts";
import type { Contract } from "../verify/contract.ts";
import type { DraftCase } from "../verify/draft-case.ts";
import type { Case, Suite } from "../verify/suite.ts";
import { readSuite } from "../verify/suite-reader.ts";
import type { Verdict } from "../verify/verdict.ts";
import { askForJson, type Reading } from "./ask.ts";
import type { Analysis } from "./ask-analyst.ts";
import { objectionPrompt } from "./prompts.ts";
import type { Run } from "./run.ts";
import type { LoopState } from "./state.ts";
import { judgeOnce } from "./test.ts";
import { withInputs } from "./with-inputs.ts";

export type ObjectionOutcome =
  /** Nobody objected, or the objection named no input that could be tested and is not tested yet. */
  | { readonly kind: "none" }
  /** The candidate answers the doubted input rightly; the case stays in the suite. */
  | { readonly kind: "answered"; readonly suite: Suite; readonly verdict: Verdict }
  /** The candidate answers it wrongly: the attempt is lost. */
  | { readonly kind: "upheld"; readonly suite: Suite; readonly verdict: Verdict };

/**
 * An objection counts only as an input: the tester, who never sees code, says from the contract what
 * must come back, and the candidate is tested on that. An opinion alone changes nothing.
 */
export async function hearObjection(
  run: Run,
  state: LoopState,
  analysis: Analysis,
): Promise<ObjectionOutcome> {
  const { contract, suite, candidate } = state;
  const args = analysis.kind === "read" ? analysis.objection : undefined;
  if (args === undefined || contract === null || suite === null || candidate === null) {
    return { kind: "none" };
  }
  if (suite.cases.some((one) => isSameCall(one.args, args))) {
    return { kind: "none" };
  }
  run.emit({
    type: "analysis-objected",
    attempt: state.attempt,
    detail: JSON.stringify(args).slice(0, 500),
  });
  const { goal } = run.directive;
  const prompt = (contextTokens: number) =>
    objectionPrompt({ goal, contract, args, contextTokens });
  const reading = await askForJson(
    run,
    { role: "tester", prompt, format: suiteFormat(contract) },
    (value) => readDoubtedCase(value, contract, args),
  );
  if (reading.kind === "unreadable") {
    run.emit({ type: "warning-raised", message: `objection: dropped: ${reading.problem}` });
    return { kind: "none" };
  }
  if (reading.value === null) {
    return { kind: "none" };
  }
  const drafts = [withInputs(reading.value, run.directive.inputs)];
  const { cases, dropped } = await run.journal.step("vet-cases", () =>
    run.vetCases(drafts, contract, suite.cases),
  );
  for (const { text, reason } of dropped) {
    run.emit({ type: "case-dropped", text, reason });
  }
  const [draft] = cases;
  if (draft === undefined) {
    return { kind: "none" };
  }
  const added: Case = { ...draft, id: `c${suite.cases.length + 1}`, sealed: false };
  const request = { contract, suite: { cases: [added] }, source: candidate.source };
  const verdict = await judgeOnce(run, request, state.attempt);
  const extended: Suite = { cases: [...suite.cases, added] };
  return { kind: verdict.passed ? "answered" : "upheld", suite: extended, verdict };
}

/** Null when the tester says that the contract does not settle what must come back. */
function readDoubtedCase(
  value: JsonValue,
  contract: Contract,
  args: readonly JsonValue[],
): Reading<DraftCase | null> {
  const { cases, dropped } = readSuite(value, contract, "analyst");
  // A case for another input could overrule an example, or open a sealed case.
  const one = cases.find((each) => isSameCall(each.args, args));
  if (one !== undefined) {
    return { kind: "read", value: one };
  }
  if (cases.length > 0) {
    const wanted = JSON.stringify(args).slice(0, 1_000);
    return {
      kind: "unreadable",
      problem: `the case is for another input; "args" must be ${wanted}`,
    };
  }
  const [first] = dropped;
  return first === undefined
    ? { kind: "read", value: null }
    : { kind: "unreadable", problem: `the case does not fit the contract: ${first.reason}` };
}

function isSameCall(one: readonly JsonValue[], other: readonly JsonValue[]): boolean {
  return canonicalJson([...one]) === canonicalJson([...other]);
}
