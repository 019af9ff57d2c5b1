import type { Config } from "../config/schema.ts";
import type { JournalDamage, JournalEntry } from "../journal/journal.ts";
import type { MemoryFile } from "../memory/memory.ts";
import type { SkillCost } from "../model/budget/spend-ledger.ts";
import type { BackendName } from "../sandbox/backend.ts";
import type { CallOutcome, Program } from "../sandbox/sandbox.ts";
import type { SandboxStatus } from "../sandbox/sandbox-status.ts";
import type { AgentError } from "../shared/errors.ts";
import type { AgentEvent, DirectiveStatus, Role, SkillStatus } from "../shared/events.ts";
import type { JsonValue, Language } from "../shared/json.ts";
import type { Skill } from "../skills/library.ts";
import type { GivenCases } from "../verify/given-cases.ts";
import type { RunOutcome } from "./run-in-sandbox.ts";

export interface RunOptions {
  readonly skillName?: string;
  readonly language?: Language;
  /** Overrides the configured model for this run; several are a chain. */
  readonly model?: string | readonly string[];
  /** Override those of single roles. */
  readonly coder?: string | readonly string[];
  readonly tester?: string | readonly string[];
  readonly analyst?: string | readonly string[];
  /** Lines of the form `ARGS => RESULT`; nothing overrules them. */
  readonly examples?: readonly string[];
  /** Files of further examples, `.json`, `.jsonl` or `.csv`; relative paths go from where this runs. */
  readonly exampleFiles?: readonly string[];
  /**
   * What becomes of examples that stand in the goal's own text: `take` (the default), `ignore`, or
   * a question, shown them as `ARGS => RESULT`, whose no leaves them out.
   */
  readonly goalExamples?: "take" | "ignore" | ((examples: readonly string[]) => Promise<boolean>);
  /** Files of the workspace that are copied into the skill's work folder, by relative path. */
  readonly inputs?: readonly string[];
  /** Makes another skill although a working one meets the goal. */
  readonly again?: boolean;
  /** Asked once contract and suite stand; false cancels the run. Absent: nobody is asked. */
  readonly confirm?: () => Promise<boolean>;
  readonly signal?: AbortSignal;
}

export interface RunResult {
  readonly runId: string;
  readonly goal: string;
  readonly status: DirectiveStatus;
  readonly skill: string;
  /**
   * True when a working skill met the goal already; `runId` is then empty, or that of the run that
   * was to be resumed.
   */
  readonly offered: boolean;
  readonly attempts: number;
  readonly modelCalls: number;
  /** Why the run waits, and what to do; set when its status is `waiting`. */
  readonly waitsFor?: string;
}

/**
 * A run under way. Iterating gives its events, from the first, and ends with the run, throwing what
 * stopped it; `result` settles even when nobody iterates.
 */
export interface DirectiveRun extends AsyncIterable<AgentEvent> {
  /** @throws {AgentError} what stopped the run; the directive then stays resumable. */
  readonly result: Promise<RunResult>;
}

export interface RunSummary {
  readonly runId: string;
  readonly goal: string;
  readonly skill: string;
  readonly status: DirectiveStatus;
  readonly startedAt: string;
}

export type ModelReadiness =
  | {
      readonly kind: "ready";
      readonly model: string;
      readonly contextTokens: number;
      /** Thinks before it answers. */
      readonly thinks?: boolean;
    }
  /** No server answers, but the goal is one of those the package has recorded answers for. */
  | {
      readonly kind: "recorded";
      readonly label: string;
      readonly problem: string;
      readonly remedy: readonly string[];
    }
  /** `remedy`: lines a person can type. `recordedGoals`: those with answers that the package has. */
  | {
      readonly kind: "unreachable";
      readonly problem: string;
      readonly remedy: readonly string[];
      readonly recordedGoals?: readonly string[];
    }
  | {
      readonly kind: "missing";
      readonly model: string;
      readonly installed: readonly { readonly name: string; readonly sizeBytes: number }[];
      readonly pullSizeBytes?: number;
      /** True for a file of a model hub that this program downloads itself; no server pulls it. */
      readonly isDownload?: true;
    }
  | RemoteNotAllowed;

/** `destinations`: what `allowRemote` takes, each once; the problem says what would go there. */
export interface RemoteNotAllowed {
  readonly kind: "remote-not-allowed";
  readonly problem: string;
  readonly remedy: readonly string[];
  readonly destinations: readonly string[];
}

/** Where a model is that we downloaded ourselves; empty for a server's. */
export interface PulledModel {
  readonly path?: string;
  /** Of each of its files. */
  readonly sha256?: readonly string[];
}

export interface PullProgress {
  readonly status: string;
  readonly completedBytes: number;
  readonly totalBytes: number;
}

export interface UseOptions {
  /** Files of the workspace copied into the work folder. */
  readonly inputs?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface UseResult {
  readonly skill: string;
  readonly outcome: CallOutcome;
  /** Workspace paths of the files the contract says it makes. */
  readonly filesMade: readonly string[];
}

/** A skill held ready for many calls, one after another. */
export interface OpenSkill {
  /**
   * Like `Application.useSkill`; one that crashes or meets a limit costs the process, not the next
   * call, and module state may be left over from the call before.
   *
   * @throws {AgentError} USAGE when the input does not fit; the next may.
   */
  call(input: JsonValue): Promise<UseResult>;
  close(): Promise<void>;
}

/** What one input of a stream came to; `index` counts from 0. */
export type StreamResult =
  | ({ readonly index: number } & UseResult)
  | { readonly index: number; readonly skill: string; readonly error: AgentError };

/** A program that is run from its top to its end, not called. */
export interface WholeProgram
  extends Required<Pick<Program, "language" | "source" | "fileName" | "files">> {
  /** What stands behind its name on its command line. */
  readonly args: readonly string[];
}

export interface SandboxRunOptions {
  /** This one or none; default: the one in use. */
  readonly backend?: BackendName;
  /** Told what is printed while the program runs: the beginning, at least, of what the outcome holds. */
  readonly onPrinted?: (text: string) => void;
  readonly signal?: AbortSignal;
}

export interface SandboxRunResult {
  readonly language: Language;
  readonly backend: string;
  readonly runtime: string;
  readonly outcome: RunOutcome;
}

/** One thing that a proof rests on, and whether it holds now. */
export interface ProofCheck {
  /** `code`, `signature`, `suite`, a runtime, `stubs`, `mutants`, … */
  readonly part: string;
  /** `skipped`: it cannot be repeated here. */
  readonly state: "holds" | "fails" | "skipped";
  /** One line for a person; nothing of a sealed case. */
  readonly detail: string;
  /** What the detail announces, a line each: of mutants, those that no case notices. */
  readonly more?: readonly string[];
}

export interface SkillVerification {
  readonly skill: string;
  /** After it. */
  readonly status: SkillStatus;
  /** True when the skill is working and every check held. */
  readonly holds: boolean;
  /** `signed`: proven and signed here now; `demoted`: it answered wrongly, and is untested now. */
  readonly outcome: "unchanged" | "signed" | "demoted";
  readonly checks: readonly ProofCheck[];
  /** Optional steps that its certificate, as it stands now, was made without. */
  readonly stepsOff: readonly string[];
}

export interface VerifyOptions {
  /** Told of each check as soon as it stands. */
  readonly onCheck?: (skill: string, check: ProofCheck) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Code that somebody wrote, with the cases that it must pass. */
export interface GivenSkill {
  readonly language: Language;
  readonly source: string;
  readonly name: string;
  /** Objects `{args, returns | raises | property, files, filesAfter}`, or a table; law, all of them. */
  readonly cases: GivenCases;
  /** What the skill is for; made of the name when absent. */
  readonly goal?: string;
  /** The public function; the only one, or the one called as the skill, when absent. */
  readonly entry?: string;
  /** `{entry, parameters, result, errors, …}`; made of the code's types and the cases when absent. */
  readonly contract?: JsonValue;
}

export interface AddOptions {
  /** Told before anything is run. `signature` is the contract in one line. */
  readonly onRead?: (read: {
    readonly contract: JsonValue;
    readonly signature: string;
    readonly cases: number;
  }) => void;
  /** Told of each check as soon as it stands. */
  readonly onCheck?: (check: ProofCheck) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface AddResult {
  readonly skill: string;
  /**
   * `untested`: every case passed, and too little proves it. `failed`: a case failed; `refused`: its
   * source may not be run. Of both nothing is kept.
   */
  readonly status: "working" | "untested" | "failed" | "refused";
  readonly path?: string;
  /** The certificate's path. */
  readonly certificate?: string;
  readonly cases: number;
  readonly checks: readonly ProofCheck[];
  /** What the proof would still need, a line each; empty but for an `untested` skill. */
  readonly missing: readonly string[];
  /** Optional steps that were left out; empty when a case failed before. */
  readonly stepsOff: readonly string[];
  /** What would make the suite better; none of it is needed. */
  readonly advice: readonly string[];
}

export interface ReplayOptions {
  /** Told of each check as soon as it stands. */
  readonly onCheck?: (check: ProofCheck) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface ReplayResult {
  readonly runId: string;
  readonly goal: string;
  /** True when everything that was found out then was found out now. */
  readonly same: boolean;
  /** Answers that stood in for a model; nobody was asked. */
  readonly answers: number;
  readonly checks: readonly ProofCheck[];
}

/** What one model made of one prompt. */
export interface ComparedAnswer {
  readonly model: string;
  /** Of what it could be read as: `verdict agree`, `9 cases`, `12 lines`; or why it could not be read. */
  readonly reading: string;
  readonly isReadable: boolean;
  /** Of code: what the recorded suite says of it. */
  readonly verdict?: { readonly passed: boolean; readonly detail: string };
  readonly promptTokens: number;
  readonly outputTokens: number;
  readonly durationMs: number;
}

/** One prompt of a recorded run, answered by two models. */
export interface ComparedCall {
  readonly role: Role;
  readonly order: number;
  readonly recorded: ComparedAnswer;
  readonly other: ComparedAnswer;
  /** The same value, or the same program but for formatting, comments and names of locals. */
  readonly same: boolean;
}

export interface CompareOptions {
  /** Told of each call as soon as it is answered. */
  readonly onCall?: (call: ComparedCall) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface DoctorCheck {
  readonly name: string;
  readonly state: "ok" | "warning" | "problem";
  readonly found: string;
  /** What to do; absent when all is well. */
  readonly remedy?: string;
}

export interface ConfigValue {
  /** `safety.patterns`. */
  readonly key: string;
  readonly value: JsonValue;
  /** `default`, `flag --model`, `AUTODIDACT_MODEL`, or the path of a configuration file. */
  readonly source: string;
  readonly description: string;
}

/** The options that name models. */
export type ModelOption = "model" | "coder" | "tester" | "analyst";

/** What a user can do; one use case a file beside this one. The faces call nothing else. */
export interface Application {
  readonly config: Config;
  runDirective(goal: string, options?: RunOptions): DirectiveRun;
  /** Without an id: the newest run that has not ended. */
  resumeRun(
    runId?: string,
    options?: Pick<RunOptions, "confirm" | "signal" | ModelOption>,
  ): DirectiveRun;
  runAll(
    goals: readonly string[],
    options?: Pick<RunOptions, "language" | ModelOption | "signal" | "again"> & {
      readonly parallel?: number;
      readonly onEvent?: (goal: string, event: AgentEvent) => void;
    },
  ): Promise<(RunResult | { readonly goal: string; readonly error: Error })[]>;
  /** Arguments: an array is positional, an object goes by parameter name, anything else is the one argument. */
  useSkill(name: string, input: JsonValue, options?: UseOptions): Promise<UseResult>;
  /**
   * Opens a working skill for many calls; whoever asked closes it.
   *
   * @throws {AgentError} SKILL_NOT_FOUND, SKILL_NOT_PROVEN
   */
  openSkill(name: string, options?: UseOptions): Promise<OpenSkill>;
  /**
   * Runs proofs again, without a model: digests and signature, every case on the reference runtime and
   * on the one in use, and the tests of the suite. Without names: every skill that somebody says is
   * proven. A wrong answer demotes; a proof of another installation is signed here once it holds.
   *
   * @throws {AgentError} SKILL_NOT_FOUND before anything is run; SANDBOX_UNAVAILABLE, ABORTED
   */
  verifySkills(
    names?: readonly string[],
    options?: VerifyOptions,
  ): Promise<readonly SkillVerification[]>;
  /**
   * Puts code that was given with its cases through the same gate, without a model.
   *
   * @throws {AgentError} USAGE naming the case, column or part of the contract that cannot be read;
   * SKILL_NAME_INVALID, SANDBOX_UNAVAILABLE, ABORTED
   */
  addSkill(given: GivenSkill, options?: AddOptions): Promise<AddResult>;
  /** Runs any program in the sandbox. @throws {AgentError} USAGE, SANDBOX_UNAVAILABLE, ABORTED */
  runInSandbox(program: WholeProgram, options?: SandboxRunOptions): Promise<SandboxRunResult>;
  /** Python first; `isAnew` tests every backend now, whatever is kept. */
  sandboxStatus(isAnew?: boolean): Promise<readonly SandboxStatus[]>;
  listSkills(): Promise<readonly Skill[]>;
  /** What each skill cost over all its runs, by name; those that cost nothing are left out. */
  skillCosts(): Promise<readonly SkillCost[]>;
  showSkill(name: string): Promise<Skill>;
  listRuns(): Promise<readonly RunSummary[]>;
  /** Up to the first broken line; `onDamage` is told of one. A last line cut off by a crash is ordinary. */
  showRun(
    runId: string,
    onDamage?: (damage: JournalDamage) => void,
  ): Promise<readonly JournalEntry[]>;
  /**
   * Runs a recorded run again in a workspace that is thrown away: models' answers, clock and what
   * persons said come from its journal, everything else is done anew and compared. Asks no model.
   *
   * @throws {AgentError} RUN_NOT_FOUND, JOURNAL_DAMAGED, SANDBOX_UNAVAILABLE, ABORTED
   */
  replayRun(runId: string, options?: ReplayOptions): Promise<ReplayResult>;
  /**
   * Sends the prompts of a recorded run to another model, and says of each answer how it differs. Budgets
   * hold for all such comparisons with the run together as for one directive.
   *
   * @throws {AgentError} as `replayRun`, and what keeps the model from being asked: MODEL_…,
   * REMOTE_NOT_ALLOWED, BUDGET_REACHED, CONFIG_INVALID
   */
  compareModels(
    runId: string,
    model: string,
    options?: CompareOptions,
  ): Promise<readonly ComparedCall[]>;
  /** Runs that were cut off and can be resumed, newest first. */
  pendingRuns(): Promise<readonly RunSummary[]>;
  readMemory(): Promise<MemoryFile>;
  doctor(): Promise<readonly DoctorCheck[]>;
  /** Of the models of every role; of peers only whether they lead off this machine. */
  modelReadiness(goal: string, model?: string): Promise<ModelReadiness>;
  /**
   * Where these models would send goals and code off this machine without consent; undefined where
   * nothing would leave. Nothing is asked but what a local Ollama server says of its models.
   *
   * @throws {AgentError} USAGE, CONFIG_INVALID for a key that could be meant for several servers.
   */
  remotesToAllow(names: readonly string[]): Promise<RemoteNotAllowed | undefined>;
  /**
   * Consents to a destination of what is `remote-not-allowed`: for as long as the application is
   * open, or, when remembered, for good, in the user's own configuration folder.
   *
   * @throws {AgentError} CONFIG_INVALID when it cannot be remembered.
   */
  allowRemote(destination: string, isRemembered: boolean): Promise<void>;
  /** @throws {AgentError} MODEL_… when the server or the hub fails; what is there is kept. */
  pullModel(
    model: string,
    onProgress: (progress: PullProgress) => void,
    signal?: AbortSignal,
  ): Promise<PulledModel>;
  close(): Promise<void>;
}
