import { failureKind, failureSummary, feedbackForCoder } from "../verify/feedback.ts";
import type { Verdict } from "../verify/verdict.ts";
import type { Analysis } from "./ask-analyst.ts";
import type { LoopState } from "./state.ts";

/** Why an attempt is lost. */
export interface Failure {
  readonly kind: string;
  /** One line for memory and people; nothing of sealed cases. */
  readonly detail: string;
  /** For the coder's next attempt. */
  readonly feedback: string;
}

/** The facts of a verdict that did not pass, and what the analyst thinks of them. */
export function failureOf(
  { suite, contract }: Pick<LoopState, "suite" | "contract">,
  verdict: Verdict,
  analysis: Analysis = { kind: "off" },
): Failure {
  if (suite === null || contract === null) {
    return { kind: "failed", detail: "", feedback: "" };
  }
  const facts = feedbackForCoder(verdict, suite, contract);
  const explanation =
    analysis.kind === "read" ? `\n\nWhat the analyst thinks of it:\n${analysis.explanation}` : "";
  return {
    kind: failureKind(verdict) ?? "failed",
    detail: failureSummary(verdict),
    feedback: `${facts}${explanation}`,
  };
}
