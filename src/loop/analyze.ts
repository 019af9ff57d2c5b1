import { failureKind, failureSummary, feedbackForCoder } from "../verify/feedback.ts";
import { joinVerdicts, type Verdict } from "../verify/verdict.ts";
import { admit } from "./admit.ts";
import { type Analysis, askAnalyst } from "./ask-analyst.ts";
import { betterCandidate } from "./better-candidate.ts";
import { hearObjection } from "./hear-objection.ts";
import { enterPhase } from "./phase.ts";
import type { Run } from "./run.ts";
import type { BestCandidate, LoopState, StateChange } from "./state.ts";

interface Failure {
  readonly kind: string;
  /** One line for memory and people; nothing of sealed cases. */
  readonly detail: string;
  /** For the coder's next attempt. */
  readonly feedback: string;
}

/** ANALYZE: facts first; the model may explain a failure or object to a success, never grant one. */
export async function analyze(run: Run, state: LoopState): Promise<StateChange> {
  const leave = enterPhase(run, "analyze", state.attempt, "Results");
  const change = await conclude(run, state);
  leave();
  return change;
}

async function conclude(run: Run, state: LoopState): Promise<StateChange> {
  const { verdict, problem } = state;
  if (problem !== null || verdict === null) {
    const detail = problem?.detail ?? "no candidate could be tested";
    // The coder is told apart that it repeated itself; the facts to mend are still the earlier ones.
    const feedback = problem?.kind === "repeated" ? state.feedback : detail;
    return failAttempt(run, state, { kind: problem?.kind ?? "unreadable-code", detail, feedback });
  }
  const analysis = await askAnalyst(run, state, verdict);
  if (!verdict.passed) {
    return failAttempt(run, state, failureOf(state, verdict, analysis));
  }
  const objection = await hearObjection(run, state, analysis);
  if (objection.kind === "upheld") {
    const failure = failureOf({ ...state, suite: objection.suite }, objection.verdict, {
      kind: "off",
    });
    return { suite: objection.suite, ...(await failAttempt(run, state, failure)) };
  }
  const proven =
    objection.kind === "answered"
      ? { suite: objection.suite, verdict: joinVerdicts(verdict, objection.verdict) }
      : { suite: state.suite, verdict };
  await admit(run, { ...state, suite: proven.suite }, proven.verdict, analysis);
  return { suite: proven.suite, outcome: "admitted" };
}

function failureOf(state: LoopState, verdict: Verdict, analysis: Analysis): Failure {
  const { suite, contract } = state;
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

/** Writes the failure into memory, keeps the best candidate so far, and ends the run at the last attempt. */
async function failAttempt(run: Run, state: LoopState, failure: Failure): Promise<StateChange> {
  const { attempt, candidate } = state;
  run.emit({ type: "attempt-failed", attempt, kind: failure.kind, detail: failure.detail });
  const at = await run.journal.step("clock", () => run.clock.now().toISOString());
  await run.journal.step("failure", async () => {
    await run.memory.recordFailure({
      skill: run.directive.skill,
      error: failure.detail,
      code_snippet: candidate?.source ?? "",
      timestamp: at,
      goal: run.directive.goal,
      attempt,
      kind: failure.kind,
      run_id: run.journal.runId,
    });
    return true;
  });
  const best = betterCandidate(state);
  const isLast = attempt >= run.settings.maxIterations;
  if (isLast) {
    await keepBest(run, state, best, new Date(at));
  }
  return {
    best,
    feedback: failure.feedback,
    previousCode: candidate?.source ?? state.previousCode,
    lessons: [
      ...state.lessons,
      `Attempt ${attempt}: ${failure.detail.split("\n")[0] ?? failure.kind}`,
    ],
    tried:
      candidate === null
        ? state.tried
        : [...state.tried, { treeDigest: candidate.treeDigest, attempt }],
    ...(isLast ? { outcome: "failed" as const } : {}),
  };
}

async function keepBest(
  run: Run,
  state: LoopState,
  best: BestCandidate | null,
  at: Date,
): Promise<void> {
  const { skill: name, language, goal } = run.directive;
  const description = state.contract?.description ?? goal;
  await run.journal.step("keep-best", async () => {
    await run.skills.fail({ name, language, goal, description, source: best?.source }, at);
    return true;
  });
}
