import type { JsonValue, Language } from "./json.ts";

export type Phase = "plan" | "write" | "test" | "analyze";
export type DirectiveStatus =
  | "pending"
  | "running"
  | "waiting"
  | "completed"
  | "unproven"
  | "failed"
  | "cancelled";
export type SkillStatus = "working" | "untested" | "failed";
/** Whose part the model plays in one call; answers are found again by it. */
export type Role = "planner" | "tester" | "coder" | "analyst";

/** That the next model of a chain took over. */
export interface ModelSwitch {
  /** The call at which it did. */
  readonly role: Role;
  readonly order: number;
  readonly from: string;
  readonly to: string;
  /** `none-answered`: the whole chain is down, and begins anew when the run goes on. */
  readonly why: "down" | "format" | "none-answered";
  /** Of the error that the model was down with: `MODEL_UNREACHABLE`. */
  readonly code: string;
}

/** What a case looks like to people: never carries anything of a sealed case but its kind. */
export interface CaseSummary {
  readonly kind: "returns" | "raises" | "property";
  /** A line such as `validate_json("{}") => true`; absent for a sealed case. */
  readonly text?: string;
  readonly origin: "example" | "model" | "analyst";
}

/**
 * What a run tells whoever watches it. Every event is plain JSON.
 * `token-received` is for live display only and is not kept in the journal.
 */
export type AgentEvent =
  | {
      type: "run-started";
      runId: string;
      goal: string;
      skill: string;
      language: Language;
      model: string;
      /** All that may be asked, by role, where they are more than one. */
      chains?: Record<Role, string[]>;
      maxIterations: number;
      /** Says where recorded answers come from, when they do; shown on every screen. */
      recordingLabel?: string;
      resumed: boolean;
      /** The most model calls a success at the first attempt can cost. */
      firstAttemptModelCalls: number;
    }
  | { type: "skill-offered"; skill: string; goal: string }
  /** Examples that stand in the goal's own text; `taken`: they are law from now on. */
  | {
      type: "goal-examples-read";
      examples: { line: string; written: string }[];
      taken: boolean;
    }
  | { type: "attempt-started"; attempt: number; of: number }
  | { type: "phase-started"; phase: Phase; attempt: number; detail: string }
  | { type: "phase-finished"; phase: Phase; attempt: number; durationMs: number }
  | { type: "skills-recalled"; skills: string[] }
  | { type: "failures-recalled"; count: number; skills: string[] }
  | { type: "model-called"; role: Role; order: number; model: string }
  | {
      type: "token-received";
      role: Role;
      outputTokens: number;
      isThinking: boolean;
      /** From the call to its first token, and to this one; absent where nothing is measured. */
      firstTokenMs?: number;
      elapsedMs?: number;
      /** Set when nothing was answered: a busy server is asked again after so long. */
      retryInMs?: number;
    }
  | {
      type: "model-answered";
      role: Role;
      order: number;
      promptTokens: number;
      outputTokens: number;
      durationMs: number;
      firstTokenMs: number;
      replayed: boolean;
      /** In US dollars; null where the price is not known. */
      money?: number | null;
    }
  | ({ type: "model-switched" } & ModelSwitch)
  /** What the model's window kept out of a prompt, one line a kind. */
  | {
      type: "prompt-shortened";
      role: Role;
      order: number;
      model: string;
      contextTokens: number;
      leftOut: string[];
    }
  /** A call was not made, since it could have passed a budget; the run waits. */
  | {
      type: "budget-reached";
      scope: "directive" | "day" | "library";
      kind: "tokens" | "requests" | "timeMs" | "money";
      limit: number;
      spent: number;
      /** Of the call that was not made. */
      worstCase: number;
      message: string;
    }
  | { type: "prompt-differed"; role: Role; order: number; detail: string }
  | { type: "answer-repaired"; role: Role; problem: string }
  | { type: "contract-written"; contract: JsonValue; signature: string; description: string }
  | { type: "case-dropped"; reason: string; text: string }
  | { type: "suite-written"; open: number; sealed: number; examples: number; shown: CaseSummary[] }
  /** A function that does no work passes the suite; `reason` says what it does. */
  | { type: "suite-refused"; reason: string; stubs: number }
  /**
   * Sealed cases that failed so often that they were opened, and as many new ones sealed instead;
   * fewer when the tester had no more.
   */
  | { type: "sealed-cases-replaced"; attempt: number; spent: number; replaced: number }
  | { type: "confirmation-requested" }
  | { type: "confirmation-answered"; accepted: boolean }
  | { type: "candidate-written"; attempt: number; codeDigest: string; lines: number }
  | { type: "candidate-refused"; attempt: number; reasons: string[]; needsApproval: boolean }
  | { type: "skill-file-written"; path: string }
  | { type: "case-passed"; attempt: number; sealed: boolean; case: CaseSummary }
  | { type: "case-failed"; attempt: number; sealed: boolean; case: CaseSummary; detail: string }
  | {
      type: "verdict-reached";
      attempt: number;
      passed: boolean;
      passedCases: number;
      cases: number;
    }
  | { type: "analysis-written"; attempt: number; text: string }
  | { type: "analysis-objected"; attempt: number; detail: string }
  | {
      type: "candidates-compared";
      attempt: number;
      programs: number;
      behaviours: number;
      /** Of the one that goes on, from 0 to 1; null when no input decides. */
      agreement: number | null;
      decisiveInputs: number;
    }
  /** A case that every plausible program fails was put before the tester again. */
  | { type: "case-tried"; case: CaseSummary; programs: number; removed: boolean }
  /** Calls on which other programs contradict one that passed are put before the tester. */
  | { type: "peers-questioned"; attempt: number; calls: number }
  | { type: "suite-repeated"; attempt: number; runs: number; varied: string[]; wavering: number }
  | {
      type: "case-quarantined";
      attempt: number;
      sealed: boolean;
      case: CaseSummary;
      detail: string;
    }
  | {
      type: "mutants-tried";
      attempt: number;
      /** How often the tester was asked before. */
      round: number;
      made: number;
      killed: number;
      survived: number;
      unknown: number;
      equivalent: number;
      /** They raise an error for each case that wants a result; not among the killed. Absent in journals of older versions. */
      trivial?: number;
      /** Generated inputs that ended the code itself, and by what; absent when none did. */
      unanswered?: {
        tried: number;
        deaths: readonly { reason: string; inputs: number; example: readonly JsonValue[] }[];
      };
      /** From 0 to 1; null when there is nothing to count. */
      score: number | null;
      minimum: number;
    }
  | { type: "mutants-questioned"; attempt: number; round: number; calls: number }
  | { type: "cases-added"; attempt: number; cases: CaseSummary[] }
  | { type: "attempt-failed"; attempt: number; kind: string; detail: string }
  | { type: "skill-admitted"; skill: string; path: string; certificate: string; runtime: string }
  | { type: "skill-unproven"; skill: string; path: string; certificate: string; missing: string[] }
  | { type: "file-made"; path: string }
  | { type: "warning-raised"; message: string }
  | {
      type: "run-finished";
      runId: string;
      skill: string;
      status: DirectiveStatus;
      attempts: number;
      modelCalls: number;
      promptTokens: number;
      outputTokens: number;
      /** In US dollars; null where a price is not known. */
      money?: number | null;
      durationMs: number;
    };

export type EventListener = (event: AgentEvent) => void;
