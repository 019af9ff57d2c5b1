import type {
  CallOutcome,
  ExecutionLimits,
  Program,
  Sandbox,
  StartOutcome,
  Subject,
} from "../sandbox/sandbox.ts";
import { AgentError } from "../shared/errors.ts";
import { boundedOutcome } from "./bounded-outcome.ts";
import { chooseFreshCalls } from "./choose-fresh-calls.ts";
import type { Contract } from "./contract.ts";
import { describeOutcome } from "./describe-outcome.ts";
import { judgeOutcome } from "./judge-case.ts";
import { PropertyChecker } from "./property-checker.ts";
import { showValue } from "./show-value.ts";
import type { Case, Suite } from "./suite.ts";
import type { CaseFinding, Verdict } from "./verdict.ts";

/** A program that hangs costs a whole time limit a case: after so many the rest is not tried. */
const maxTimeouts = 3;
/** So often a dead subject is replaced, so that one crashing case does not hide the others. */
const maxRestarts = 6;
const maxKeptValueLength = 64_000;
const maxKeptPrintedLength = 4_000;

export interface JudgeOptions {
  readonly program: Program;
  readonly suite: Suite;
  readonly contract: Contract;
  /** Holds the candidate. */
  readonly sandbox: Sandbox;
  /** Evaluates properties; may be the same sandbox, since every start is a fresh process. */
  readonly checker: Sandbox;
  readonly limits: ExecutionLimits;
  readonly signal?: AbortSignal;
  /**
   * The suite was passed before and is tried again: every case is, whatever fails, and none a second
   * time in a fresh process.
   */
  readonly isRepeat?: boolean;
  /** How far the clock of the candidate, and of the properties, is ahead of the machine's. Default: 0. */
  readonly clockOffsetMs?: number;
  /** Told of each finding once, as soon as it stands: of those to be tried again, at the end. */
  readonly onFinding?: (finding: CaseFinding, testCase: Case) => void;
}

/**
 * Calls the candidate case by case and compares the answers outside its process; deaf to whatever
 * it prints and however it exits. Open cases come first; sealed ones are tried only when every open
 * one passed, so that nothing a candidate keeps of a sealed call can show in an open one, and the
 * findings then hold the open cases alone. A suite without cases is never passed.
 *
 * When all passed, up to `freshCallCount` cases are tried again, each as the first call of a fresh
 * process, as ordinary use is; one that fails there has failed. A candidate that is wrong on its
 * first call for none of these arguments but for others still passes.
 *
 * Values and prints in the findings are cut for the journal, after the comparison. An abort leaves
 * no process behind.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function judge(options: JudgeOptions): Promise<Verdict> {
  const session = new JudgeSession(options);
  try {
    return await session.run();
  } finally {
    await session.close();
  }
}

class JudgeSession {
  readonly #options: JudgeOptions;
  readonly #checker: PropertyChecker;
  readonly #findings: CaseFinding[] = [];
  readonly #placeOf = new Map<string, number>();
  #freshCalls: readonly Case[] = [];
  #subject: Subject | undefined;
  #starts = 0;
  #timeouts = 0;
  #lastDeath: Extract<CallOutcome, { kind: "died" }> | undefined;

  constructor(options: JudgeOptions) {
    this.#options = options;
    this.#checker = new PropertyChecker(options.checker, options.limits, options.clockOffsetMs);
  }

  async run(): Promise<Verdict> {
    const { cases } = this.#options.suite;
    const loadFailure = await this.#load();
    if (loadFailure !== undefined) {
      for (const testCase of cases) {
        this.#report(testCase, loadFailure.outcome, {
          failure:
            loadFailure.outcome.kind === "died" ? loadFailure.outcome.reason : "unexpected-error",
          detail: loadFailure.text,
        });
      }
      return this.#verdict(loadFailure.text);
    }
    const open = cases.filter((testCase) => !testCase.sealed);
    const sealed = cases.filter((testCase) => testCase.sealed);
    const isRepeat = this.#options.isRepeat === true;
    this.#freshCalls = isRepeat ? [] : chooseFreshCalls([...open, ...sealed]);
    await this.#judgeAll(open);
    if (isRepeat || this.#allPassed()) {
      await this.#judgeAll(sealed);
    }
    if (this.#allPassed()) {
      await this.#confirmAll();
    }
    this.#tellHeld();
    return this.#verdict();
  }

  async close(): Promise<void> {
    await Promise.all([this.#closeSubject(), this.#checker.close()]);
  }

  async #closeSubject(): Promise<void> {
    await this.#subject?.close();
    this.#subject = undefined;
  }

  async #load(): Promise<{ text: string; outcome: FailedStart } | undefined> {
    const { sandbox, program, limits, signal, clockOffsetMs = 0 } = this.#options;
    this.#starts += 1;
    const start = await sandbox.start({ ...program, clockOffsetMs }, limits, signal);
    if (start.kind === "started") {
      this.#subject = start.subject;
      return undefined;
    }
    return { text: loadFailureText(start, program), outcome: start };
  }

  #allPassed(): boolean {
    return this.#findings.every((finding) => finding.passed);
  }

  async #judgeAll(cases: readonly Case[]): Promise<void> {
    for (const testCase of cases) {
      const { outcome, failure } = await this.#judgeOne(testCase);
      this.#report(testCase, outcome, failure);
    }
  }

  async #confirmAll(): Promise<void> {
    for (const testCase of this.#freshCalls) {
      await this.#closeSubject();
      const { outcome, failure } = await this.#judgeOne(testCase);
      if (failure !== undefined) {
        const detail = `as the first call of a fresh process: ${failure.detail}`;
        this.#report(testCase, outcome, { ...failure, detail });
      }
    }
  }

  /** The findings that passed, and might still have failed in a fresh process. */
  #tellHeld(): void {
    for (const testCase of this.#freshCalls) {
      const finding = this.#findings.find(({ caseId }) => caseId === testCase.id);
      if (finding?.passed) {
        this.#options.onFinding?.(finding, testCase);
      }
    }
  }

  async #judgeOne(testCase: Case) {
    const { contract, signal } = this.#options;
    const outcome = await this.#call(testCase);
    const failure = await judgeOutcome(testCase, outcome, contract, this.#checker, signal);
    return { outcome, failure };
  }

  async #call(testCase: Case): Promise<CallOutcome> {
    const stopped = await this.#restartIfDead();
    if (stopped !== undefined) {
      return stopped;
    }
    const outcome = await this.#callSubject(testCase);
    if (outcome.kind === "died") {
      this.#lastDeath = outcome;
      this.#timeouts += outcome.reason === "timeout" ? 1 : 0;
      await this.#closeSubject();
    }
    return outcome;
  }

  async #callSubject(testCase: Case): Promise<CallOutcome> {
    if (this.#subject === undefined) {
      return notTried("crashed", "no process to call");
    }
    const outcome = await this.#subject.call(
      {
        args: testCase.args,
        files: testCase.files,
        collectFiles: testCase.filesAfter.length > 0,
      },
      this.#options.signal,
    );
    throwIfAborted(this.#options.signal);
    return boundedOutcome(outcome);
  }

  /** Returns the outcome of a case that is not tried any more, or undefined when a subject stands. */
  async #restartIfDead(): Promise<CallOutcome | undefined> {
    if (this.#subject !== undefined) {
      return undefined;
    }
    if (this.#timeouts >= maxTimeouts) {
      return notTried("timeout", `not tried: ${maxTimeouts} calls before it timed out`);
    }
    if (this.#starts > maxRestarts) {
      const reason = this.#lastDeath?.reason ?? "crashed";
      return notTried(reason, `not tried: the process died ${this.#starts} times before it`);
    }
    const failure = await this.#load();
    // Never the failed load's own error: a case that wants this error type would count as passed.
    return failure && notTried("crashed", `not tried: started anew, ${failure.text}`);
  }

  #report(
    testCase: Case,
    outcome: CallOutcome,
    failure: Pick<CaseFinding, "failure" | "detail"> | undefined,
  ): void {
    const finding: CaseFinding = {
      caseId: testCase.id,
      passed: failure === undefined,
      sealed: testCase.sealed,
      detail: "",
      ...failure,
      outcome: keptOutcome(outcome),
    };
    const place = this.#placeOf.get(finding.caseId) ?? this.#findings.length;
    this.#placeOf.set(finding.caseId, place);
    this.#findings[place] = finding;
    if (!finding.passed || !this.#freshCalls.includes(testCase)) {
      this.#options.onFinding?.(finding, testCase);
    }
  }

  #verdict(loadFailure?: string): Verdict {
    const { suite, sandbox } = this.#options;
    return {
      passed:
        suite.cases.length > 0 && this.#findings.length === suite.cases.length && this.#allPassed(),
      ...(loadFailure === undefined ? {} : { loadFailure }),
      findings: this.#findings,
      runtime: sandbox.runtime,
      backend: sandbox.backend,
    };
  }
}

type FailedStart = Exclude<StartOutcome, { kind: "started" }>;

function loadFailureText(start: FailedStart, program: Program): string {
  const trace = start.kind === "raised" && start.trace.trim() !== "" ? `\n${start.trace}` : "";
  return `loading ${program.fileName}: ${describeOutcome(start)}${trace.slice(0, 2_000)}`;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    const message =
      "Judging a candidate: it was stopped before every case was tried; start it again to judge it.";
    throw new AgentError("ABORTED", message, { blame: "caller", cause: signal.reason });
  }
}

function notTried(
  reason: Extract<CallOutcome, { kind: "died" }>["reason"],
  detail: string,
): CallOutcome {
  return { kind: "died", reason, detail, printed: "", durationMs: 0 };
}

/** Bounds what journals and screens carry; files are compared already and go nowhere else. */
function keptOutcome(outcome: CallOutcome): CallOutcome {
  const printed = outcome.printed.slice(0, maxKeptPrintedLength);
  if (outcome.kind === "died") {
    return { ...outcome, printed };
  }
  const { files: _files, ...kept } = outcome;
  if (kept.kind === "raised") {
    return {
      ...kept,
      printed,
      message: kept.message.slice(0, maxKeptPrintedLength),
      trace: kept.trace.slice(0, maxKeptPrintedLength),
    };
  }
  const isLarge = JSON.stringify(kept.value).length > maxKeptValueLength;
  return {
    ...kept,
    printed,
    value: isLarge ? { $repr: showValue(kept.value, 4_000) } : kept.value,
  };
}
