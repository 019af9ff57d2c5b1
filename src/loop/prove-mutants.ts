import { canonicalJson } from "../shared/digest.ts";
import type { MutationEvidence } from "../verify/evidence.ts";
import {
  countSurvivors,
  mutantSeed,
  mutationEvidence,
  shortageOfMutants,
  slowestCallMs,
} from "../verify/mutation/mutation-evidence.ts";
import type { Difference } from "../verify/mutation/tell-apart.ts";
import type { MutantTrial, Survivor } from "../verify/mutation/try-mutants.ts";
import { filesForGenerated } from "../verify/mutation/try-mutants.ts";
import { answerText } from "../verify/observe-programs.ts";
import { joinVerdicts } from "../verify/verdict.ts";
import { askWhich, canBeAsked, placeCases, type Question, summariesOf } from "./ask-which.ts";
import { failureOf } from "./failure.ts";
import type { Disproof, Proving } from "./proof.ts";
import { proveRepeats } from "./prove-repeats.ts";
import type { MutantRequest } from "./prover.ts";
import type { Run } from "./run.ts";
import { judgeOnce } from "./test.ts";

const maxRounds = 3;
/** In one question, so that many survivors do not cost many calls. */
const maxQuestions = 5;

export type MutatedProving =
  | {
      readonly kind: "tried";
      readonly proving: Proving;
      /** Absent when no mutant was made. */
      readonly mutation?: MutationEvidence;
      /** Why the suite shows too little; absent when it notices enough. */
      readonly shortage?: string;
    }
  | Disproof;

interface Round {
  readonly proving: Proving;
  readonly killed: number;
  readonly survivors: readonly Survivor[];
  /** Calls that the tester was asked about, as canonical JSON. */
  readonly asked: ReadonlySet<string>;
  readonly rounds: number;
}

/**
 * Changes the candidate in many places and looks whether the suite notices. Where it notices too
 * little, the tester says of calls that tell code and change apart what the contract demands: new
 * open cases, on which the candidate may turn out wrong itself.
 */
export async function proveMutants(run: Run, proving: Proving): Promise<MutatedProving> {
  if (run.settings.maxMutants === 0) {
    return { kind: "tried", proving };
  }
  const request = requestFor(run, proving);
  const outcome = await run.journal.step("mutants", () => run.prover.tryMutants(request));
  if (outcome.kind === "unreadable") {
    run.emit({ type: "warning-raised", message: `mutants: none were made: ${outcome.message}` });
    return { kind: "tried", proving, shortage: `no mutants could be made: ${outcome.message}` };
  }
  const { trial } = outcome;
  const { killed, survivors } = trial;
  let round: Round = { proving, killed, survivors, asked: new Set(), rounds: 0 };
  tellMutants(run, trial, round);
  while (!isEnough(run, trial, round) && round.rounds < maxRounds) {
    const questions = chooseQuestions(round);
    if (questions.length === 0) {
      break;
    }
    const next = await askRound(run, request, round, questions);
    if (next.kind === "disproved") {
      return next;
    }
    round = next.round;
    tellMutants(run, trial, round);
  }
  return concluded(run, request, trial, round);
}

function requestFor(run: Run, { contract, suite, candidate, verdict }: Proving): MutantRequest {
  return {
    contract,
    suite,
    source: candidate.source,
    maxMutants: run.settings.maxMutants,
    seed: mutantSeed(candidate.codeDigest),
    slowestCallMs: slowestCallMs(verdict),
  };
}

function isEnough(run: Run, { trivial }: MutantTrial, { killed, survivors }: Round): boolean {
  const counts = { killed, trivial, ...countSurvivors(killed, survivors) };
  return shortageOfMutants(counts, run.settings.minMutationScore) === undefined;
}

/** One call a survivor, the simplest that was not asked about; two that share one are asked once. */
function chooseQuestions({ survivors, asked }: Round): readonly Difference[] {
  const chosen = new Map<string, Difference>();
  for (const { differences } of survivors) {
    const next = differences.find((one) => canBeAsked(questionOf(one)) && !asked.has(keyOf(one)));
    if (next !== undefined && chosen.size < maxQuestions) {
      chosen.set(keyOf(next), chosen.get(keyOf(next)) ?? next);
    }
  }
  return [...chosen.values()];
}

function questionOf({ args, candidate, mutant }: Difference): Question {
  return { args, answers: [answerText(candidate), answerText(mutant)] };
}

function keyOf({ args }: Difference): string {
  return canonicalJson([...args]);
}

type RoundOutcome = { readonly kind: "asked"; readonly round: Round } | Disproof;

async function askRound(
  run: Run,
  request: MutantRequest,
  round: Round,
  questions: readonly Difference[],
): Promise<RoundOutcome> {
  const { proving } = round;
  const { contract, attempt } = proving;
  run.emit({
    type: "mutants-questioned",
    attempt,
    round: round.rounds + 1,
    calls: questions.length,
  });
  const files = filesForGenerated(request.suite);
  const drafts = await askWhich(run, contract, questions.map(questionOf), files);
  const asked = round.asked.union(new Set(questions.map(keyOf)));
  const next = { ...round, asked, rounds: round.rounds + 1 };
  const added = placeCases(drafts ?? [], [...proving.suite.cases, ...proving.quarantined]);
  if (added.length === 0) {
    return { kind: "asked", round: next };
  }
  const entry = contract.entry;
  run.emit({ type: "cases-added", attempt, cases: summariesOf(added, entry) });
  const grown = await judgeAdded(run, proving, added);
  if (grown.kind === "disproved") {
    return grown;
  }
  const kept = grown.proving.suite.cases.filter(({ id }) => added.some((one) => one.id === id));
  const ids = round.survivors.map(({ id }) => id);
  if (kept.length === 0) {
    return { kind: "asked", round: { ...next, proving: grown.proving } };
  }
  const killed = await run.journal.step("mutants-again", () =>
    run.prover.killMutants(request, ids, kept),
  );
  const survivors = round.survivors.filter(({ id }) => !killed.includes(id));
  const counts = { killed: round.killed + round.survivors.length - survivors.length, survivors };
  return { kind: "asked", round: { ...next, ...counts, proving: grown.proving } };
}

type GrownProving = { readonly kind: "grown"; readonly proving: Proving } | Disproof;

/** The new cases judge the candidate as any other, and are run as often. */
export async function judgeAdded(
  run: Run,
  proving: Proving,
  added: Proving["suite"]["cases"],
): Promise<GrownProving> {
  const { contract, candidate, attempt, suite } = proving;
  const addition = { cases: added };
  const request = { contract, suite: addition, source: candidate.source };
  const verdict = await judgeOnce(run, request, attempt);
  const grown = { cases: [...suite.cases, ...proving.quarantined, ...added] };
  if (!verdict.passed) {
    const failure = failureOf({ contract, suite: addition }, verdict);
    return { kind: "disproved", suite: grown, failure };
  }
  const repeated = await proveRepeats(run, { ...proving, suite: addition, verdict });
  if (repeated.kind === "disproved") {
    // Cases that waver are left out again: the suite was enough to judge by without them.
    return { kind: "grown", proving };
  }
  const steady = repeated.proving;
  const cases = [...suite.cases, ...steady.suite.cases];
  const joined = joinVerdicts(proving.verdict, steady.verdict);
  return { kind: "grown", proving: { ...proving, suite: { cases }, verdict: joined } };
}

function tellMutants(run: Run, trial: MutantTrial, round: Round): void {
  const { survived, unknown, score } = countSurvivors(round.killed, round.survivors);
  run.emit({
    type: "mutants-tried",
    attempt: round.proving.attempt,
    round: round.rounds,
    made: trial.made,
    killed: round.killed,
    survived: survived.length,
    unknown: unknown.length,
    equivalent: trial.equivalent,
    ...(trial.trivial > 0 ? { trivial: trial.trivial } : {}),
    ...(trial.unanswered === undefined ? {} : { unanswered: trial.unanswered }),
    score,
    minimum: run.settings.minMutationScore,
  });
}

function concluded(
  run: Run,
  request: MutantRequest,
  trial: MutantTrial,
  round: Round,
): MutatedProving {
  const { proving, ...counts } = round;
  const minimum = run.settings.minMutationScore;
  const mutation = mutationEvidence({ trial, minimum, seed: request.seed, ...counts });
  const tried = { kind: "tried" as const, proving, mutation };
  return isEnough(run, trial, round) ? tried : { ...tried, shortage: shortageOf(mutation) };
}

function shortageOf(mutation: MutationEvidence): string {
  const { killed, survived, unknown, minimum } = mutation;
  const counted = killed + survived.length;
  switch (shortageOfMutants(mutation, minimum)) {
    case "none-made":
      return "no change of the code could be made that a suite might notice";
    case "only-trivial":
      return "each change of the code that could be made only raises errors, so that none tests the suite";
    case "none-noticed":
      return `the suite notices none of ${unknown.length} changes of the code`;
    case "mostly-unknown":
      return `${unknown.length} changes of the code show on no input that was tried, more than the ${counted} that do`;
    case "too-few-noticed":
    case undefined: {
      const asked = `at least ${Math.round(minimum * 100)} % are wanted`;
      return `the suite notices ${killed} of ${counted} changes of the code that matter; ${asked}`;
    }
  }
}
