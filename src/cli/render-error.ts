import { AgentError, type ErrorCode } from "../shared/errors.ts";
import type { JsonObject } from "../shared/json.ts";
import { redactText } from "../shared/log.ts";
import { exitCodeOfError } from "./exit-codes.ts";
import type { CommandLine } from "./run-memory.ts";
import { safeText } from "./safe-text.ts";
import { type Line, type Screen, verbatim } from "./screen.ts";

/** What to type next; beside what the message itself says to do. */
const nextSteps: Partial<Record<ErrorCode, string>> = {
  CONFIG_INVALID: "config",
  DISK_FULL: "doctor",
  LOCK_TIMEOUT: "doctor",
  MODEL_MISSING: "doctor",
  MODEL_UNREACHABLE: "doctor",
  RUN_NOT_FOUND: "runs",
  SANDBOX_UNAVAILABLE: "sandbox status",
  SKILL_NOT_FOUND: "skills",
  WORKSPACE_READ_ONLY: "doctor",
};

/** Returns the lines that tell a person of an error; with the stack only when `showStack` is set. */
export function renderError(
  error: unknown,
  screen: Pick<Screen, "style">,
  options: { commandLine: CommandLine; showStack: boolean },
): Line[] {
  const [first = "", ...rest] = redactText(safeText(messageOf(error))).split("\n");
  const isStopped = error instanceof AgentError && error.code === "ABORTED";
  const lines: Line[] = [
    `${isStopped ? "🛑" : screen.style("red", "❌")} ${first}`,
    // A message's further lines are what a person types.
    ...rest.map((line) => verbatim(`   ${line}`)),
  ];
  // What a person did is no problem that needs a code or a remedy.
  lines.push(...(isStopped ? [] : renderAdvice(error, screen, options.commandLine)));
  return options.showStack ? [...lines, ...stackLines(error)] : lines;
}

function renderAdvice(
  error: unknown,
  screen: Pick<Screen, "style">,
  commandLine: CommandLine,
): Line[] {
  if (!(error instanceof AgentError)) {
    return [
      "   This is a bug of autodidact, not of yours. Nothing finished was lost.",
      "   Please report it with what is shown when it is started with --log-level debug.",
    ];
  }
  const next = nextSteps[error.code];
  const retry = error.isRetryable ? ", may pass when tried again" : "";
  const more = next === undefined ? "" : ` · more: ${commandLine(next)}`;
  return [screen.style("dim", `   ${error.code}${retry}${more}`)];
}

/** Returns the same for programs. */
export function describeError(error: unknown): JsonObject {
  const isExpected = error instanceof AgentError;
  return {
    type: "error",
    code: isExpected ? error.code : "INTERNAL",
    message: redactText(messageOf(error)),
    blame: isExpected ? error.blame : "bug",
    isRetryable: isExpected && error.isRetryable,
    exitCode: exitCodeOfError(error),
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : `Something that is no error: ${String(error)}`;
}

function stackLines(error: unknown): Line[] {
  const lines: Line[] = [];
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    const heading = each === error ? [] : ["   caused by:"];
    const stack = redactText(safeText(each.stack ?? each.message)).split("\n");
    lines.push(...heading, ...stack.map((line) => verbatim(`   ${line}`)));
  }
  return lines;
}
