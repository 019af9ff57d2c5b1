import type { Contract } from "../verify/contract.ts";
import type { Suite } from "../verify/suite.ts";
import { chooseCandidate } from "./choose-candidate.ts";
import { enterPhase } from "./phase.ts";
import { type Recalled, recall } from "./recall.ts";
import { renewSuite } from "./renew-suite.ts";
import type { Run } from "./run.ts";
import type { AttemptProblem, LoopState, StateChange } from "./state.ts";
import { writeTestedSuite } from "./tested-suite.ts";
import { writeContract } from "./write-contract.ts";

/** PLAN: recall failures, write contract and suite (once), then a candidate, and read it for safety. */
export async function plan(run: Run, state: LoopState): Promise<StateChange> {
  const attempt = state.attempt + 1;
  run.emit({ type: "attempt-started", attempt, of: run.settings.maxIterations });
  const leave = enterPhase(run, "plan", attempt, run.directive.goal);
  const change = await planAttempt(run, state, attempt);
  leave();
  return { attempt, candidate: null, agreement: null, problem: null, verdict: null, ...change };
}

async function planAttempt(run: Run, state: LoopState, attempt: number): Promise<StateChange> {
  const recalled = await recall(run);
  const { contract, suite, change } = await planTest(run, state, recalled);
  if (contract === null || suite === null || change.outcome === "cancelled") {
    return change;
  }
  const renewed = await renewSuite(run, { ...state, contract, suite }, attempt);
  const told = { ...state, contract, ...renewed };
  const written = await chooseCandidate(run, told, attempt, recalled);
  return { ...change, ...renewed, ...written };
}

interface PlannedTest {
  readonly contract: Contract | null;
  readonly suite: Suite | null;
  readonly change: StateChange;
}

/** Contract and suite: kept from the first attempt that could write them. */
async function planTest(run: Run, state: LoopState, recalled: Recalled): Promise<PlannedTest> {
  let { contract, suite } = state;
  if (contract === null) {
    const reading = await writeContract(run, recalled);
    if (reading.kind === "unreadable") {
      return unwritten("unreadable-contract", reading.problem);
    }
    contract = reading.value;
  }
  if (suite === null) {
    const tested = await writeTestedSuite(run, contract);
    if (tested.kind === "unusable") {
      return { contract, suite: null, change: { contract, problem: tested.problem } };
    }
    const { stubs } = tested;
    suite = tested.suite;
    const accepted = await confirmed(run);
    const outcome: StateChange = accepted ? {} : { outcome: "cancelled" };
    return { contract, suite, change: { contract, suite, stubs, ...outcome } };
  }
  return { contract, suite, change: {} };
}

function unwritten(kind: AttemptProblem["kind"], detail: string): PlannedTest {
  return { contract: null, suite: null, change: { problem: { kind, detail } } };
}

async function confirmed(run: Run): Promise<boolean> {
  const { confirm } = run;
  if (confirm === undefined) {
    return true;
  }
  run.emit({ type: "confirmation-requested" });
  const accepted = await run.journal.step("person", () => unlessAborted(run.signal, confirm()));
  run.emit({ type: "confirmation-answered", accepted });
  return accepted;
}

/** A person may take for ever; an abort need not wait for the answer. */
async function unlessAborted<T>(signal: AbortSignal | undefined, work: Promise<T>): Promise<T> {
  if (signal === undefined) {
    return work;
  }
  signal.throwIfAborted();
  const aborted = Promise.withResolvers<never>();
  const stop = () => aborted.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([work, aborted.promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
