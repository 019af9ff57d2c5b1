import { readCode, readJson, withinWrapper } from "../model/answer-reader.ts";
import { chatWithinLimits } from "../model/budget/chat-within-limits.ts";
import type { CallLimits } from "../model/budget/spending.ts";
import type { ChatModel, ChatProgress, ChatRequest } from "../model/chat-model.ts";
import { isDown } from "../model/model-chain.ts";
import type { ChatAnswer } from "../shared/chat.ts";
import { AgentError } from "../shared/errors.ts";
import type { Role } from "../shared/events.ts";
import type { JsonObject, JsonValue, Language } from "../shared/json.ts";
import type { BuiltPrompt } from "./prompt-budget.ts";
import { repairPrompt } from "./prompts.ts";
import type { Run } from "./run.ts";

export type Reading<T> =
  | { readonly kind: "read"; readonly value: T }
  | { readonly kind: "unreadable"; readonly problem: string };

interface Question {
  readonly role: Role;
  /** Built to the window of whoever is asked. */
  readonly prompt: (contextTokens: number) => BuiltPrompt;
  readonly format?: JsonObject;
  /** Absent for the role's own. */
  readonly model?: ChatModel;
  /** Of the code that is asked for; absent for the run's own. */
  readonly language?: Language;
}

interface Asked {
  readonly answer: ChatAnswer;
  /** As the chain names it. */
  readonly model: string;
}

/**
 * Makes one model call, or takes its answer from the journal when the run is a resumed one. Where a
 * model is down, the next of its chain is asked, by a prompt that is built anew.
 */
async function ask(run: Run, question: Question): Promise<Asked> {
  const { role } = question;
  const order = run.calls.next(role);
  const seed = await run.journal.step("seed", () => Math.floor(Math.random() * 2 ** 31));
  for (;;) {
    const model = question.model ?? (await run.models.modelFor(role, order));
    const prompt = question.prompt(model.contextTokens);
    announce(run, { role, order, model, leftOut: prompt.leftOut });
    if (question.model === undefined && (await run.models.repeatSwitch(role, order))) {
      continue;
    }
    try {
      const answer = await send(run, { ...question, order, seed, model, prompt });
      // A chain may name it otherwise than it calls itself: `ollama:qwen3-coder`.
      return { answer, model: question.model?.name ?? run.models.nameOf(role) };
    } catch (error) {
      if (question.model !== undefined || !isDown(error)) {
        throw error;
      }
      await run.models.leave(role, order, error);
    }
  }
}

function announce(
  run: Run,
  { model, ...call }: { role: Role; order: number; model: ChatModel; leftOut: string[] },
): void {
  const { role, order, leftOut } = call;
  const { name, contextTokens } = model;
  if (leftOut.length > 0) {
    run.emit({ type: "prompt-shortened", role, order, model: name, contextTokens, leftOut });
  }
  run.emit({ type: "model-called", role, order, model: name });
  run.calls.requested();
}

interface Call extends Omit<Question, "prompt" | "model"> {
  readonly order: number;
  readonly seed: number;
  readonly model: ChatModel;
  readonly prompt: BuiltPrompt;
}

async function send(run: Run, call: Call): Promise<ChatAnswer> {
  const { role, order, seed, model, prompt } = call;
  const format = call.format === undefined ? {} : { format: call.format };
  const request = { role, order, seed, messages: prompt.messages, ...format };
  const planned = { role, order, model, messages: prompt.messages };
  const { answer, replayed } = await run.journal.answer(
    { ...request, leftOut: prompt.leftOut },
    () => run.spending.spend(planned, run.signal, (limits) => chat(run, model, request, limits)),
  );
  if (!replayed) {
    run.spending.record(planned, answer);
  }
  run.calls.answered(answer.model);
  if (answer.promptDifference !== undefined) {
    run.emit({ type: "prompt-differed", role, order, detail: answer.promptDifference });
  }
  const { promptTokens, outputTokens, durationMs, firstTokenMs, money = null } = answer;
  const cost = { promptTokens, outputTokens, durationMs, firstTokenMs, money };
  run.emit({ type: "model-answered", role, order, ...cost, replayed });
  return answer;
}

async function chat(
  run: Run,
  model: ChatModel,
  request: Omit<ChatRequest, "goal" | "language">,
  limits: CallLimits,
): Promise<ChatAnswer> {
  const { goal, language } = run.directive;
  const { role } = request;
  const tell = everyFewTokens((progress) =>
    run.emit({ type: "token-received", role, ...progress }),
  );
  return chatWithinLimits(model, { ...request, goal, language }, limits, {
    signal: run.signal,
    onProgress: tell,
  });
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

/**
 * Asks, reads, and asks once more with the problem named; a repair does not cost an attempt. A model
 * whose answers could not be read three times is left: the next is asked the question itself. Two calls
 * at most, whoever answers, so that a recording of the run is asked for as many.
 */
async function askWithRepair<T>(
  run: Run,
  question: Question,
  kind: "json" | "code",
  read: (text: string) => Reading<T>,
): Promise<Reading<T>> {
  const { role } = question;
  const readAnswer = ({ answer: { problem, text }, model }: Asked): Reading<T> => {
    const reading: Reading<T> =
      problem === undefined ? read(text) : { kind: "unreadable", problem };
    if (reading.kind === "unreadable" && question.model === undefined) {
      run.models.countUnreadable(model);
    }
    return reading;
  };
  const asked = await ask(run, question);
  const first = readAnswer(asked);
  if (first.kind === "read") {
    return first;
  }
  run.emit({ type: "answer-repaired", role, problem: first.problem });
  const isLeft = question.model === undefined && run.models.mustLeave(role);
  return readAnswer(
    isLeft
      ? await ask(run, question)
      : await askToRepair(run, question, kind, asked, first.problem),
  );
}

async function askToRepair(
  run: Run,
  question: Question,
  kind: "json" | "code",
  { answer, model }: Asked,
  problem: string,
): Promise<Asked> {
  const { role, language = run.directive.language } = question;
  const prompt = (contextTokens: number): BuiltPrompt => {
    const { messages } = question.prompt(contextTokens);
    const { text } = answer;
    return repairPrompt({ kind, problem, messages, answer: text, language, contextTokens });
  };
  try {
    return await ask(run, { ...question, prompt });
  } catch (error) {
    throw notRecorded(model, role, problem, error);
  }
}

/** That a recording ends says nothing of why it was not enough: the problem with its answer does. */
function notRecorded(model: string, role: Role, problem: string, error: unknown): unknown {
  if (!(error instanceof AgentError) || error.code !== "RECORDING_EXHAUSTED") {
    return error;
  }
  return new AgentError(
    "RECORDING_EXHAUSTED",
    `Answering from ${model}: the recorded answer of the ${role} cannot be used here: ${problem}; no other is recorded; leave out the examples or files that it does not know, or use a live model.`,
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
    if (reading.kind === "unreadable") return reading;
    const accepted = accept(reading.value);
    const inner = accepted.kind === "read" ? undefined : withinWrapper(reading.value);
    const acceptedInner = inner === undefined ? accepted : accept(inner);
    return acceptedInner.kind === "read" ? acceptedInner : accepted;
  });
}

/** Asks for one fenced block of code that defines `entry`. */
export function askForCode(run: Run, question: Question, entry: string): Promise<Reading<string>> {
  return askWithRepair(run, question, "code", (text) => {
    const language = question.language ?? run.directive.language;
    const reading = readCode(text, language, entry);
    return reading.kind === "read" ? { kind: "read", value: reading.code } : reading;
  });
}
