import type {
  CallOutcome,
  DeathReason,
  Program,
  TaggedValue,
  WorkFile,
} from "../../sandbox/sandbox.ts";
import { variantsProgram } from "../../sandbox/variants.ts";
import { lastName } from "../case-reader.ts";
import { compareValues } from "../compare-values.ts";
import type { Contract } from "../contract.ts";
import type { UnansweredInputs } from "../evidence.ts";
import { nearestDeclared } from "../judge-case.ts";
import { separateProcesses, sharedProcess, type VariantOptions } from "../variant-process.ts";
import { shapeOf } from "./value-shape.ts";

/** What a call gave, without what may differ between two runs of the same code. */
export type Answer =
  | { readonly kind: "returned"; readonly value: TaggedValue; readonly files: readonly WorkFile[] }
  | { readonly kind: "raised"; readonly errorType: string }
  | { readonly kind: "died" };

/** A call that two programs answer differently. */
export interface Difference {
  readonly args: readonly TaggedValue[];
  readonly candidate: Answer;
  readonly mutant: Answer;
}

export interface TellApartOptions extends VariantOptions {
  readonly contract: Contract;
  readonly candidate: Program;
  readonly mutants: readonly Program[];
  readonly inputs: readonly (readonly TaggedValue[])[];
  /** In the work folder at each call. */
  readonly files: readonly WorkFile[];
}

/** Of each mutant so many differing calls are kept. */
const maxDifferences = 4;
/** A candidate that hangs on what was generated costs a time limit, and a fresh process, each. */
const maxCandidateDeaths = 10;
/** After so many of one shape others are tried first: what hangs on digits may answer words. */
const maxDeathsOfShape = 2;

export interface ToldApart {
  /** One list a mutant. */
  readonly differences: readonly (readonly Difference[])[];
  /** Absent when the candidate answered every call that was tried. */
  readonly unanswered?: UnansweredInputs;
}

/**
 * For each mutant the calls that it answers otherwise than the candidate, the simplest first; none
 * when it answers all of them alike. Errors count as the contract's, since no case can tell apart two
 * that it does not declare. The candidate has a process of its own. Calls that it does not survive tell
 * nothing and are counted alone; those that nothing was learned of when it had died too often are left
 * out. Without mutants nothing is called.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function tellApart(options: TellApartOptions): Promise<ToldApart> {
  if (options.mutants.length === 0) {
    return { differences: [] };
  }
  const { expected, unanswered } = await candidateAnswers(options);
  const { mutants } = options;
  const process = sharedProcess(variantsProgram(options.candidate.language, mutants), options);
  try {
    const all: Difference[][] = [];
    for (const index of mutants.keys()) {
      const differences: Difference[] = [];
      for (const { args, answer, outcome } of expected) {
        const got = await process.call(index, callOf(args, options));
        const mutant = answerOf(got);
        if (!isSameAnswer(answer, mutant) && !isSameError(outcome, got, options.contract)) {
          differences.push({ args, candidate: answer, mutant });
        }
        if (differences.length >= maxDifferences) {
          break;
        }
      }
      all.push(differences);
    }
    return { differences: all, ...(unanswered === undefined ? {} : { unanswered }) };
  } finally {
    await process.close();
  }
}

interface ExpectedAnswer {
  readonly args: readonly TaggedValue[];
  readonly answer: Answer;
  readonly outcome: CallOutcome;
}

type Asked = Pick<ExpectedAnswer, "args">;

interface Death extends Asked {
  readonly reason: DeathReason;
}

/** Simplest inputs first, but those that raise what the contract does not know after all others. */
async function candidateAnswers(options: TellApartOptions) {
  const process = separateProcesses([options.candidate], options);
  const sizeOf = (args: readonly TaggedValue[]) => JSON.stringify(args).length;
  const bySize = (a: Asked, b: Asked) => sizeOf(a.args) - sizeOf(b.args);
  const queue = options.inputs.map((args) => ({ args, isPostponed: false })).toSorted(bySize);
  const found: ExpectedAnswer[] = [];
  const deathsOfShape = new Map<string, number>();
  const deaths: Death[] = [];
  try {
    for (const { args, isPostponed } of queue) {
      if (deaths.length >= maxCandidateDeaths) {
        break;
      }
      const shape = shapeOf(args);
      const ofShape = deathsOfShape.get(shape) ?? 0;
      if (ofShape >= maxDeathsOfShape && !isPostponed) {
        queue.push({ args, isPostponed: true });
        continue;
      }
      const outcome = await process.call(0, callOf(args, options));
      if (outcome.kind === "died") {
        deathsOfShape.set(shape, ofShape + 1);
        deaths.push({ reason: outcome.reason, args });
      } else {
        found.push({ args, answer: answerOf(outcome), outcome });
      }
    }
  } finally {
    await process.close();
  }
  const answers = found.toSorted(bySize);
  const declared = new Set(options.contract.errors.map(({ type }) => type));
  const isMeant = ({ answer }: ExpectedAnswer) =>
    answer.kind !== "raised" || declared.has(answer.errorType);
  const expected = [...answers.filter(isMeant), ...answers.filter((one) => !isMeant(one))];
  return { expected, unanswered: unansweredOf(found.length, deaths) };
}

function unansweredOf(answered: number, deaths: readonly Death[]): UnansweredInputs | undefined {
  const byReason = Map.groupBy(deaths, ({ reason }) => reason);
  const counted = [...byReason].map(([reason, of]) => ({
    reason,
    inputs: of.length,
    example: of[0]?.args ?? [],
  }));
  return deaths.length === 0 ? undefined : { tried: answered + deaths.length, deaths: counted };
}

/** Two errors count as one where the contract calls both the same, or neither anything. */
function isSameError(one: CallOutcome, other: CallOutcome, contract: Contract): boolean {
  if (one.kind !== "raised" || other.kind !== "raised") {
    return false;
  }
  const declared = (outcome: typeof one) =>
    nearestDeclared([outcome.errorType, ...outcome.errorBases].map(lastName), contract);
  return declared(one) === declared(other);
}

function callOf(args: readonly TaggedValue[], { contract, files }: TellApartOptions) {
  return { args, files, collectFiles: contract.files.makes.length > 0 };
}

/** Without what may differ between two runs of the same code. */
export function answerOf(outcome: CallOutcome): Answer {
  switch (outcome.kind) {
    case "returned":
      return { kind: "returned", value: outcome.value, files: outcome.files ?? [] };
    case "raised":
      return { kind: "raised", errorType: outcome.errorType };
    case "died":
      return { kind: "died" };
  }
}

function isSameAnswer(one: Answer, other: Answer): boolean {
  if (one.kind === "returned" && other.kind === "returned") {
    const isSameFile = (file: WorkFile, index: number) =>
      other.files[index]?.path === file.path &&
      other.files[index]?.contentBase64 === file.contentBase64;
    return (
      compareValues(one.value, other.value) === undefined &&
      one.files.length === other.files.length &&
      one.files.every(isSameFile)
    );
  }
  return one.kind === "raised" && other.kind === "raised"
    ? one.errorType === other.errorType
    : one.kind === other.kind;
}
