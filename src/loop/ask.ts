import { readCode, readJson } from "../model/answer-reader.ts";
import type { ChatModel, ChatProgress } from "../model/chat-model.ts";
import type { ChatAnswer } from "../shared/chat.ts";
import { AgentError } from "../shared/errors.ts";
import type { Role } from "../shared/events.ts";
import type { JsonObject, JsonValue } from "../shared/json.ts";
import type { BuiltPrompt } from "./prompt-budget.ts";
import { repairPrompt } from "./prompts.ts";
import type { Run } from "./run.ts";

export type Reading<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unreadable"; readonly problem: string };

interface Question {
  readonly role: Role;
  readonly prompt: BuiltPrompt;
  readonly format?: JsonObject;
  /** Absent for the run's own. */
  readonly model?: ChatModel;
}

/** Makes one model call, or takes its answer from the journal when the run is a resumed one. */
async function ask(run: Run, question: Question): Promise<ChatAnswer> {
  const { role, prompt, model = run.model } = question;
  const order = run.calls.next(role);
  if (prompt.leftOut.length > 0) {
    const message = `prompt for the ${role}: left out to fit the window: ${prompt.leftOut.join("; ")}`;
    run.emit({ type: "warning-raised", message });
  }
  run.emit({ type: "model-called", role, order, model: model.name });
  const seed = await run.journal.step("seed", () => Math.floor(Math.random() * 2 ** 31));
  const format = question.format === undefined ? {} : { format: question.format };
  const request = { role, order, seed, messages: prompt.messages, ...format };
  const { answer, replayed } = await run.journal.answer(request, async () => {
    const { goal, language } = run.directive;
    const tell = everyFewTokens((progress) =>
      run.emit({ type: "token-received", role, ...progress }),
    );
    const signal = run.signal === undefined ? {} : { signal: run.signal };
    try {
      return await model.chat({ ...request, goal, language }, { ...signal, onProgress: tell });
    } catch (error) {
      return unusableAnswer(model, error);
    }
  });
  run.calls.answered(answer.model);
  if (answer.promptDifference !== undefined) {
    run.emit({ type: "prompt-differed", role, order, detail: answer.promptDifference });
  }
  const { promptTokens, outputTokens, durationMs, firstTokenMs } = answer;
  run.emit({
    type: "model-answered",
    role,
    order,
    promptTokens,
    outputTokens,
    durationMs,
    firstTokenMs,
    replayed,
  });
  return answer;
}

/** An answer that never ends is the model's fault and costs a repair, not the run. */
function unusableAnswer(model: ChatModel, error: unknown): ChatAnswer {
  const isModelsFault =
    error instanceof AgentError &&
    error.blame === "model" &&
    (error.code === "MODEL_ANSWER_TOO_LARGE" || error.code === "MODEL_CONTEXT_OVERFLOW");
  if (!isModelsFault) {
    throw error;
  }
  const usage = { promptTokens: 0, outputTokens: 0, durationMs: 0, firstTokenMs: 0 };
  return { text: "", thinking: "", model: model.name, ...usage, problem: error.message };
}

/** An event a token would be thousands a run; the eye does not need them. */
function everyFewTokens(tell: (progress: ChatProgress) => void): (progress: ChatProgress) => void {
  let told = 0;
  return (progress) => {
    const isWaiting = progress.retryInMs !== undefined;
    if (told === 0 || isWaiting || progress.outputTokens >= told + 8) {
      told = progress.outputTokens;
      tell(progress);
    }
  };
}

/** Asks, reads, and asks once more with the problem named; a repair does not cost an attempt. */
async function askWithRepair<T>(
  run: Run,
  question: Question,
  kind: "json" | "code",
  read: (text: string) => Reading<T>,
): Promise<Reading<T>> {
  const readAnswer = ({ problem, text }: ChatAnswer): Reading<T> =>
    problem === undefined ? read(text) : { kind: "unreadable", problem };
  const answer = await ask(run, question);
  const first = readAnswer(answer);
  if (first.kind === "read") {
    return first;
  }
  run.emit({ type: "answer-repaired", role: question.role, problem: first.problem });
  const prompt = repairPrompt({
    kind,
    problem: first.problem,
    messages: question.prompt.messages,
    answer: answer.text,
    language: run.directive.language,
    contextTokens: run.model.contextTokens,
  });
  try {
    return readAnswer(await ask(run, { ...question, prompt }));
  } catch (error) {
    throw notRecorded(run, question.role, first.problem, error);
  }
}

/** That a recording ends says nothing of why it was not enough: the problem with its answer does. */
function notRecorded(run: Run, role: Role, problem: string, error: unknown): unknown {
  if (!(error instanceof AgentError) || error.code !== "RECORDING_EXHAUSTED") {
    return error;
  }
  return new AgentError(
    "RECORDING_EXHAUSTED",
    `Answering from ${run.model.name}: the recorded answer of the ${role} cannot be used here: ${problem}; no other is recorded; leave out the examples or files that it does not know, or use a live model.`,
    { blame: "caller", cause: error },
  );
}

/** Asks for JSON; `accept` says whether it is what was wanted, and its problem goes back to the model. */
export function askForJson<T>(
  run: Run,
  question: Question & { readonly format: JsonObject },
  accept: (value: JsonValue) => Reading<T>,
): Promise<Reading<T>> {
  return askWithRepair(run, question, "json", (text) => {
    const reading = readJson(text);
    return reading.kind === "read" ? accept(reading.value) : reading;
  });
}

/** Asks for one fenced block of code that defines `entry`. */
export function askForCode(run: Run, question: Question, entry: string): Promise<Reading<string>> {
  return askWithRepair(run, question, "code", (text) => {
    const reading = readCode(text, run.directive.language, entry);
    return reading.kind === "read" ? { kind: "read", value: reading.code } : reading;
  });
}
