import type { ErrorCode } from "../shared/errors.ts";
import { AgentError } from "../shared/errors.ts";
import type { DirectiveStatus } from "../shared/events.ts";

/** What the process tells its caller. Part of the interface: numbers never change their meaning. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  noModel: 3,
  unproven: 4,
  environment: 5,
  stopped: 6,
  waiting: 7,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** For `--help`. */
export const exitCodeHelp = `Exit codes:
  0    done; the skill works
  1    failed: all attempts were used up, the skill raised an error, or a proof does not hold
  2    wrong usage or configuration
  3    no model answers; the goal is kept
  4    unproven: the skill passes, but too little proves it
  5    the surroundings: workspace, disk, lock or sandbox
  6    stopped: a program of sandbox run met a limit, or its process died
  7    waiting: a budget is reached, and the run can be resumed
  70   a bug of autodidact
  130  interrupted, or declined by you`;

const codesOfErrors: Record<ErrorCode, ExitCode> = {
  ABORTED: exitCodes.interrupted,
  ALREADY_RUNNING: exitCodes.environment,
  BUDGET_REACHED: exitCodes.waiting,
  CONFIG_INVALID: exitCodes.usage,
  DISK_FULL: exitCodes.environment,
  GOAL_INVALID: exitCodes.usage,
  INTERNAL: exitCodes.bug,
  JOURNAL_DAMAGED: exitCodes.environment,
  LOCK_TIMEOUT: exitCodes.environment,
  MEMORY_DAMAGED: exitCodes.environment,
  MODEL_ANSWER_TOO_LARGE: exitCodes.noModel,
  MODEL_BUSY: exitCodes.noModel,
  MODEL_CONTEXT_OVERFLOW: exitCodes.noModel,
  MODEL_ENGINE_MISSING: exitCodes.noModel,
  MODEL_FILE_DAMAGED: exitCodes.noModel,
  MODEL_FORMAT: exitCodes.noModel,
  MODEL_MISSING: exitCodes.noModel,
  MODEL_PROTOCOL: exitCodes.noModel,
  MODEL_REFUSED: exitCodes.noModel,
  MODEL_SERVER_ERROR: exitCodes.noModel,
  MODEL_STREAM_CUT: exitCodes.noModel,
  MODEL_TOO_LARGE: exitCodes.noModel,
  MODEL_UNREACHABLE: exitCodes.noModel,
  PATH_OUTSIDE_WORKSPACE: exitCodes.usage,
  PROMPT_CUT: exitCodes.noModel,
  RECORDING_EXHAUSTED: exitCodes.noModel,
  RECORDING_NOT_FOUND: exitCodes.noModel,
  REMOTE_NOT_ALLOWED: exitCodes.noModel,
  RUN_NOT_FOUND: exitCodes.usage,
  SANDBOX_FAILED: exitCodes.environment,
  SANDBOX_UNAVAILABLE: exitCodes.environment,
  SKILL_NAME_INVALID: exitCodes.usage,
  SKILL_NOT_FOUND: exitCodes.usage,
  SKILL_NOT_PROVEN: exitCodes.unproven,
  USAGE: exitCodes.usage,
  WORKSPACE_READ_ONLY: exitCodes.environment,
};

const codesOfStatuses: Record<DirectiveStatus, ExitCode> = {
  completed: exitCodes.ok,
  unproven: exitCodes.unproven,
  failed: exitCodes.failed,
  cancelled: exitCodes.interrupted,
  pending: exitCodes.failed,
  running: exitCodes.failed,
  waiting: exitCodes.waiting,
};

export function exitCodeOfError(error: unknown): ExitCode {
  return error instanceof AgentError ? codesOfErrors[error.code] : exitCodes.bug;
}

export function exitCodeOfStatus(status: DirectiveStatus): ExitCode {
  return codesOfStatuses[status];
}
