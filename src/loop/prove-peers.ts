import { filesForGenerated } from "../verify/mutation/try-mutants.ts";
import { askWhich, canBeAsked, placeCases, summariesOf } from "./ask-which.ts";
import type { Disproof, Proving } from "./proof.ts";
import { judgeAdded } from "./prove-mutants.ts";
import type { Run } from "./run.ts";
import type { LoopState } from "./state.ts";

/** In one question, so that many disagreements do not cost many calls. */
const maxQuestions = 5;

/**
 * Where most of the other programs decisively contradict the candidate, the tester says from the
 * contract what must come back, told neither who answered what nor how many did. Its answers become open
 * cases, on which the candidate may turn out wrong: peers admit and refuse nothing by themselves.
 */
export async function provePeers(
  run: Run,
  { agreement, attempt }: LoopState,
  proving: Proving,
): Promise<{ readonly kind: "asked"; readonly proving: Proving } | Disproof> {
  const { contract, suite, quarantined } = proving;
  const questions = (agreement?.contested ?? []).filter(canBeAsked).slice(0, maxQuestions);
  if (questions.length === 0) {
    return { kind: "asked", proving };
  }
  run.emit({ type: "peers-questioned", attempt, calls: questions.length });
  const drafts = await askWhich(run, contract, questions, filesForGenerated(suite));
  const added = placeCases(drafts ?? [], [...suite.cases, ...quarantined]);
  if (added.length === 0) {
    return { kind: "asked", proving };
  }
  run.emit({ type: "cases-added", attempt, cases: summariesOf(added, contract.entry) });
  const grown = await judgeAdded(run, proving, added);
  return grown.kind === "disproved" ? grown : { kind: "asked", proving: grown.proving };
}
