import { estimateTokens } from "../model/estimate-tokens.ts";
import type { ChatMessage } from "../shared/chat.ts";
import type { JsonValue, Language } from "../shared/json.ts";
import type { Contract } from "../verify/contract.ts";
import { ownErrors } from "../verify/contract-in-language.ts";
import {
  type BuiltPrompt,
  fitPrompt,
  type PromptSlot,
  promptBudgetTokens,
} from "./prompt-budget.ts";
import { fenceInfo, fillPrompt, type PromptName } from "./prompt-files.ts";
import * as slot from "./prompt-slots.ts";
import { entrySignature, fenced, fencedList, shorten } from "./prompt-text.ts";

interface Common {
  readonly goal: string;
  /** The model's context, prompt and answer together; without it only the fixed limits hold. */
  readonly contextTokens?: number;
}

export interface ContractPromptOptions extends Common {
  readonly language: Language;
  readonly recalledFailures: readonly string[];
  readonly relatedSkills: readonly slot.RelatedSkill[];
  readonly examples: readonly string[];
  readonly inputs: readonly string[];
}

/** Asks the planner for a contract. */
export function contractPrompt(options: ContractPromptOptions): BuiltPrompt {
  const { goal, language, contextTokens } = options;
  return build({ name: "contract", language, contextTokens }, [
    slot.relatedNamesSlot(options.relatedSkills),
    slot.recalledFailuresSlot(options.recalledFailures),
    slot.inputsSlot(options.inputs),
    slot.goalSlot(goal),
    slot.examplesSlot(options.examples),
  ]);
}

export interface SuitePromptOptions extends Common {
  readonly contract: Contract;
  readonly caseCount: number;
  readonly examples: readonly string[];
  readonly inputs?: readonly string[];
  /** `always returns true`: what a function does that the last suite let pass. */
  readonly weakness?: string;
}

/** Asks the tester for cases; there is no way to hand it code. */
export function suitePrompt(options: SuitePromptOptions): BuiltPrompt {
  const { goal, contract, caseCount, contextTokens } = options;
  const fixed = new Map([
    ["caseCount", String(caseCount)],
    ["weakness", options.weakness ?? ""],
  ]);
  return build({ name: "suite", language: contract.language, contextTokens, fixed }, [
    slot.inputsSlot(options.inputs ?? []),
    slot.goalSlot(goal),
    slot.examplesSlot(options.examples),
    slot.contractSlot(contract),
  ]);
}

export interface MoreCasesPromptOptions extends Common {
  readonly contract: Contract;
  readonly caseCount: number;
  /** One line each, sealed ones too: the tester wrote them. */
  readonly existingCases: readonly string[];
  readonly inputs?: readonly string[];
}

/** Asks the tester for cases beside those that exist; there is no way to hand it code. */
export function moreCasesPrompt(options: MoreCasesPromptOptions): BuiltPrompt {
  const { goal, contract, caseCount, contextTokens } = options;
  const fixed = new Map([["caseCount", String(caseCount)]]);
  return build({ name: "more-cases", language: contract.language, contextTokens, fixed }, [
    slot.inputsSlot(options.inputs ?? []),
    slot.existingCasesSlot(options.existingCases),
    slot.goalSlot(goal),
    slot.contractSlot(contract),
  ]);
}

export interface CandidatePromptOptions extends Common {
  readonly contract: Contract;
  /** Lines such as `validate_json("{}") => true`; never those of sealed cases. */
  readonly openCases: readonly string[];
  readonly recalledFailures: readonly string[];
  readonly relatedSkills: readonly slot.RelatedSkill[];
}

/** Asks the coder for a first candidate. */
export function candidatePrompt(options: CandidatePromptOptions): BuiltPrompt {
  const { goal, contract, contextTokens } = options;
  const fixed = new Map([
    ["signature", entrySignature(contract)],
    ["ownErrors", ownErrors(contract).join(", ")],
  ]);
  return build({ name: "candidate", language: contract.language, contextTokens, fixed }, [
    ...recalledSlots(options),
    slot.openCasesSlot(options.openCases),
    slot.goalSlot(goal),
    slot.contractSlot(contract),
  ]);
}

export interface LiteralCandidatePromptOptions extends Common {
  readonly contract: Contract;
}

/** Asks the coder to follow the contract word by word; shows no case and nothing that is recalled. */
export function literalCandidatePrompt(options: LiteralCandidatePromptOptions): BuiltPrompt {
  const { goal, contract, contextTokens } = options;
  const fixed = new Map([["signature", entrySignature(contract)]]);
  const { language } = contract;
  return build({ name: "candidate-literal", language, contextTokens, fixed }, [
    slot.goalSlot(goal),
    slot.contractSlot(contract),
  ]);
}

export interface CandidateRetryPromptOptions extends CandidatePromptOptions {
  /** Empty when the last answer held no code that could be read. */
  readonly previousCode: string;
  readonly feedback: string;
  /** One line a failed attempt, oldest first. */
  readonly lessons: readonly string[];
  /** The last candidate was one that had been tried before. */
  readonly repeated?: boolean;
}

/** Asks the coder for a candidate that mends what failed. */
export function candidateRetryPrompt(options: CandidateRetryPromptOptions): BuiltPrompt {
  const { goal, contract, contextTokens } = options;
  const fixed = new Map([
    ["signature", entrySignature(contract)],
    ["repeated", options.repeated === true ? "yes" : ""],
  ]);
  const info = fenceInfo(contract.language);
  return build({ name: "candidate-retry", language: contract.language, contextTokens, fixed }, [
    ...recalledSlots(options),
    slot.lessonsSlot(options.lessons),
    slot.openCasesSlot(options.openCases),
    slot.goalSlot(goal),
    slot.codeSlot("previousCode", "the last version's code", options.previousCode, info),
    slot.feedbackSlot(options.feedback),
    slot.contractSlot(contract),
  ]);
}

function recalledSlots(options: CandidatePromptOptions): PromptSlot[] {
  return [
    slot.relatedSourcesSlot(options.relatedSkills, fenceInfo(options.contract.language)),
    slot.recalledFailuresSlot(options.recalledFailures),
  ];
}

export interface AnalysisPromptOptions extends Common {
  readonly contract: Contract;
  readonly code: string;
  /** Of the open cases; what was sealed is never shown. */
  readonly passed: boolean;
  /** One line an open case, with what came back. */
  readonly results: readonly string[];
  readonly feedback: string;
}

/** Asks the analyst: for an input the code gets wrong when it passed, else for the cause. */
export function analysisPrompt(options: AnalysisPromptOptions): BuiltPrompt {
  const { goal, contract, contextTokens } = options;
  const name = options.passed ? "analysis" : "analysis-failed";
  return build({ name, language: contract.language, contextTokens }, [
    slot.resultsSlot(options.results),
    slot.goalSlot(goal),
    slot.feedbackSlot(options.feedback),
    slot.codeSlot("code", "the code", options.code, fenceInfo(contract.language)),
    slot.contractSlot(contract),
  ]);
}

export interface ObjectionPromptOptions extends Common {
  readonly contract: Contract;
  readonly args: readonly JsonValue[];
}

/** Asks the tester, from the contract alone, what the call that the analyst named must give. */
export function objectionPrompt(options: ObjectionPromptOptions): BuiltPrompt {
  const { goal, contract, args, contextTokens } = options;
  // Never cut: the answer for half an input would be an answer to something else.
  const fixed = new Map([["args", fenced(JSON.stringify(args), "json")]]);
  return build({ name: "objection", language: contract.language, contextTokens, fixed }, [
    slot.goalSlot(goal),
    slot.contractSlot(contract),
  ]);
}

export interface WhichPromptOptions extends Common {
  readonly contract: Contract;
  /** Each a call and the two answers that were given; never which program gave which. */
  readonly questions: readonly string[];
  readonly files: Readonly<Record<string, string>>;
}

/** Asks the tester, from the contract alone, what calls must give that two programs answer differently. */
export function whichPrompt(options: WhichPromptOptions): BuiltPrompt {
  const { goal, contract, questions, files, contextTokens } = options;
  const hasFiles = Object.keys(files).length > 0;
  // Never cut: the answer for half an input would be an answer to something else.
  const fixed = new Map([
    ["questions", fencedList(questions)],
    ["files", hasFiles ? fenced(JSON.stringify(files), "json") : ""],
  ]);
  return build({ name: "which", language: contract.language, contextTokens, fixed }, [
    slot.goalSlot(goal),
    slot.contractSlot(contract),
  ]);
}

export interface RepairPromptOptions {
  readonly kind: "json" | "code";
  /** Why the answer could not be read. */
  readonly problem: string;
  /** The conversation that led to it. */
  readonly messages: readonly ChatMessage[];
  /** The answer that could not be read. */
  readonly answer: string;
  readonly language: Language;
  readonly contextTokens?: number;
}

/** The same conversation, the answer that could not be read, and a request for the right form. */
export function repairPrompt(options: RepairPromptOptions): BuiltPrompt {
  const { kind, language, answer, contextTokens } = options;
  const problem = shorten(options.problem, 1_000).text;
  const values = new Map([["problem", fenced(problem, "text")]]);
  const request = fillPrompt(`repair-${kind}`, language, values);
  const taken = [...options.messages, ...request].reduce(
    (sum, { content }) => sum + estimateTokens(content),
    0,
  );
  const room = budgetOf(contextTokens) - taken;
  const limits = [2_000, 400].map((maxCharacters) => shorten(answer, maxCharacters));
  const shown = limits.find(({ text }) => estimateTokens(text) <= room);
  // Servers differ on empty assistant messages; a word in its place is understood by all.
  const content = shown === undefined ? "(left out)" : shown.text.trim() || "(an empty answer)";
  const leftOut = shown === undefined ? answer.length : shown.leftOut;
  return {
    messages: [...options.messages, { role: "assistant", content }, ...request],
    leftOut:
      leftOut === 0 ? [] : [`${leftOut} of ${answer.length} characters of the unreadable answer`],
  };
}

interface PromptFrame {
  readonly name: PromptName;
  readonly language: Language;
  readonly contextTokens: number | undefined;
  readonly fixed?: ReadonlyMap<string, string>;
}

function build(frame: PromptFrame, slots: readonly PromptSlot[]): BuiltPrompt {
  const { name, language, fixed } = frame;
  return fitPrompt(slots, budgetOf(frame.contextTokens), (values) =>
    fillPrompt(name, language, new Map([...(fixed ?? []), ...values])),
  );
}

function budgetOf(contextTokens: number | undefined): number {
  return contextTokens === undefined ? Number.POSITIVE_INFINITY : promptBudgetTokens(contextTokens);
}
