import type { ChatMessage } from "../shared/chat.ts";
import { estimateTokens, fewestTokens } from "./estimate-tokens.ts";
import { type Asked, contextError, modelError } from "./model-errors.ts";

/** Tokens that a chat template puts around one message. */
const templateTokens = 8;
/** Of the window; an answer needs room for code, but must not keep prompts out of a small window. */
const answerShare = 0.25;
const longestReserve = 4_096;
/** A cut prompt fills half the window, some tokens it always keeps, and rounding. */
const halfWindowSlack = 16;

export interface PromptSize {
  readonly estimate: number;
  readonly fewest: number;
}

export function measurePrompt(messages: readonly ChatMessage[]): PromptSize {
  let estimate = 0;
  let fewest = 0;
  for (const { content } of messages) {
    estimate += estimateTokens(content) + templateTokens;
    fewest += fewestTokens(content);
  }
  return { estimate, fewest };
}

export function answerReserve(contextTokens: number): number {
  return Math.min(longestReserve, Math.floor(contextTokens * answerShare));
}

/** @throws {AgentError} MODEL_CONTEXT_OVERFLOW when prompt and a usual answer cannot both fit. */
export function requireRoom(asked: Asked, size: PromptSize, contextTokens: number): void {
  const reserve = answerReserve(contextTokens);
  if (size.estimate <= contextTokens - reserve) return;
  throw contextError(
    asked,
    `the prompt has about ${size.estimate} tokens and the answer needs ${reserve}, but the window has ${contextTokens};`,
  );
}

export interface ServerWindow {
  /** What the server says the model is loaded with; what was asked for when it does not say. */
  readonly contextTokens: number;
  /** True when the server's version counts cached tokens as read ones. */
  readonly countsCached: boolean;
}

/**
 * Tells whether the server read less than was sent. Three signs, each impossible for a whole prompt:
 * it filled the window to the last token; it filled just half of it although about all of it was
 * sent (how Ollama cuts); or it read fewer tokens than the prompt has words. The third is believed
 * only of a server that counts tokens from its cache as read: others report a whole prompt as small.
 *
 * @see https://github.com/ollama/ollama/issues/17427 (what a cut prompt counts)
 * @see https://github.com/ollama/ollama/pull/16428 (cached tokens)
 */
export function isPromptCut(size: PromptSize, readTokens: number, window: ServerWindow): boolean {
  if (readTokens >= window.contextTokens) return true;
  const aboveHalf = readTokens - Math.floor(window.contextTokens / 2);
  const isHalf = aboveHalf >= 0 && aboveHalf <= halfWindowSlack;
  if (isHalf && size.estimate > window.contextTokens * 0.8) return true;
  if (readTokens >= size.fewest) return false;
  return window.countsCached || size.fewest > window.contextTokens;
}

/** True when the count is low enough to ask the server what it counts and how large its window is. */
export function isSuspicious(size: PromptSize, readTokens: number, contextTokens: number): boolean {
  return (
    readTokens < size.fewest || readTokens >= contextTokens || readTokens * 1.6 < size.estimate
  );
}

export function promptCutError(asked: Asked, size: PromptSize, readTokens: number, window: number) {
  return modelError(
    "PROMPT_CUT",
    asked,
    `the server read ${readTokens} tokens of a prompt of about ${size.estimate}, with a window of ${window}: it cut the prompt; a prompt read whole is wanted; raise contextTokens if the model and memory allow, or choose a model with a larger window`,
    { blame: "environment" },
  );
}

/**
 * True for versions whose `prompt_eval_count` holds cached tokens: 0.4 to 0.29, and 0.31 on.
 * Earlier ones left them out, and 0.30 did for a while.
 */
export function versionCountsCached(version: string): boolean {
  const match = /^v?(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > 0 || (minor >= 4 && minor !== 30);
}
