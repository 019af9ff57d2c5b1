import type { ChatAnswer } from "../../shared/chat.ts";
import { AgentError } from "../../shared/errors.ts";
import type { ChatModel, ChatOptions, ChatRequest } from "../chat-model.ts";
import type { CallLimits } from "./spending.ts";

/**
 * Asks a model within what a budget leaves. An answer that never ends is the model's fault, and comes
 * back as one that cannot be used. What it cost is not said: the most that it can have been counts.
 */
export async function chatWithinLimits(
  model: ChatModel,
  request: ChatRequest,
  limits: CallLimits,
  options: { readonly signal: AbortSignal | undefined } & Pick<ChatOptions, "onProgress">,
): Promise<ChatAnswer> {
  const { maxOutputTokens, promptTokens, worstOutputTokens: outputTokens } = limits;
  const signals = [options.signal, limits.signal].filter((signal) => signal !== undefined);
  try {
    return await model.chat(
      maxOutputTokens === undefined ? request : { ...request, maxOutputTokens },
      {
        ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
        onProgress: (progress) => {
          limits.onTokens?.(progress.outputTokens);
          options.onProgress?.(progress);
        },
      },
    );
  } catch (error) {
    if (!(error instanceof AgentError) || error.blame !== "model") throw error;
    return unusableAnswer(model, error, { promptTokens, outputTokens });
  }
}

/** Of an answer, or a prompt, that is too large; throws on what is anything else. */
export function unusableAnswer(
  { name: model }: ChatModel,
  error: unknown,
  tokens: Pick<ChatAnswer, "promptTokens" | "outputTokens">,
): ChatAnswer {
  const isTooLarge =
    error instanceof AgentError &&
    (error.code === "MODEL_ANSWER_TOO_LARGE" || error.code === "MODEL_CONTEXT_OVERFLOW");
  if (!isTooLarge) throw error;
  const usage = { ...tokens, durationMs: 0, firstTokenMs: 0 };
  return { text: "", thinking: "", model, ...usage, problem: error.message };
}
