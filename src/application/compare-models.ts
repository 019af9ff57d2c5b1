import type { JournalEntry } from "../journal/journal.ts";
import type { JudgeRequest } from "../loop/run.ts";
import { readCode, readJson } from "../model/answer-reader.ts";
import { chatWithinLimits, unusableAnswer } from "../model/budget/chat-within-limits.ts";
import type { Spending } from "../model/budget/spending.ts";
import type { ChatModel, ChatRequest } from "../model/chat-model.ts";
import type { ChatAnswer } from "../shared/chat.ts";
import { canonicalJson } from "../shared/digest.ts";
import { isJsonObject, type JsonValue } from "../shared/json.ts";
import type { ComparedAnswer, ComparedCall, CompareOptions } from "./application.ts";
import { judgeCandidate } from "./judge-candidate.ts";
import { showRun } from "./list-runs.ts";
import { withComparisonSpending } from "./open-spending.ts";
import type { Parts } from "./parts.ts";
import { readStartedRun, type StartedRun } from "./read-started-run.ts";
import { replayJournal } from "./replay-journal.ts";
import { resolveModels } from "./resolve-model.ts";

type Answered = Extract<JournalEntry, { type: "model-answered" }>;

interface Comparison {
  readonly parts: Parts;
  readonly started: StartedRun;
  readonly other: ChatModel;
  readonly spending: Spending;
  /** The last thing that was judged, with contract and suite; undefined when nothing was. */
  readonly judged: JudgeRequest | undefined;
  readonly signal: AbortSignal | undefined;
}

/** Asks another model the prompts of a recorded run; see `Application.compareModels`. */
export async function compareModels(
  parts: Parts,
  runId: string,
  model: string,
  options: CompareOptions,
): Promise<readonly ComparedCall[]> {
  const entries = await showRun(parts, runId);
  const started = readStartedRun(entries, `Replaying run ${runId}`);
  const { goal, language } = started.directive;
  // Whether it may be asked at all is known before anything else is done.
  const only = { mayUseRecordings: false, peers: [] };
  const { links } = await resolveModels(parts, goal, language, { model: [model] }, only);
  const other = await links.planner[0]?.open();
  if (other === undefined) {
    throw new TypeError(`no model is there for ${JSON.stringify(model)}`);
  }
  const { signal } = options;
  const { judged } = await replayJournal(parts, runId, entries, signal);
  const { skill } = started.directive;
  return withComparisonSpending(parts, { runId, skill }, (spending) =>
    compareCalls(
      { parts, started, other, spending, judged: judged.at(-1), signal },
      entries,
      options,
    ),
  );
}

async function compareCalls(
  comparison: Comparison,
  entries: readonly JournalEntry[],
  { onCall }: CompareOptions,
): Promise<readonly ComparedCall[]> {
  const calls: ComparedCall[] = [];
  for (const entry of entries) {
    if (entry.type !== "model-answered") continue;
    const call = await compareCall(comparison, entry);
    onCall?.(call);
    calls.push(call);
  }
  return calls;
}

async function compareCall(comparison: Comparison, entry: Answered): Promise<ComparedCall> {
  const { role, order } = entry;
  const answer = await askOther(comparison, entry);
  const [recorded, other] = [
    await readAnswer(comparison, entry, entry.answer),
    await readAnswer(comparison, entry, answer),
  ];
  const same = recorded.essence !== undefined && recorded.essence === other.essence;
  return { role, order, recorded: recorded.compared, other: other.compared, same };
}

/** No budget is passed by it, and it is counted for day and library. */
async function askOther(comparison: Comparison, entry: Answered): Promise<ChatAnswer> {
  const { other, spending, signal } = comparison;
  const { role, order, messages } = entry;
  const planned = { role, order, model: other, messages };
  try {
    const answer = await spending.spend(planned, signal, (limits) =>
      chatWithinLimits(other, requestOf(comparison, entry), limits, { signal }),
    );
    spending.record(planned, answer);
    return answer;
  } catch (error) {
    // A prompt that does not fit is no answer either.
    return unusableAnswer(other, error, { promptTokens: 0, outputTokens: 0 });
  }
}

function requestOf({ started }: Comparison, entry: Answered): ChatRequest {
  const { role, order, messages, format, seed } = entry;
  const { goal, language } = started.directive;
  const asked = { goal, language, role, order, messages };
  const withFormat = isJsonObject(format) ? { ...asked, format } : asked;
  return seed === undefined ? withFormat : { ...withFormat, seed };
}

interface ReadAnswer {
  readonly compared: ComparedAnswer;
  /** What two answers have in common that mean the same; undefined for an unreadable one. */
  readonly essence: string | undefined;
}

async function readAnswer(
  comparison: Comparison,
  { role }: Answered,
  answer: ChatAnswer,
): Promise<ReadAnswer> {
  const { model, promptTokens, outputTokens, durationMs } = answer;
  const cost = { model, promptTokens, outputTokens, durationMs };
  if (answer.problem !== undefined) return unreadable(cost, answer.problem);
  if (role === "coder") return readProgram(comparison, answer.text, cost);
  const reading = readJson(answer.text);
  if (reading.kind === "unreadable") return unreadable(cost, reading.problem);
  const { value } = reading;
  const compared = { ...cost, isReadable: true, reading: describeValue(value) };
  return { compared, essence: canonicalJson(value) };
}

type Cost = Pick<ComparedAnswer, "model" | "promptTokens" | "outputTokens" | "durationMs">;

function unreadable(cost: Cost, problem: string): ReadAnswer {
  return { compared: { ...cost, isReadable: false, reading: problem }, essence: undefined };
}

function describeValue(value: JsonValue): string {
  if (!isJsonObject(value)) return Array.isArray(value) ? `a list of ${value.length}` : "a value";
  const { cases, verdict, entry } = value;
  if (Array.isArray(cases)) return `${cases.length} ${cases.length === 1 ? "case" : "cases"}`;
  if (typeof verdict === "string") return `verdict ${verdict}`;
  return typeof entry === "string" ? `contract of ${entry}` : "an object";
}

async function readProgram(comparison: Comparison, text: string, cost: Cost): Promise<ReadAnswer> {
  const { parts, started, judged } = comparison;
  const { language } = started.directive;
  const reading = readCode(text, language, judged?.contract.entry);
  if (reading.kind === "unreadable") return unreadable(cost, reading.problem);
  const { code } = reading;
  const lines = code.split("\n").length - 1;
  const capabilities = judged?.contract.capabilities ?? [];
  const { accepted, findings, facts } = await (await parts.safety()).read(
    language,
    code,
    capabilities,
  );
  const essence = facts.kind === "read" ? facts.value.treeDigest : code;
  const compared = {
    ...cost,
    isReadable: true,
    reading: `${lines} ${lines === 1 ? "line" : "lines"}`,
  };
  if (judged === undefined) return { compared, essence };
  // Nothing that the reader refuses is executed, here as in a run.
  const verdict = accepted
    ? await judgeProgram(comparison, judged, code)
    : { passed: false, detail: `refused: ${findings[0]?.message ?? "it may not be run"}` };
  return { compared: { ...compared, verdict }, essence };
}

async function judgeProgram(
  { parts, started, signal }: Comparison,
  { contract, suite }: JudgeRequest,
  source: string,
): Promise<{ passed: boolean; detail: string }> {
  const { language } = started.directive;
  const { executionTimeoutMs } = started.settings;
  const judging = {
    reference: await parts.referenceSandbox(language, signal),
    sandbox: await parts.sandbox(language, signal),
    reader: await parts.reader(),
    config: { ...parts.config, executionTimeoutMs },
    signal,
  };
  const { passed, findings, loadFailure } = await judgeCandidate(judging, {
    contract,
    suite,
    source,
  });
  const right = findings.filter((finding) => finding.passed).length;
  const detail = loadFailure ?? `${right} of ${suite.cases.length} cases`;
  return { passed, detail };
}
