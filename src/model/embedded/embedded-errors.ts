import { AgentError, type AgentErrorOptions, type ErrorCode } from "../../shared/errors.ts";
import type { EngineOutcome } from "./engine.ts";
import { engineRemedy } from "./engine-package.ts";
import type { Refusal } from "./engine-protocol.ts";

export type Failure =
  | Extract<EngineOutcome, { readonly type: "refused" }>
  | Extract<EngineOutcome, { readonly type: "died" }>;

const files: AgentErrorOptions = { blame: "environment" };

interface Wording {
  readonly code: ErrorCode;
  readonly wanted: string;
  readonly options: AgentErrorOptions;
}

const wordings: Readonly<Record<Refusal, Wording>> = {
  "no-engine": {
    code: "MODEL_ENGINE_MISSING",
    wanted: `the optional package node-llama-cpp with its build for this processor is wanted; run: ${engineRemedy} (for another system, its package instead of linux-x64)`,
    options: files,
  },
  "no-file": {
    code: "MODEL_MISSING",
    wanted: "a model file is wanted; correct its path in --model",
    options: { blame: "caller" },
  },
  damaged: {
    code: "MODEL_FILE_DAMAGED",
    wanted: "a whole GGUF file of a language model is wanted; download it again",
    options: files,
  },
  "too-large": {
    code: "MODEL_TOO_LARGE",
    wanted:
      "a model that fits in memory is wanted; choose a smaller one, or a smaller quantization of it",
    options: files,
  },
  "prompt-too-long": {
    code: "MODEL_CONTEXT_OVERFLOW",
    wanted:
      "prompt and answer together must fit the context window; raise contextTokens if memory allows, or choose a model with a larger window",
    options: files,
  },
  "answer-too-large": {
    code: "MODEL_ANSWER_TOO_LARGE",
    wanted: "a shorter one is wanted; resume the run, or raise maxAnswerBytes",
    options: { blame: "model" },
  },
  aborted: {
    code: "ABORTED",
    wanted: "resume the run to go on",
    options: { blame: "caller" },
  },
  failed: {
    code: "MODEL_SERVER_ERROR",
    wanted: "an answer is wanted; resume the run to try again",
    options: { ...files, isRetryable: true },
  },
};

/** @param action such as `Asking the model embedded:tiny.gguf`. */
export function embeddedError(action: string, failure: Failure): AgentError {
  const { code, wanted, options } =
    wordings[failure.type === "refused" ? failure.refusal : "failed"];
  const found =
    failure.type === "refused" ? failure.detail : `its process ended (${failure.detail})`;
  return new AgentError(code, `${action}: ${found}; ${wanted}.`, options);
}

export function silenceError(action: string, timeoutMs: number): AgentError {
  return new AgentError(
    "MODEL_STREAM_CUT",
    `${action}: nothing came for ${timeoutMs} ms; a token is wanted; raise firstTokenTimeoutMs or idleTimeoutMs, or choose a smaller model.`,
    { blame: "environment", isRetryable: true },
  );
}

/** The engine dies of some damaged files instead of refusing them. */
export function openingError(action: string, failure: Failure): AgentError {
  if (failure.type === "refused") return embeddedError(action, failure);
  const detail = `the engine died of it (${failure.detail})`;
  return embeddedError(action, { type: "refused", id: 0, refusal: "damaged", detail });
}
