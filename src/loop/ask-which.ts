import { canonicalJson, digestJson } from "../shared/digest.ts";
import type { JsonValue } from "../shared/json.ts";
import { suiteFormat } from "../verify/answer-formats.ts";
import type { Contract } from "../verify/contract.ts";
import { summarizeCase } from "../verify/describe-case.ts";
import type { DraftCase } from "../verify/draft-case.ts";
import type { Case } from "../verify/suite.ts";
import { readSuite } from "../verify/suite-reader.ts";
import { askForJson, type Reading } from "./ask.ts";
import { whichPrompt } from "./prompts.ts";
import type { Run } from "./run.ts";

const maxQuestionLength = 1_500;

/** A call, and the answers that were given to it or wanted of it, in words. */
export interface Question {
  readonly args: readonly JsonValue[];
  readonly answers: readonly string[];
}

/** False for one that a prompt has no room for. */
export function canBeAsked(question: Question): boolean {
  return questionText(question, "", 0).length <= maxQuestionLength;
}

/**
 * Shows the tester calls with the answers that were given, in an order that says nothing of whose they
 * are and without any code, and asks what the contract demands. Returns the cases for these very calls;
 * none for a call that the contract does not settle, undefined when nothing could be read.
 */
export async function askWhich(
  run: Run,
  contract: Contract,
  questions: readonly Question[],
  files: Case["files"],
): Promise<readonly DraftCase[] | undefined> {
  const texts = questions.map((one, index) => questionText(one, contract.entry, index + 1));
  const { goal } = run.directive;
  const prompt = (contextTokens: number) =>
    whichPrompt({ goal, contract, questions: texts, files: fileTexts(files), contextTokens });
  const asked = new Set(questions.map(({ args }) => callText(args)));
  const reading = await askForJson(
    run,
    { role: "tester", prompt, format: suiteFormat(contract) },
    (value) => readAskedCases(value, contract, asked),
  );
  if (reading.kind === "unreadable") {
    run.emit({ type: "warning-raised", message: `asking the tester: no case: ${reading.problem}` });
    return undefined;
  }
  const vetted = await run.journal.step("vet-cases", () =>
    run.vetCases(reading.value, contract, []),
  );
  for (const { text, reason } of vetted.dropped) {
    run.emit({ type: "case-dropped", text, reason });
  }
  return vetted.cases.map((one) => ({ ...one, files }));
}

/** Cases for other calls could overrule an example, or open a sealed case. */
function readAskedCases(
  value: JsonValue,
  contract: Contract,
  asked: ReadonlySet<string>,
): Reading<readonly DraftCase[]> {
  const { cases, dropped } = readSuite(value, contract);
  const answered = cases.filter(({ args }) => asked.has(callText(args)));
  const [first] = dropped;
  if (answered.length === 0 && cases.length > 0) {
    const problem = 'no case is for a call that was asked for; "args" must be as given';
    return { kind: "unreadable", problem };
  }
  return answered.length === 0 && first !== undefined
    ? { kind: "unreadable", problem: `no case fits the contract: ${first.reason}` }
    : { kind: "read", value: answered };
}

function callText(args: readonly JsonValue[]): string {
  return canonicalJson([...args]);
}

function questionText({ args, answers }: Question, entry: string, n: number): string {
  // By the digest, so that neither place nor order gives anything away.
  const drawn = (answer: string) => digestJson([[...args], answer]);
  const order = [...new Set(answers)].toSorted((a, b) => (drawn(a) < drawn(b) ? -1 : 1));
  const lines = order.map((answer) => `an answer: it ${answer}`);
  return [`call ${n} of ${entry}, "args": ${JSON.stringify(args)}`, ...lines].join("\n");
}

/** By name, as a case writes them. */
function fileTexts(files: Case["files"]): Record<string, string> {
  const text = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  return Object.fromEntries(files.map(({ path, contentBase64 }) => [path, text(contentBase64)]));
}

/** Draft cases as open cases of a suite, with the next free ids. */
export function placeCases(drafts: readonly DraftCase[], cases: readonly Case[]): readonly Case[] {
  const numbers = cases.map(({ id }) => Number.parseInt(id.slice(1), 10));
  const next = Math.max(0, ...numbers.filter(Number.isFinite)) + 1;
  return drafts.map((draft, index) => ({ ...draft, id: `c${next + index}`, sealed: false }));
}

/** For the event that says which cases were added. */
export function summariesOf(cases: readonly Case[], entry: string) {
  return cases.map((one) => summarizeCase(one, entry));
}
