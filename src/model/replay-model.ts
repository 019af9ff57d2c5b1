import { existsSync } from "node:fs";
import { join } from "node:path";
import { describePromptDifference } from "../journal/prompt-difference.ts";
import type { ChatAnswer } from "../shared/chat.ts";
import { AgentError } from "../shared/errors.ts";
import type { Language } from "../shared/json.ts";
import { packageRoot } from "../shared/package-root.ts";
import type { ChatModel, ChatOptions, ChatRequest } from "./chat-model.ts";
import { packagedRecordingsName } from "./model-name.ts";
import { unknownModelContextTokens } from "./model-table.ts";
import { freeOfCharge } from "./price.ts";
import {
  answerKey,
  findRecording,
  type RecordedAnswer,
  type Recording,
  readRecordings,
} from "./recordings.ts";

export interface ReplayModel extends ChatModel {
  /** The goals it holds answers for. */
  readonly goals: readonly { readonly goal: string; readonly language?: Language }[];
  /** True when it holds answers for the goal in this language. */
  holds(goal: string, language?: Language): boolean;
}

/**
 * Returns a model that answers from journals: by goal, language, role and order of the call. It
 * calls nobody. A prompt that differs from the recorded one is answered all the same and the
 * difference named in `promptDifference`.
 *
 * @param name as the user wrote it, `replay:FILE`.
 * @throws {AgentError} RECORDING_NOT_FOUND when a path holds no recording; from `chat` also when
 * the goal is not recorded, and RECORDING_EXHAUSTED when this call of it is not.
 */
export async function openReplayModel(
  name: string,
  paths: readonly string[],
): Promise<ReplayModel> {
  return replayModel(name, await readRecordings(paths));
}

let packaged: Promise<Recording[]> | undefined;

function readPackaged(): Promise<Recording[]> {
  const folder = join(packageRoot(), "recordings");
  packaged ??= existsSync(folder) ? readRecordings([folder]) : Promise.resolve([]);
  return packaged;
}

/** The recordings that the package ships. */
export async function openPackagedRecordings(): Promise<ReplayModel> {
  return replayModel(packagedRecordingsName, await readPackaged());
}

function replayModel(name: string, recordings: readonly Recording[]): ReplayModel {
  return {
    name,
    contextTokens: unknownModelContextTokens,
    price: freeOfCharge,
    recordingLabel: describeLabels(recordings),
    goals: recordings.map(({ goal, language }) => ({
      goal,
      ...(language === undefined ? {} : { language }),
    })),
    holds: (goal, language) => findRecording(recordings, goal, language) !== undefined,
    async chat(request: ChatRequest, options?: ChatOptions): Promise<ChatAnswer> {
      throwIfAborted(options?.signal);
      const recording = findRecording(recordings, request.goal, request.language);
      if (recording === undefined) throw goalNotFound(name, recordings, request);
      const recorded = recording.answers.get(answerKey(request.role, request.order));
      if (recorded === undefined) throw exhausted(recording, request);
      const answer = withDifference(recorded, request, recording);
      options?.onProgress?.({ outputTokens: answer.outputTokens, isThinking: false });
      return answer;
    },
  };
}

function describeLabels(recordings: readonly Recording[]): string {
  const labels = [...new Set(recordings.map((recording) => recording.label))];
  return labels.length > 0 && labels.length <= 3
    ? labels.join("; ")
    : `recorded answers of ${recordings.length} runs`;
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted !== true) return;
  throw new AgentError(
    "ABORTED",
    "Asking a recorded model: the run was stopped; resume it later.",
    {
      blame: "caller",
      cause: signal.reason,
    },
  );
}

function withDifference(
  recorded: RecordedAnswer,
  request: ChatRequest,
  recording: Recording,
): ChatAnswer {
  const { promptDifference: _earlier, ...answer } = recorded.answer;
  // Recordings written by hand hold no prompts, so nothing can differ from them.
  if (recorded.messages.length === 0) return answer;
  // The recording was found for this goal in other words; those alone are no difference.
  const messages = recorded.messages.map((message) => ({
    ...message,
    content: message.content.replaceAll(recording.goal, () => request.goal),
  }));
  const difference = describePromptDifference(messages, request.messages);
  return difference === undefined ? answer : { ...answer, promptDifference: difference };
}

const goalsShown = 20;

function goalNotFound(
  name: string,
  recordings: readonly Recording[],
  request: ChatRequest,
): AgentError {
  const language = request.language === undefined ? "" : ` in ${request.language}`;
  const held = recordings
    .slice(0, goalsShown)
    .map((recording) => `"${recording.goal}"${describeLanguage(recording)}`)
    .join(", ");
  const more = recordings.length > goalsShown ? ` and ${recordings.length - goalsShown} more` : "";
  return new AgentError(
    "RECORDING_NOT_FOUND",
    `Answering from ${name}: no answers are recorded for "${request.goal.slice(0, 200)}"${language}; it holds ${held || "none"}${more}; give one of these goals, or start Ollama and use a live model.`,
    { blame: "caller" },
  );
}

function describeLanguage(recording: Recording): string {
  return recording.language === undefined ? "" : ` (${recording.language})`;
}

function exhausted(recording: Recording, request: ChatRequest): AgentError {
  const { role, order } = request;
  const held = [...recording.answers.values()].filter((answer) => answer.role === role).length;
  return new AgentError(
    "RECORDING_EXHAUSTED",
    `Answering from ${recording.path}: call ${order + 1} of the ${role} is not recorded, ${held} of this role are; the run took another way than the recorded one; use a live model to go on.`,
    { blame: "caller" },
  );
}
