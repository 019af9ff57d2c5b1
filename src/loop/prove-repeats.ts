import { describeCase, summarizeCase } from "../verify/describe-case.ts";
import type { FlakinessEvidence } from "../verify/evidence.ts";
import { speaksOfTime } from "../verify/repeat-clocks.ts";
import { clocksOf } from "../verify/repeats.ts";
import { type Case, minimumCases } from "../verify/suite.ts";
import type { CaseFinding, Verdict } from "../verify/verdict.ts";
import { type Failure, failureOf } from "./failure.ts";
import type { Disproof, Proving } from "./proof.ts";
import type { Run } from "./run.ts";

export type RepeatedProving =
  | { readonly kind: "held"; readonly proving: Proving; readonly flakiness: FlakinessEvidence }
  | Disproof;

/**
 * Runs the suite again in fresh processes. A case whose verdict wavers is quarantined: it judges no
 * more. Where it is somebody's own, or too little is left to judge by, the code is at fault.
 */
export async function proveRepeats(run: Run, proving: Proving): Promise<RepeatedProving> {
  const { contract, candidate, suite, verdict, attempt } = proving;
  const runs = run.settings.flakeRuns;
  if (runs < 2) {
    return { kind: "held", proving, flakiness: { runs: 1, varied: [], quarantined: [] } };
  }
  const repeats = await run.journal.step("repeats", () =>
    run.prover.repeat({ contract, suite, source: candidate.source, first: verdict, runs }),
  );
  const { varied, wavering } = repeats;
  const found = { runs: repeats.runs, varied, ...clocksOf(repeats) };
  run.emit({
    type: "suite-repeated",
    attempt,
    runs: repeats.runs,
    varied: [...varied],
    wavering: wavering.length,
  });
  if (wavering.length === 0) {
    return { kind: "held", proving, flakiness: { ...found, quarantined: [] } };
  }
  const byId = new Map(suite.cases.map((one) => [one.id, one]));
  const cases = wavering.flatMap(({ caseId }) => byId.get(caseId) ?? []);
  const rest = withoutCases(proving, cases);
  const byClock = new Set(repeats.byClock);
  const isCodeAtFault =
    cases.some(({ origin }) => origin === "example") ||
    // By a contract that does not speak of time, the code has no business with it.
    (byClock.size > 0 && !speaksOfTime(contract));
  if (isCodeAtFault || !(await canStillJudge(run, rest))) {
    const failed = { ...withFailures(verdict, wavering), passed: false };
    const isClock = wavering.every(({ caseId }) => byClock.has(caseId));
    return { kind: "disproved", suite, failure: failureOfRepeats(proving, failed, isClock) };
  }
  for (const finding of wavering) {
    tellQuarantine(run, proving, finding, byId.get(finding.caseId));
  }
  const quarantined = wavering.map(({ caseId, detail }) => {
    const one = byId.get(caseId);
    return { caseId, detail: one ? `${describeCase(one, contract.entry)}: ${detail}` : detail };
  });
  return { kind: "held", proving: rest, flakiness: { ...found, quarantined } };
}

function failureOfRepeats(proving: Proving, failed: Verdict, isClock: boolean): Failure {
  const failure = failureOf(proving, failed);
  if (!isClock) {
    return { ...failure, kind: "wavers" };
  }
  const why =
    "Each of these cases holds by the clock as it is and fails by another day and time: what comes " +
    "back depends on the clock. Take the day or the time as an argument, or do not read the clock.";
  return { ...failure, kind: "depends-on-clock", feedback: `${why}\n\n${failure.feedback}` };
}

function tellQuarantine(
  run: Run,
  { contract, attempt }: Proving,
  finding: CaseFinding,
  one: Case | undefined,
): void {
  if (one !== undefined) {
    const detail = one.sealed ? "sealed" : finding.detail;
    const summary = summarizeCase(one, contract.entry);
    run.emit({ type: "case-quarantined", attempt, sealed: one.sealed, case: summary, detail });
  }
}

function withoutCases(proving: Proving, gone: readonly Case[]): Proving {
  const ids = new Set(gone.map(({ id }) => id));
  const { suite, verdict } = proving;
  const reduced = <T extends Verdict>(one: T): T => ({
    ...one,
    findings: one.findings.filter(({ caseId }) => !ids.has(caseId)),
  });
  const earlier = verdict.earlier?.map(reduced);
  return {
    ...proving,
    suite: { cases: suite.cases.filter(({ id }) => !ids.has(id)) },
    quarantined: [...proving.quarantined, ...gone],
    verdict: { ...reduced(verdict), ...(earlier === undefined ? {} : { earlier }) },
  };
}

function withFailures(verdict: Verdict, failures: readonly CaseFinding[]): Verdict {
  const { earlier: _earlier, ...last } = verdict;
  const byId = new Map(failures.map((finding) => [finding.caseId, finding]));
  const findings = last.findings.map((finding) => byId.get(finding.caseId) ?? finding);
  return { ...last, findings };
}

/** What is left must be a suite that would have been taken in the first place. */
async function canStillJudge(run: Run, { contract, suite }: Proving): Promise<boolean> {
  const models = suite.cases.filter(({ origin }) => origin !== "example");
  const isSealedKept = run.settings.sealedShare === 0 || models.some(({ sealed }) => sealed);
  if (models.length < minimumCases || !isSealedKept) {
    return false;
  }
  const trial = await run.journal.step("stubs", () => run.prover.tryStubs({ contract, suite }));
  return trial.passing.length === 0;
}
