import type { Contract } from "../verify/contract.ts";
import { summarizeCase } from "../verify/describe-case.ts";
import type { Suite } from "../verify/suite.ts";
import { type CaseFinding, type Verdict, verdictsOf } from "../verify/verdict.ts";
import { enterPhase } from "./phase.ts";
import type { Run } from "./run.ts";
import type { LoopState, StateChange } from "./state.ts";

/** TEST: the suite's calls in the sandbox, the answers compared outside it. */
export async function test(run: Run, state: LoopState): Promise<StateChange> {
  const { candidate, contract, suite } = state;
  if (candidate === null || contract === null || suite === null || state.problem !== null) {
    return {};
  }
  const leave = enterPhase(run, "test", state.attempt, run.directive.skill);
  const verdict = await judgeOnce(
    run,
    { contract, suite, source: candidate.source },
    state.attempt,
  );
  run.emit({
    type: "verdict-reached",
    attempt: state.attempt,
    passed: verdict.passed,
    passedCases: verdict.findings.filter((finding) => finding.passed).length,
    cases: suite.cases.length,
  });
  leave();
  return { verdict };
}

/** Judges, or takes the verdict from the journal; either way each case is told to whoever watches. */
export async function judgeOnce(
  run: Run,
  request: { readonly contract: Contract; readonly suite: Suite; readonly source: string },
  attempt: number,
): Promise<Verdict> {
  let isLive = false;
  const tell = (finding: CaseFinding) => emitFinding(run, request, finding, attempt);
  const verdict = await run.journal.step("verdict", () => {
    isLive = true;
    return run.judge({ ...request, onFinding: tell });
  });
  if (!isLive) {
    for (const finding of toldFindings(verdict)) {
      tell(finding);
    }
  }
  return verdict;
}

/** Each case once, from the reference runtime; of further runtimes only what failed there is news. */
function toldFindings(verdict: Verdict): readonly CaseFinding[] {
  return verdictsOf(verdict).flatMap(({ findings }, index) =>
    index === 0 ? findings : findings.filter(({ passed }) => !passed),
  );
}

function emitFinding(
  run: Run,
  request: { readonly contract: Contract; readonly suite: Suite },
  finding: CaseFinding,
  attempt: number,
): void {
  const one = request.suite.cases.find((each) => each.id === finding.caseId);
  if (one === undefined) {
    return;
  }
  const { sealed } = finding;
  const summary = summarizeCase(one, request.contract.entry);
  if (finding.passed) {
    run.emit({ type: "case-passed", attempt, sealed, case: summary });
  } else {
    // Of a sealed case nobody is told more than that one of its kind failed.
    const detail = sealed ? "sealed" : finding.detail;
    run.emit({ type: "case-failed", attempt, sealed, case: summary, detail });
  }
}
