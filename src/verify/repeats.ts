import type { Suite } from "./suite.ts";
import type { CaseFinding, Verdict } from "./verdict.ts";
import { verdictsOf } from "./verdict.ts";

/** What further runs of a suite found that had passed once. */
export interface Repeats {
  /** All runs on all runtimes, those of the first verdict included. */
  readonly runs: number;
  /** What differed from run to run: `hash seed`, `random seed`. */
  readonly varied: readonly string[];
  /** The cases that failed in some run, in the order of the suite, each with its first failure. */
  readonly wavering: readonly CaseFinding[];
}

/**
 * Runs a suite again that has passed, until it ran `runs` times on all runtimes together, each time in
 * a fresh process; once more at least, unless `runs` is 1.
 *
 * Each further run makes every call twice in one process, last ones first: code that keeps something of
 * a call for the next one, or counts on their order, answers otherwise there.
 *
 * @param judgeAgain tries every case it is given, on one runtime
 */
export async function repeatSuite(
  first: Verdict,
  suite: Suite,
  runs: number,
  judgeAgain: (suite: Suite) => Promise<Verdict>,
): Promise<Repeats> {
  const failed = new Map<string, CaseFinding>();
  const done = verdictsOf(first);
  const all = runs < 2 ? done.length : Math.max(runs, done.length + 1);
  for (let run = done.length + 1; run <= all; run += 1) {
    const { findings, runtime } = await judgeAgain(twiceInOtherOrder(suite));
    for (const finding of findings.filter(({ passed }) => !passed)) {
      const caseId = finding.caseId.replace(secondMark, "");
      const detail = `run ${run} of ${all}, on ${runtime}: ${finding.detail}`;
      if (!failed.has(caseId)) {
        failed.set(caseId, { ...finding, caseId, detail });
      }
    }
  }
  return {
    runs: all,
    varied: runs < 2 ? [] : variedBetween(done.map(({ runtime }) => runtime)),
    wavering: suite.cases.flatMap(({ id }) => failed.get(id) ?? []),
  };
}

const secondMark = / again$/;

function twiceInOtherOrder({ cases }: Suite): Suite {
  const backwards = cases.toReversed();
  return { cases: [...backwards, ...backwards.map((one) => ({ ...one, id: `${one.id} again` }))] };
}

/**
 * What two processes of these runtimes differ in. Every process draws its own random seed. Only the
 * system's CPython draws its own hash seed: Pyodide starts from a snapshot that holds one, and the
 * order of a Set or Map is fixed in JavaScript. No backend has a clock that can be set.
 */
export function variedBetween(runtimes: readonly string[]): readonly string[] {
  const isNative = runtimes.some((runtime) => /^cpython-.*\/native$/.test(runtime));
  return isNative ? ["hash seed", "random seed"] : ["random seed"];
}
