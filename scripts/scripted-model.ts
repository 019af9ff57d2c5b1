import type { ChatModel } from "../src/model/chat-model.ts";
import { unknownModelContextTokens } from "../src/model/model-table.ts";
import type { ChatAnswer } from "../src/shared/chat.ts";
import { AgentError } from "../src/shared/errors.ts";
import { normalizeGoal } from "../src/shared/goal.ts";
import type { RecordingSource } from "./recordings-source.ts";

/** A model that answers from one source, and says which of its answers nobody asked for. */
export interface ScriptedModel extends ChatModel {
  /** Such as `coder 1`, in the order of the source. */
  unused(): string[];
}

/**
 * A model for playing a written source through the real loop: every answer is found by role and
 * order, and a question that the source does not hold is an error, never an empty answer.
 * `chat` throws {AgentError} RECORDING_NOT_FOUND for another goal or language and
 * RECORDING_EXHAUSTED for a call beyond the last.
 */
export function createScriptedModel(source: RecordingSource): ScriptedModel {
  const asked = new Set<string>();
  const goals = new Set([source.goal, ...source.aliases].map(normalizeGoal));
  return {
    name: "scripted",
    contextTokens: unknownModelContextTokens,
    recordingLabel: source.label,
    async chat(request, options): Promise<ChatAnswer> {
      if (options?.signal?.aborted === true) {
        throw new AgentError("ABORTED", "Answering from a source: the call was aborted.", {
          blame: "caller",
        });
      }
      const { goal, language = source.language, role, order } = request;
      if (!goals.has(normalizeGoal(goal)) || language !== source.language) {
        throw new AgentError(
          "RECORDING_NOT_FOUND",
          `Answering from a source: it is for "${source.goal}" in ${source.language}, asked was "${goal.slice(0, 200)}" in ${language}; choose the source of that goal.`,
          { blame: "caller" },
        );
      }
      const answer = source.answers.find((one) => one.role === role && one.order === order);
      if (answer === undefined) {
        throw new AgentError(
          "RECORDING_EXHAUSTED",
          `Answering from a source: "${source.goal}" holds no answer ${order} of the ${role}; write it under "## ${role} ${order}".`,
          { blame: "caller" },
        );
      }
      asked.add(`${role} ${order}`);
      return {
        text: answer.text,
        thinking: "",
        model: "scripted",
        promptTokens: 0,
        outputTokens: 0,
        durationMs: 0,
        firstTokenMs: 0,
      };
    },
    unused: () =>
      source.answers
        .map(({ role, order }) => `${role} ${order}`)
        .filter((call) => !asked.has(call)),
  };
}
