import type { CallOutcome, Program, TaggedValue, WorkFile } from "../../sandbox/sandbox.ts";
import { variantsProgram } from "../../sandbox/variants.ts";
import { compareValues } from "../compare-values.ts";
import type { Contract } from "../contract.ts";
import { separateProcesses, sharedProcess, type VariantOptions } from "../variant-process.ts";

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
/** A candidate that hangs on what was generated costs a time limit each. */
const maxCandidateDeaths = 3;

/**
 * For each mutant the calls that it answers otherwise than the candidate, the simplest first; none
 * when it answers all of them alike. The candidate has a process of its own. Calls that it does not
 * survive tell nothing and are left out.
 *
 * @throws {AgentError} SANDBOX_UNAVAILABLE, ABORTED
 */
export async function tellApart(
  options: TellApartOptions,
): Promise<readonly (readonly Difference[])[]> {
  if (options.mutants.length === 0) {
    return [];
  }
  const expected = await candidateAnswers(options);
  const { mutants } = options;
  const process = sharedProcess(variantsProgram(options.candidate.language, mutants), options);
  try {
    const all: Difference[][] = [];
    for (const index of mutants.keys()) {
      const differences: Difference[] = [];
      for (const { args, answer } of expected) {
        const mutant = answerOf(await process.call(index, callOf(args, options)));
        if (!isSameAnswer(answer, mutant)) {
          differences.push({ args, candidate: answer, mutant });
        }
        if (differences.length >= maxDifferences) {
          break;
        }
      }
      all.push(differences);
    }
    return all;
  } finally {
    await process.close();
  }
}

interface ExpectedAnswer {
  readonly args: readonly TaggedValue[];
  readonly answer: Answer;
}

/** Simplest inputs first, but those that raise what the contract does not know after all others. */
async function candidateAnswers(options: TellApartOptions): Promise<readonly ExpectedAnswer[]> {
  const process = separateProcesses([options.candidate], options);
  const sizeOf = (args: readonly TaggedValue[]) => JSON.stringify(args).length;
  const answers: ExpectedAnswer[] = [];
  let deaths = 0;
  try {
    for (const args of options.inputs.toSorted((a, b) => sizeOf(a) - sizeOf(b))) {
      const answer = answerOf(await process.call(0, callOf(args, options)));
      if (answer.kind !== "died") {
        answers.push({ args, answer });
        continue;
      }
      deaths += 1;
      if (deaths >= maxCandidateDeaths) {
        break;
      }
    }
  } finally {
    await process.close();
  }
  const declared = new Set(options.contract.errors.map(({ type }) => type));
  const isMeant = ({ answer }: ExpectedAnswer) =>
    answer.kind !== "raised" || declared.has(answer.errorType);
  return [...answers.filter(isMeant), ...answers.filter((one) => !isMeant(one))];
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
