import { clockCount, clocksOfRuns, describeMoment, type RunClock } from "./repeat-clocks.ts";
import type { Suite } from "./suite.ts";
import type { CaseFinding, Verdict } from "./verdict.ts";
import { verdictsOf } from "./verdict.ts";

/** What further runs of a suite found that had passed once. */
export interface Repeats {
  /** All runs on all runtimes, those of the first verdict included. */
  readonly runs: number;
  /** What differed from run to run: `clock`, `hash seed`, `random seed`. */
  readonly varied: readonly string[];
  /** What the further runs took for now, `2032-02-29T23:30:00Z` say; absent in older journals. */
  readonly clocks?: readonly string[];
  /** The cases that failed in some run, in the order of the suite, each with its first failure. */
  readonly wavering: readonly CaseFinding[];
  /** Those of them that fail by another clock, and by nothing else that was seen. */
  readonly byClock?: readonly string[];
}

/** In what one further run differs from the first ones, besides its random seed. */
export interface RunVariation {
  readonly clockOffsetMs: number;
  /** The first of the further runs: at the clock most unlike today, with another hash seed if one can be had. */
  readonly isFirst: boolean;
}

export interface RepeatOptions {
  /** Default: none, which is the machine's own clock in milliseconds. */
  readonly nowMs?: number;
  /** The code may read the clock: it is run at every one that there is. */
  readonly namesClock?: boolean;
  /** The runtime's processes share a hash seed, and others can be had. */
  readonly canReseed?: boolean;
}

/** Tries every case it is given, on one runtime. */
export type JudgeAgain = (suite: Suite, variation: RunVariation) => Promise<Verdict>;

/**
 * Runs a suite again that has passed, until it ran `runs` times on all runtimes together, each time in
 * a fresh process with a clock of its own; once more at least, unless `runs` is 1.
 *
 * Each further run makes every call twice in one process, last ones first: code that keeps something of
 * a call for the next one, or counts on their order, answers otherwise there. A case that fails is tried
 * again by the machine's clock and by the other one, to tell whether the clock is what it depends on.
 */
export async function repeatSuite(
  first: Verdict,
  suite: Suite,
  runs: number,
  judgeAgain: JudgeAgain,
  options: RepeatOptions = {},
): Promise<Repeats> {
  const done = verdictsOf(first);
  const further = furtherRuns(runs, done.length, options.namesClock === true);
  const all = done.length + further;
  const clocks = clocksOfRuns(further, options.nowMs ?? Date.now());
  const failed = new Map<string, CaseFinding>();
  const byClock = new Set<string>();
  for (const [index, clock] of clocks.entries()) {
    const run = { suite: twiceInOtherOrder(suite), clock, isFirst: index === 0, judgeAgain };
    const { runtime, failures } = await judgeRun(run);
    const fresh = [...failures].filter(([caseId]) => !failed.has(caseId));
    const clocked = fresh.length === 0 ? [] : await failingByClock(run, failures);
    const place = `run ${done.length + index + 1} of ${all}, on ${runtime}`;
    for (const [caseId, finding] of fresh) {
      const isClock = clocked.includes(caseId);
      failed.set(caseId, { ...finding, caseId, detail: detailOf(place, finding, isClock, clock) });
      if (isClock) {
        byClock.add(caseId);
      }
    }
  }
  const isReseeded = further > 0 && options.canReseed === true;
  return {
    runs: all,
    varied:
      further === 0
        ? []
        : variedBetween(
            done.map(({ runtime }) => runtime),
            isReseeded,
          ),
    clocks: clocks.map(({ moment }) => moment),
    wavering: suite.cases.flatMap(({ id }) => failed.get(id) ?? []),
    byClock: suite.cases.flatMap(({ id }) => (byClock.has(id) ? [id] : [])),
  };
}

function furtherRuns(runs: number, done: number, isAtEveryClock: boolean): number {
  return runs < 2 ? 0 : Math.max(runs - done, isAtEveryClock ? clockCount : 1);
}

interface ClockedRun {
  readonly suite: Suite;
  readonly clock: RunClock;
  readonly isFirst: boolean;
  readonly judgeAgain: JudgeAgain;
}

/** By the run's clock, or by the machine's: what failed, each case once. */
async function judgeRun(
  { suite, clock, isFirst, judgeAgain }: ClockedRun,
  isByMachine = false,
): Promise<{ readonly runtime: string; readonly failures: ReadonlyMap<string, CaseFinding> }> {
  const clockOffsetMs = isByMachine ? 0 : clock.offsetMs;
  const { findings, runtime } = await judgeAgain(suite, { clockOffsetMs, isFirst });
  const failures = new Map<string, CaseFinding>();
  for (const finding of findings.filter(({ passed }) => !passed)) {
    const caseId = finding.caseId.replace(secondMark, "");
    failures.set(caseId, failures.get(caseId) ?? finding);
  }
  return { runtime, failures };
}

/** Those that hold by the machine's clock, all else alike, and fail by the other one again. */
async function failingByClock(
  run: ClockedRun,
  failures: ReadonlyMap<string, CaseFinding>,
): Promise<string[]> {
  const plain = await judgeRun(run, true);
  const held = [...failures.keys()].filter((caseId) => !plain.failures.has(caseId));
  if (held.length === 0) {
    return [];
  }
  const again = await judgeRun(run);
  return held.filter((caseId) => again.failures.has(caseId));
}

function detailOf(place: string, finding: CaseFinding, isClock: boolean, clock: RunClock): string {
  return isClock
    ? `it depends on the clock, take day or time as an argument: at ${describeMoment(clock.moment)} ` +
        `(${place}): ${finding.detail}`
    : `${place}: ${finding.detail}`;
}

const secondMark = / again$/;

function twiceInOtherOrder({ cases }: Suite): Suite {
  const backwards = cases.toReversed();
  return { cases: [...backwards, ...backwards.map((one) => ({ ...one, id: `${one.id} again` }))] };
}

/**
 * What two processes of these runtimes differ in. Every process draws its own random seed and is given
 * its own clock. Only the system's CPython draws its own hash seed: Pyodide starts from a snapshot that
 * holds one, unless a run is made from another; the order of a Set or Map is fixed in JavaScript.
 */
export function variedBetween(runtimes: readonly string[], isReseeded = false): readonly string[] {
  const isNative = runtimes.some((runtime) => /^cpython-.*\/native$/.test(runtime));
  return ["clock", ...(isNative || isReseeded ? ["hash seed"] : []), "random seed"];
}

/** As evidence has them: left out where no run had a clock of its own. */
export function clocksOf({ clocks = [] }: Repeats): { readonly clocks?: readonly string[] } {
  return clocks.length === 0 ? {} : { clocks };
}
