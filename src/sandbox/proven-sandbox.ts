import { AgentError } from "../shared/errors.ts";
import { unlessAborted } from "./aborted.ts";
import type { Sandbox } from "./sandbox.ts";
import { type SelfTestReport, selfTest } from "./self-test.ts";
import type { KeptSelfTest, SelfTestCache } from "./self-test-cache.ts";

export interface ProvenSandbox extends Sandbox {
  /**
   * Returns what the self-test found; `isAnew` makes it now, whatever is kept. Never throws for a
   * failure. An abort ends one that this call began, for everybody who waits for it.
   */
  test(isAnew?: boolean, signal?: AbortSignal): Promise<KeptSelfTest>;
}

export interface Clocks {
  /** Milliseconds of the day's clock, which a person may set. */
  readonly now: () => number;
  /** Milliseconds of a clock that only goes on. */
  readonly monotonic: () => number;
}

const systemClocks: Clocks = { now: Date.now, monotonic: () => performance.now() };

/**
 * Returns the sandbox behind its self-test: no program starts before every probe has held, in this
 * process or, for the same things underneath, within the last day; after a day it is tested anew.
 * Fails closed: `start` and `warm` throw SANDBOX_UNAVAILABLE naming the probes that did not hold.
 */
export function provenSandbox(
  sandbox: Sandbox,
  cache: SelfTestCache,
  runTest: (sandbox: Sandbox, signal?: AbortSignal) => Promise<SelfTestReport> = selfTest,
  clocks: Clocks = systemClocks,
): ProvenSandbox {
  let proof: { made: Promise<KeptSelfTest>; isOver: () => boolean } | undefined;

  const make = async (isAnew: boolean, signal?: AbortSignal): Promise<KeptSelfTest> => {
    const kept = isAnew ? undefined : await cache.read();
    return kept ?? (await cache.store(await runTest(sandbox, signal)));
  };
  const test = (isAnew: boolean, signal?: AbortSignal): Promise<KeptSelfTest> => {
    if (proof === undefined || isAnew || proof.isOver()) {
      let isOver = (): boolean => false;
      const made = make(isAnew, signal).then((kept) => {
        isOver = overAfter(kept, clocks);
        return kept;
      });
      const mine = { made, isOver: () => isOver() };
      proof = mine;
      made.catch(() => {
        proof = proof === mine ? undefined : proof;
      });
    }
    return proof.made;
  };
  const proven = async (): Promise<void> => {
    const { report } = await test(false);
    if (!report.passed) {
      throw unproven(report);
    }
  };
  const { reseeded } = sandbox;
  return {
    language: sandbox.language,
    backend: sandbox.backend,
    runtime: sandbox.runtime,
    // The same but for its snapshot: what was proven of one holds for both.
    ...(reseeded === undefined ? {} : { reseeded: behind(reseeded, proven) }),
    test: (isAnew = false, signal) => test(isAnew, signal),
    start: async (program, limits, signal, onPrinted) => {
      await unlessAborted(proven(), signal);
      return await sandbox.start(program, limits, signal, onPrinted);
    },
    warm: async () => {
      await proven();
      await sandbox.warm();
    },
    close: async () => {
      await Promise.all([sandbox.close(), reseeded?.close()]);
    },
  };
}

/** A sandbox that starts nothing before `proven` has resolved. */
function behind(sandbox: Sandbox, proven: () => Promise<void>): Sandbox {
  return {
    ...sandbox,
    start: async (program, limits, signal, onPrinted) => {
      await unlessAborted(proven(), signal);
      return await sandbox.start(program, limits, signal, onPrinted);
    },
  };
}

/** Over when either clock says so: the one a person sets may jump, the other may stop in a sleep. */
function overAfter({ validForMs }: KeptSelfTest, { now, monotonic }: Clocks): () => boolean {
  const [startMs, startMonotonicMs] = [now(), monotonic()];
  return () => {
    const ageMs = now() - startMs;
    return ageMs < 0 || ageMs >= validForMs || monotonic() - startMonotonicMs >= validForMs;
  };
}

/** The probes that did not hold, in words. */
export function brokenProbes({ findings }: SelfTestReport): string {
  const broken = findings.filter((finding) => !finding.held);
  const shown = broken.slice(0, 5).map(({ name, detail }) => `${name} (${detail})`);
  const more = broken.length > shown.length ? [`${broken.length - shown.length} more`] : [];
  return [...shown, ...more].join("; ");
}

function unproven(report: SelfTestReport): AgentError {
  return new AgentError(
    "SANDBOX_UNAVAILABLE",
    `Testing the sandbox ${report.backend}: ${brokenProbes(report)} did not hold, every probe must; ` +
      "run autodidact sandbox status --test; nothing is executed meanwhile.",
    { blame: "environment" },
  );
}
