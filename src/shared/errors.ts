/** Who has to act for an error to go away. */
export type Blame = "caller" | "model" | "environment" | "bug";

export type ErrorCode =
  | "ABORTED"
  | "ALREADY_RUNNING"
  | "BUDGET_REACHED"
  | "CONFIG_INVALID"
  | "DISK_FULL"
  | "GOAL_INVALID"
  | "INTERNAL"
  | "JOURNAL_DAMAGED"
  | "LOCK_TIMEOUT"
  | "MEMORY_DAMAGED"
  | "MODEL_ANSWER_TOO_LARGE"
  | "MODEL_BUSY"
  | "MODEL_CONTEXT_OVERFLOW"
  | "MODEL_ENGINE_MISSING"
  | "MODEL_FILE_DAMAGED"
  | "MODEL_FORMAT"
  | "MODEL_MISSING"
  | "MODEL_PROTOCOL"
  | "MODEL_REFUSED"
  | "MODEL_SERVER_ERROR"
  | "MODEL_STREAM_CUT"
  | "MODEL_TOO_LARGE"
  | "MODEL_UNREACHABLE"
  | "PATH_OUTSIDE_WORKSPACE"
  | "PROMPT_CUT"
  | "RECORDING_EXHAUSTED"
  | "RECORDING_NOT_FOUND"
  | "REMOTE_NOT_ALLOWED"
  | "RUN_NOT_FOUND"
  | "SANDBOX_FAILED"
  | "SANDBOX_UNAVAILABLE"
  | "SKILL_NAME_INVALID"
  | "SKILL_NOT_FOUND"
  | "SKILL_NOT_PROVEN"
  | "USAGE"
  | "WORKSPACE_READ_ONLY";

export interface AgentErrorOptions {
  readonly blame: Blame;
  /** True when the same call may succeed later without anything being changed. */
  readonly isRetryable?: boolean;
  readonly cause?: unknown;
}

/**
 * The one error type of the project. Its message has the form
 * *action: what is, what is wanted, what to do*; callers branch on `code`, never on the message.
 */
export class AgentError extends Error {
  readonly code: ErrorCode;
  readonly blame: Blame;
  readonly isRetryable: boolean;

  constructor(code: ErrorCode, message: string, options: AgentErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "AgentError";
    this.code = code;
    this.blame = options.blame;
    this.isRetryable = options.isRetryable ?? false;
  }
}

/** Returns the `code` of a Node system error (`ENOENT`, `ENOSPC`, …), or undefined. */
export function systemErrorCode(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return undefined;
}
