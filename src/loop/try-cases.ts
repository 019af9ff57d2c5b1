import { canonicalJson } from "../shared/digest.ts";
import { mostFallen } from "../verify/agreement/case-trials.ts";
import { describeCase } from "../verify/describe-case.ts";
import type { RemovedCase } from "../verify/evidence.ts";
import { noAnswer } from "../verify/observe-programs.ts";
import type { Case, Suite } from "../verify/suite.ts";
import { callKey, expectationKey } from "../verify/suite-reader.ts";
import type { Verdict } from "../verify/verdict.ts";
import { askWhich, type Question } from "./ask-which.ts";
import type { Run } from "./run.ts";
import type { LoopState } from "./state.ts";
import { judgeOnce } from "./test.ts";
import { disputedCases, isPlausibleWitness, type Witness, witnessOf } from "./witness.ts";

const maxAnswers = 3;

export interface Trial {
  readonly suite: Suite;
  /** Of the candidate on what is left of the suite, all of it. */
  readonly verdict: Verdict;
  readonly removedCases: readonly RemovedCase[];
}

/**
 * Puts a case on trial that every plausible program fails: at least two that behave differently. The
 * tester is asked once more, from the contract alone; where it does not say the same again, the case
 * falls, and what it says now is not taken either. Only open cases that the model wrote can fall, and
 * none once sealed cases have been run: from then on a candidate could be fitted to what is left.
 * Undefined when nothing fell.
 */
export async function tryCases(
  run: Run,
  state: LoopState,
  verdict: Verdict,
): Promise<Trial | undefined> {
  const { contract, suite, candidate } = state;
  if (contract === null || suite === null || candidate === null || state.hasSealedRun) {
    return undefined;
  }
  const own = witnessOf(candidate.treeDigest, verdict);
  const all = [...state.witnesses.filter((one) => one.treeDigest !== candidate.treeDigest)];
  const plausible = [...(own === undefined ? [] : [own]), ...all].filter((one) =>
    isPlausibleWitness(one, suite),
  );
  if (own === undefined || !plausible.includes(own)) {
    return undefined;
  }
  const disputed = disputedCases(plausible, suite).slice(0, allowance(state, suite));
  if (disputed.length === 0) {
    return undefined;
  }
  const fallen = await askAgain(run, { contract, disputed, plausible });
  const rest = { cases: suite.cases.filter((one) => !fallen.includes(one)) };
  if (fallen.length === 0 || !(await isStillStrong(run, contract, rest))) {
    return undefined;
  }
  const request = { contract, suite: rest, source: candidate.source };
  const again = await judgeOnce(run, request, state.attempt);
  const removed = fallen.map((one) => ({
    caseId: one.id,
    text: describeCase(one, contract.entry),
    reason: `${plausible.length} programs answer otherwise, and the tester did not repeat it`,
  }));
  return { suite: rest, verdict: again, removedCases: [...state.removedCases, ...removed] };
}

function allowance({ removedCases }: LoopState, { cases }: Suite): number {
  return mostFallen(cases.filter(({ sealed }) => !sealed).length, removedCases.length);
}

async function askAgain(
  run: Run,
  trial: {
    readonly contract: NonNullable<LoopState["contract"]>;
    readonly disputed: readonly Case[];
    readonly plausible: readonly Witness[];
  },
): Promise<readonly Case[]> {
  const { contract, disputed, plausible } = trial;
  const questions = disputed.map((one) => questionOf(one, plausible));
  const files = disputed[0]?.files ?? [];
  const drafts = await askWhich(run, contract, questions, files);
  if (drafts === undefined) {
    return [];
  }
  return disputed.filter((one) => {
    const said = drafts.find((draft) => callKey(draft) === callKey(one));
    const isRepeated = said !== undefined && expectationKey(said) === expectationKey(one);
    run.emit({
      type: "case-tried",
      case: { kind: one.kind, origin: one.origin, text: describeCase(one, contract.entry) },
      programs: plausible.length,
      removed: !isRepeated,
    });
    return !isRepeated;
  });
}

function questionOf(one: Case, plausible: readonly Witness[]): Question {
  const answers = new Set(plausible.map(({ caseAnswers }) => caseAnswers[one.id] ?? noAnswer));
  const expected =
    one.kind === "returns"
      ? `returns ${canonicalJson(one.expected)}`
      : `raises ${one.kind === "raises" ? one.errorType : ""}`;
  return { args: one.args, answers: [expected, ...[...answers].slice(0, maxAnswers)] };
}

async function isStillStrong(
  run: Run,
  contract: NonNullable<LoopState["contract"]>,
  suite: Suite,
): Promise<boolean> {
  const trial = await run.journal.step("stubs", () => run.prover.tryStubs({ contract, suite }));
  return trial.passing.length === 0;
}
