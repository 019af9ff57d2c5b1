import type { Contract } from "../verify/contract.ts";
import type { StubFinding } from "../verify/evidence.ts";
import type { StubTrial } from "../verify/stubs.ts";
import type { Suite } from "../verify/suite.ts";
import type { Run } from "./run.ts";
import type { AttemptProblem } from "./state.ts";
import { writeSuite } from "./write-suite.ts";

export type TestedSuite =
  | { readonly kind: "read"; readonly suite: Suite; readonly stubs: readonly StubFinding[] }
  | { readonly kind: "unusable"; readonly problem: AttemptProblem };

/**
 * Asks the tester for a suite, and tests it before it judges anybody: programs that do nothing right
 * must fail it. One that lets them pass is asked for once more, with the reason.
 *
 * Some functions really are that simple: they return their argument, or always the same. So a second
 * suite that a stub passes is taken, if it is a claim that can be wrong: every case says exactly what
 * comes back, all stubs that pass answer alike, one of them passed the first suite too, and mutants
 * will have the last word. A suite of `true`s that no stub fails is refused twice.
 */
export async function writeTestedSuite(run: Run, contract: Contract): Promise<TestedSuite> {
  const first = await writeSuite(run, contract);
  if (first.kind === "unreadable") {
    return unreadable();
  }
  const trial = await tryStubs(run, contract, first.value);
  if (trial.passing.length === 0) {
    return { kind: "read", suite: first.value, stubs: trial.findings };
  }
  const [weakness = ""] = trial.passing;
  run.emit({ type: "suite-refused", reason: weakness, stubs: trial.passing.length });
  const second = await writeSuite(run, contract, weakness);
  if (second.kind === "unreadable") {
    return unreadable();
  }
  const again = await tryStubs(run, contract, second.value);
  if (again.passing.length === 0 || isRepeatedClaim(run, trial, again)) {
    return { kind: "read", suite: second.value, stubs: again.findings };
  }
  const [reason = ""] = again.passing;
  run.emit({ type: "suite-refused", reason, stubs: again.passing.length });
  const detail = "the tester's cases let a program pass that does nothing";
  return { kind: "unusable", problem: { kind: "weak-suite", detail } };
}

function tryStubs(run: Run, contract: Contract, suite: Suite): Promise<StubTrial> {
  return run.journal.step("stubs", () => run.prover.tryStubs({ contract, suite }));
}

function isRepeatedClaim(run: Run, first: StubTrial, second: StubTrial): boolean {
  const isSame = second.passing.some((text) => first.passing.includes(text));
  return second.isConsistent && isSame && run.settings.maxMutants > 0;
}

/** The problem quotes cases; a failure is recalled by whoever writes code. */
function unreadable(): TestedSuite {
  const detail = "the tester's answers held too few cases that could be used";
  return { kind: "unusable", problem: { kind: "unreadable-suite", detail } };
}
