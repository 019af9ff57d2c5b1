import type { JsonValue } from "../shared/json.ts";
import { describeCase } from "../verify/describe-case.ts";
import { feedbackForCoder } from "../verify/feedback.ts";
import type { Verdict } from "../verify/verdict.ts";
import { analysisAnswerSchema, analysisFormat } from "./analysis-answer.ts";
import { askForJson } from "./ask.ts";
import { analysisPrompt } from "./prompts.ts";
import type { Run } from "./run.ts";
import type { LoopState } from "./state.ts";

export type Analysis =
  | { readonly kind: "off" }
  | { readonly kind: "unreadable" }
  | {
      readonly kind: "read";
      readonly explanation: string;
      /** The input the analyst doubts; absent when it agrees. */
      readonly objection?: readonly JsonValue[];
    };

/**
 * Shows the analyst goal, code and the outputs of open cases. Its words count for little: an
 * unreadable answer changes nothing but the certificate's note.
 */
export async function askAnalyst(run: Run, state: LoopState, verdict: Verdict): Promise<Analysis> {
  const { contract, suite, candidate } = state;
  if (!run.settings.analysis || contract === null || suite === null || candidate === null) {
    return { kind: "off" };
  }
  const prompt = (contextTokens: number) =>
    analysisPrompt({
      goal: run.directive.goal,
      contract,
      code: candidate.source,
      passed: verdict.passed,
      results: openResults(state, verdict),
      feedback: verdict.passed ? "" : feedbackForCoder(verdict, suite, contract),
      contextTokens,
    });
  const reading = await askForJson(
    run,
    { role: "analyst", prompt, format: analysisFormat },
    (value) => {
      const parsed = analysisAnswerSchema.safeParse(value);
      return parsed.success
        ? { kind: "read", value: parsed.data }
        : {
            kind: "unreadable",
            problem: parsed.error.issues[0]?.message ?? "not the form asked for",
          };
    },
  );
  if (reading.kind === "unreadable") {
    run.emit({ type: "warning-raised", message: `analysis: unreadable: ${reading.problem}` });
    return { kind: "unreadable" };
  }
  const { explanation, verdict: opinion, input } = reading.value;
  run.emit({ type: "analysis-written", attempt: state.attempt, text: explanation });
  return opinion === "object" && input !== undefined
    ? { kind: "read", explanation, objection: input }
    : { kind: "read", explanation };
}

function openResults(state: LoopState, verdict: Verdict): string[] {
  const { suite, contract } = state;
  if (suite === null || contract === null) {
    return [];
  }
  return verdict.findings.flatMap((finding) => {
    const one = suite.cases.find((each) => each.id === finding.caseId);
    if (one === undefined || one.sealed) {
      return [];
    }
    return [`${finding.passed ? "passed" : "FAILED"}: ${describeCase(one, contract.entry)}`];
  });
}
