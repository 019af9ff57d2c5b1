import type { ChatMessage } from "../../shared/chat.ts";
import type { JsonObject } from "../../shared/json.ts";

/** Lines of JSON to the process that holds the model. */
export type EngineRequest =
  | {
      readonly type: "inspect";
      readonly id: number;
      readonly path: string;
      /** Wanted; less is taken where the model was trained for less or memory is short. */
      readonly contextTokens: number;
    }
  | {
      readonly type: "chat";
      readonly id: number;
      readonly path: string;
      readonly contextTokens: number;
      readonly threads?: number;
      readonly messages: readonly ChatMessage[];
      readonly format?: JsonObject;
      readonly seed?: number;
      /** Tokens kept free for the answer; a prompt that leaves less is refused. */
      readonly answerReserveTokens: number;
      readonly maxAnswerBytes: number;
      /** Absent: what the prompt leaves of the window. */
      readonly maxOutputTokens?: number;
    }
  | { readonly type: "abort"; readonly id: number };

export type EngineQuestion = Exclude<EngineRequest, { readonly type: "abort" }>;

/** What a file asks of this machine, read from its head before its weights are. */
export interface Inspection {
  readonly architecture: string;
  readonly fileBytes: number;
  readonly trainedContextTokens: number;
  /** What fits in memory, at most what was wanted. */
  readonly contextTokens: number;
  /** Of weights and context together. */
  readonly neededBytes: number;
  readonly availableBytes: number;
}

export interface EngineAnswer {
  readonly text: string;
  readonly thinking: string;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** True when the window ended before the answer did. */
  readonly isCut: boolean;
}

export type Refusal =
  | "no-engine"
  | "no-file"
  | "damaged"
  | "too-large"
  | "prompt-too-long"
  | "answer-too-large"
  | "aborted"
  | "failed";

/** Lines of JSON from it. */
export type EngineReply =
  | { readonly type: "inspected"; readonly id: number; readonly inspection: Inspection }
  | {
      readonly type: "token";
      readonly id: number;
      readonly tokens: number;
      readonly isThinking: boolean;
    }
  | { readonly type: "answered"; readonly id: number; readonly answer: EngineAnswer }
  | {
      readonly type: "refused";
      readonly id: number;
      readonly refusal: Refusal;
      readonly detail: string;
    };
