import type { ChatAnswer, ChatMessage } from "../shared/chat.ts";
import type { AgentEvent, DirectiveStatus, Role } from "../shared/events.ts";
import type { JsonValue } from "../shared/json.ts";

/** One line of `runs/ID.jsonl`. `at` is ISO 8601, UTC. */
export type JournalEntry =
  | {
      readonly type: "run-started";
      readonly at: string;
      readonly schemaVersion: 1;
      readonly runId: string;
      readonly goal: string;
      /** Options of the directive and the settings in force; no secrets. */
      readonly options: JsonValue;
      readonly settings: JsonValue;
      /** Where the answers come from, when no live model gave them. */
      readonly recordingLabel?: string;
    }
  | { readonly type: "run-resumed"; readonly at: string }
  | {
      readonly type: "model-answered";
      readonly at: string;
      readonly role: Role;
      readonly order: number;
      readonly messages: readonly ChatMessage[];
      readonly format?: JsonValue;
      readonly seed?: number;
      /** What the model's window kept out of the prompt. */
      readonly leftOut?: readonly string[];
      readonly answer: ChatAnswer;
    }
  | {
      /** The result of any other step that must come out the same when the run is replayed:
       * `clock`, `id`, `seed`, `recall`, `verdict`, `person`, `safety`, … */
      readonly type: "step-recorded";
      readonly at: string;
      readonly step: string;
      readonly order: number;
      readonly value: JsonValue;
    }
  | { readonly type: "event"; readonly at: string; readonly event: AgentEvent }
  | { readonly type: "run-finished"; readonly at: string; readonly status: DirectiveStatus };

export interface JournalDamage {
  /** `tail`: the last line was cut off by a crash. `middle`: whole lines follow the broken one. */
  readonly kind: "tail" | "middle";
  /** Number of the first broken line, from 1. */
  readonly line: number;
  readonly reason: string;
}

/**
 * The record of one run. Replaying is built in: `step` and `answer` return what the journal already
 * holds, and only otherwise do the work, append its result durably, and return it.
 */
export interface RunJournal {
  readonly runId: string;
  readonly path: string;
  /** Entries found when it was opened; a broken last line is cut off. */
  readonly entries: readonly JournalEntry[];
  /** What was wrong with the file when it was opened; absent when nothing was. */
  readonly damage?: JournalDamage;
  /**
   * Returns the recorded result of the n-th call with this step name (counted in this process), or
   * runs `work`, writes its JSON to disk, and returns it. `T` must be plain JSON.
   */
  step<T>(step: string, work: () => Promise<T> | T): Promise<T>;
  /** The same for a model's answer; found by role and order. */
  answer(
    request: {
      role: Role;
      order: number;
      messages: readonly ChatMessage[];
      format?: JsonValue;
      seed?: number;
      leftOut?: readonly string[];
    },
    work: () => Promise<ChatAnswer>,
  ): Promise<{ answer: ChatAnswer; replayed: boolean }>;
  append(entry: JournalEntry): Promise<void>;
  /** True when somebody removed its file while it was open. */
  isRemoved(): Promise<boolean>;
  close(): Promise<void>;
}
