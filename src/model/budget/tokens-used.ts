import type { ChatAnswer } from "../../shared/chat.ts";
import { AgentError, type ErrorCode } from "../../shared/errors.ts";
import { estimateTokens } from "../estimate-tokens.ts";

/** Nobody was reached, or whoever was refused before a model read anything. */
const unansweredCodes: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "BUDGET_REACHED",
  "CONFIG_INVALID",
  "MODEL_CONTEXT_OVERFLOW",
  "MODEL_ENGINE_MISSING",
  "MODEL_FILE_DAMAGED",
  "MODEL_MISSING",
  "MODEL_REFUSED",
  "MODEL_TOO_LARGE",
  "MODEL_UNREACHABLE",
  "RECORDING_EXHAUSTED",
  "REMOTE_NOT_ALLOWED",
  "USAGE",
]);

interface Tokens {
  readonly promptTokens: number;
  /** Those that were seen; a server may have made more. */
  readonly outputTokens: number;
}

/**
 * The answer with tokens that can be counted. What a server does not tell is estimated, and so is what
 * cannot be: a budget would never fill, or be emptied by a negative number.
 */
export function withUsage(answer: ChatAnswer, promptTokens: number): ChatAnswer {
  const isTold = isCount(answer.promptTokens) && answer.promptTokens > 0;
  const told = isCount(answer.outputTokens) ? answer.outputTokens : 0;
  if (isTold && told === answer.outputTokens) return answer;
  const estimate = estimateTokens(answer.text) + estimateTokens(answer.thinking);
  return {
    ...answer,
    promptTokens: isTold ? answer.promptTokens : promptTokens,
    outputTokens: Math.max(told, estimate),
  };
}

/** No call has more; sums of what servers tell stay exact. */
const mostTokens = 1e9;

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= mostTokens;
}

/**
 * What a call that ended with this error counts; undefined for one that surely was not answered. What
 * nobody can be sure of counts: a server that cuts its answers is paid for them all the same.
 */
export function tokensUsed(error: unknown, seen: Tokens): Tokens | undefined {
  if (seen.outputTokens > 0 || !(error instanceof AgentError)) return seen;
  if (error.code === "MODEL_BUSY") return { promptTokens: 0, outputTokens: 0 };
  // Blamed on the model, it is an answer that was begun and did not end well.
  return unansweredCodes.has(error.code) && error.blame !== "model" ? undefined : seen;
}
