import type { CallOutcome, Program, Sandbox, TaggedValue, WorkFile } from "../sandbox/sandbox.ts";
import { canonicalJson } from "../shared/digest.ts";
import { errorTypeOf, isErrorKey, outcomeKey } from "./agreement/behaviour.ts";
import { familiarInputs } from "./agreement/familiar-inputs.ts";
import { lastName } from "./case-reader.ts";
import type { Contract } from "./contract.ts";
import { judgeOutcome, nearestDeclared } from "./judge-case.ts";
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
  /** For programs of another language than the contract's; `sandbox` holds all others. */
  readonly otherSandbox?: Sandbox | undefined;
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

/**
 * Calls each program in a process of its own. What programs of two languages return is compared by its
 * tagged values, what they raise by the contract's names.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function observePrograms(
  options: ObserveOptions,
): Promise<readonly ObservedProgram[]> {
  const checker = new PropertyChecker(options.sandbox, options.limits);
  const { inputs, openCases } = options;
  const isFamiliar = familiarInputs(
    inputs,
    openCases.map(({ args }) => args),
  );
  try {
    const observed: ObservedProgram[] = [];
    for (const program of options.programs) {
      observed.push({ ...(await observeProgram(program, checker, options)), isFamiliar });
    }
    return observed;
  } finally {
    await checker.close();
  }
}

async function observeProgram(program: Program, checker: PropertyChecker, options: ObserveOptions) {
  const { contract, otherSandbox } = options;
  const sandbox = program.language === contract.language ? options.sandbox : otherSandbox;
  if (sandbox === undefined) {
    throw new RangeError(`observing a ${program.language} program: no sandbox for it was given`);
  }
  const process = separateProcesses([program], { ...options, sandbox });
  try {
    const { outcomes, ...cases } = await observeCases(process, checker, options);
    return { ...cases, outcomes: [...outcomes, ...(await observeInputs(process, options))] };
  } finally {
    await process.close();
  }
}

type Process = ReturnType<typeof separateProcesses>;

async function observeCases(
  process: Process,
  checker: PropertyChecker,
  { openCases, contract, signal }: ObserveOptions,
) {
  const passed: string[] = [];
  const caseAnswers: Record<string, string> = {};
  const outcomes: string[] = [];
  for (const one of openCases) {
    const { args, files } = one;
    const outcome = await process.call(0, {
      args,
      files,
      collectFiles: one.filesAfter.length > 0,
    });
    caseAnswers[one.id] = answerText(answerOf(outcome));
    outcomes.push(keyOf(outcome, contract));
    if ((await judgeOutcome(one, outcome, contract, checker, signal)) === undefined) {
      passed.push(one.id);
    }
  }
  return { passed, caseAnswers, outcomes };
}

async function observeInputs(
  process: Process,
  { inputs, files, contract }: ObserveOptions,
): Promise<readonly string[]> {
  const answers: string[] = [];
  let deaths = 0;
  for (const args of inputs) {
    if (deaths >= maxDeaths) {
      answers.push(outcomeKey({ kind: "died" }));
      continue;
    }
    const outcome = await process.call(0, { args, files });
    deaths += outcome.kind === "died" ? 1 : 0;
    answers.push(keyOf(outcome, contract));
  }
  return answers;
}

/** An error by the name that the contract has for it: each language derives it from other classes. */
function keyOf(outcome: CallOutcome, contract: Contract): string {
  if (outcome.kind !== "raised") {
    return outcomeKey(outcome);
  }
  const { errorType, errorBases } = outcome;
  const meant = nearestDeclared([errorType, ...errorBases].map(lastName), contract);
  return outcomeKey({ kind: "raised", errorType: meant ?? errorType });
}

/** The same of an outcome key. */
export function answerOfKey(key: string): string {
  if (!isErrorKey(key)) {
    return `returns ${key}`.slice(0, maxAnswerLength);
  }
  const errorType = errorTypeOf(key);
  return errorType === undefined ? noAnswer : `raises ${errorType}`;
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
