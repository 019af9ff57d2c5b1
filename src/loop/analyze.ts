import { joinVerdicts, type Verdict } from "../verify/verdict.ts";
import { admit, keepUnproven } from "./admit.ts";
import { type Analysis, askAnalyst } from "./ask-analyst.ts";
import { betterCandidate } from "./better-candidate.ts";
import { type Failure, failureOf } from "./failure.ts";
import { hearObjection, type ObjectionOutcome } from "./hear-objection.ts";
import { enterPhase } from "./phase.ts";
import type { Proving } from "./proof.ts";
import { prove } from "./prove.ts";
import type { Run } from "./run.ts";
import type { BestCandidate, LoopState, StateChange } from "./state.ts";
import { tryCases } from "./try-cases.ts";
import { witnessOf } from "./witness.ts";

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
  const trial = verdict.passed ? undefined : await tryCases(run, state, verdict);
  if (trial === undefined) {
    return judged(run, state, verdict);
  }
  const { suite, removedCases } = trial;
  const change = { suite, removedCases, verdict: trial.verdict };
  return { ...change, ...(await judged(run, { ...state, ...change }, trial.verdict)) };
}

async function judged(run: Run, state: LoopState, verdict: Verdict): Promise<StateChange> {
  const analysis = await askAnalyst(run, state, verdict);
  if (!verdict.passed) {
    return failAttempt(run, state, failureOf(state, verdict, analysis));
  }
  const objection = await hearObjection(run, state, analysis);
  if (objection.kind === "upheld") {
    const { suite } = objection;
    const failure = failureOf({ ...state, suite }, objection.verdict);
    return { suite, ...(await failAttempt(run, state, failure)) };
  }
  const proving = provingOf(state, verdict, objection);
  return proving === undefined ? {} : proveAndConclude(run, state, proving, analysis);
}

async function proveAndConclude(
  run: Run,
  state: LoopState,
  proving: Proving,
  analysis: Analysis,
): Promise<StateChange> {
  const proof = await prove(run, state, proving);
  if (proof.kind === "disproved") {
    const { suite, failure } = proof;
    return { suite, ...(await failAttempt(run, state, failure)) };
  }
  const { suite } = proof.proving;
  if (proof.kind === "unproven") {
    await keepUnproven(run, proof.proving, analysis, proof.evidence, proof.missing);
    return { suite, outcome: "unproven" };
  }
  await admit(run, proof.proving, analysis, proof.evidence);
  return { suite, outcome: "admitted" };
}

function provingOf(
  { contract, suite, candidate, attempt }: LoopState,
  verdict: Verdict,
  objection: ObjectionOutcome,
): Proving | undefined {
  if (contract === null || suite === null || candidate === null) {
    return undefined;
  }
  const passed = { contract, candidate, attempt, suite, verdict, quarantined: [] };
  return objection.kind === "answered"
    ? { ...passed, suite: objection.suite, verdict: joinVerdicts(verdict, objection.verdict) }
    : passed;
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
    ...witnessed(state),
    ...(isLast ? { outcome: "failed" as const } : {}),
  };
}

/** What the candidate answered may speak against a case once another program fails it as well. */
function witnessed(state: LoopState): Pick<LoopState, "witnesses" | "hasSealedRun"> {
  const { candidate, verdict, witnesses, hasSealedRun } = state;
  if (candidate === null || verdict === null) {
    return { witnesses, hasSealedRun };
  }
  const witness = witnessOf(candidate.treeDigest, verdict);
  return {
    witnesses: witness === undefined ? witnesses : [...witnesses, witness],
    hasSealedRun: hasSealedRun || verdict.findings.some(({ sealed }) => sealed),
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
