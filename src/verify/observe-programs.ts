import type { Program, TaggedValue, WorkFile } from "../sandbox/sandbox.ts";
import { canonicalJson } from "../shared/digest.ts";
import { outcomeKey } from "./agreement/behaviour.ts";
import { familiarInputs } from "./agreement/familiar-inputs.ts";
import type { Contract } from "./contract.ts";
import { judgeOutcome } from "./judge-case.ts";
import { type Answer, answerOf } from "./mutation/tell-apart.ts";
import { PropertyChecker } from "./property-checker.ts";
import type { Case } from "./suite.ts";
import { separateProcesses, type VariantOptions } from "./variant-process.ts";

/** What one program does, for comparing it with others: no sealed case in it. */
export interface ObservedProgram {
  /** Of the open cases. */
  readonly passed: readonly string[];
  /** In words, by the id of the open case. */
  readonly caseAnswers: Readonly<Record<string, string>>;
  /** One key a call, those of the open cases first, then the generated ones. */
  readonly outcomes: readonly string[];
  /** Of each generated call, whether it is like those of the cases. */
  readonly isFamiliar: readonly boolean[];
}

export interface ObserveOptions extends VariantOptions {
  readonly contract: Contract;
  readonly programs: readonly Program[];
  readonly openCases: readonly Case[];
  readonly inputs: readonly (readonly TaggedValue[])[];
  /** In the work folder of each generated call. */
  readonly files: readonly WorkFile[];
}

/** A program that hangs on so many generated calls is not asked about the rest. */
const maxDeaths = 3;
const maxAnswerLength = 2_000;
/** How a call that ended its process is written. */
export const noAnswer = "never answers";

/** Calls each program in a process of its own. @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED */
export async function observePrograms(
  options: ObserveOptions,
): Promise<readonly ObservedProgram[]> {
  const process = separateProcesses(options.programs, options);
  const checker = new PropertyChecker(options.sandbox, options.limits);
  const { inputs, openCases } = options;
  const isFamiliar = familiarInputs(
    inputs,
    openCases.map(({ args }) => args),
  );
  try {
    const observed: ObservedProgram[] = [];
    for (const index of options.programs.keys()) {
      const onCases = await observeCases(index, process, checker, options);
      const { outcomes, ...cases } = onCases;
      const onInputs = await observeInputs(index, process, options);
      observed.push({ ...cases, outcomes: [...outcomes, ...onInputs], isFamiliar });
    }
    return observed;
  } finally {
    await Promise.all([process.close(), checker.close()]);
  }
}

type Process = ReturnType<typeof separateProcesses>;

async function observeCases(
  index: number,
  process: Process,
  checker: PropertyChecker,
  { openCases, contract, signal }: ObserveOptions,
) {
  const passed: string[] = [];
  const caseAnswers: Record<string, string> = {};
  const outcomes: string[] = [];
  for (const one of openCases) {
    const { args, files } = one;
    const outcome = await process.call(index, {
      args,
      files,
      collectFiles: one.filesAfter.length > 0,
    });
    caseAnswers[one.id] = answerText(answerOf(outcome));
    outcomes.push(outcomeKey(outcome));
    if ((await judgeOutcome(one, outcome, contract, checker, signal)) === undefined) {
      passed.push(one.id);
    }
  }
  return { passed, caseAnswers, outcomes };
}

async function observeInputs(
  index: number,
  process: Process,
  { inputs, files }: ObserveOptions,
): Promise<readonly string[]> {
  const answers: string[] = [];
  let deaths = 0;
  for (const args of inputs) {
    if (deaths >= maxDeaths) {
      answers.push(outcomeKey({ kind: "died" }));
      continue;
    }
    const outcome = await process.call(index, { args, files });
    deaths += outcome.kind === "died" ? 1 : 0;
    answers.push(outcomeKey(outcome));
  }
  return answers;
}

/** `returns 6`, `raises ValueError`, `never answers`; one that is too long is cut. */
export function answerText(answer: Answer): string {
  switch (answer.kind) {
    case "returned": {
      const { value, files } = answer;
      return `returns ${canonicalJson(value)}${filesText(files)}`.slice(0, maxAnswerLength);
    }
    case "raised":
      return `raises ${answer.errorType}`;
    case "died":
      return noAnswer;
  }
}

function filesText(files: readonly WorkFile[]): string {
  const text = (base64: string) => Buffer.from(base64, "base64").toString("utf8");
  const texts = Object.fromEntries(
    files.map(({ path, contentBase64 }) => [path, text(contentBase64)]),
  );
  return files.length === 0 ? "" : `, and makes ${canonicalJson(texts)}`;
}
