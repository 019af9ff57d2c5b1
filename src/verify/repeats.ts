import type { Suite } from "./suite.ts";
import type { CaseFinding, Verdict } from "./verdict.ts";
import { verdictsOf } from "./verdict.ts";

/** What further runs of a suite found that had passed once. */
export interface Repeats {
  /** All runs, the first one that passed included. */
  readonly runs: number;
  /** What differed from run to run: `hash seed`, `random seed`. */
  readonly varied: readonly string[];
  /** The cases that failed in some run, in the order of the suite, each with its first failure. */
  readonly wavering: readonly CaseFinding[];
}

/**
 * Runs a suite again that has passed, until it ran `runs` times in all, each time in a fresh
 * process of each runtime.
 *
 * @param judgeAgain tries every case on the runtimes on which the first verdict was reached
 */
export async function repeatSuite(
  first: Verdict,
  suite: Suite,
  runs: number,
  judgeAgain: () => Promise<readonly Verdict[]>,
): Promise<Repeats> {
  const failed = new Map<string, CaseFinding>();
  for (let run = 2; run <= runs; run += 1) {
    for (const { findings, runtime, loadFailure } of await judgeAgain()) {
      for (const finding of findings.filter((one) => !one.passed && !failed.has(one.caseId))) {
        const why = loadFailure === undefined ? finding.detail : `not loaded: ${finding.detail}`;
        const detail = `run ${run} of ${runs}, on ${runtime}: ${why}`;
        failed.set(finding.caseId, { ...finding, detail });
      }
    }
  }
  return {
    runs: Math.max(1, runs),
    varied: runs < 2 ? [] : variedBetween(verdictsOf(first).map(({ runtime }) => runtime)),
    wavering: suite.cases.flatMap(({ id }) => failed.get(id) ?? []),
  };
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
