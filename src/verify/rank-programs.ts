import { agreementEvidence } from "./agreement/agreement-evidence.ts";
import type { Behaviour, WeighedCase } from "./agreement/behaviour.ts";
import { chooseProgram } from "./agreement/choose-program.ts";
import {
  type AgreementInput,
  contestedInputs,
  decisiveAgreement,
} from "./agreement/decisive-agreement.ts";
import { peersOf } from "./agreement/peer-weights.ts";
import type { AgreementEvidence } from "./evidence.ts";
import type { ObservedProgram } from "./observe-programs.ts";
import type { Case } from "./suite.ts";

/** A program with where it came from. */
export interface RankedProgram extends ObservedProgram {
  /** Equal for verbatim copies. */
  readonly textDigest: string;
  /** Programs of the same text, names of locals and formatting aside, are one. */
  readonly treeDigest: string;
  /** False for one that only votes. */
  readonly isCandidate: boolean;
  readonly model: string;
  /** Empty for the usual one. */
  readonly prompt: string;
  readonly language: string;
}

export interface Ranking {
  /** Of the candidate that goes on, among the programs; undefined when none is one. */
  readonly best: number | undefined;
  /** Undefined with `best`. */
  readonly evidence: AgreementEvidence | undefined;
  /** Programs of other models, at least two, agree with it strictly. */
  readonly isStrict: boolean;
  /** Where the others decisively contradict it and it matters, the likeliest to matter first. */
  readonly contested: readonly Contested[];
}

/** A generated call that the best candidate answers otherwise than most of the others' weight. */
export interface Contested {
  /** Among the generated calls. */
  readonly input: number;
  /** Outcome keys. */
  readonly own: string;
  readonly others: string;
}

/** Errors of one model cluster, so that its own programs bear nothing out strictly. */
const fewestIndependent = 2;

/**
 * The candidate that the other programs bear out best, by behaviour on open cases and generated
 * inputs. A candidate that fails somebody's own example is chosen only when all do.
 */
export function rankPrograms(
  programs: readonly RankedProgram[],
  openCases: readonly Case[],
): Ranking {
  const behaviours = programs.map((one) => behaviourOf(one, openCases));
  const cases = openCases.map(weighedCase);
  const isCandidate = (index: number) => programs[index]?.isCandidate === true;
  const best = chooseProgram(behaviours, cases, isCandidate);
  const chosen = behaviours[best ?? -1];
  if (best === undefined || chosen === undefined) {
    return { best: undefined, evidence: undefined, isStrict: false, contested: [] };
  }
  const peers = behaviours.filter((_, index) => index !== best);
  const independent = peersOf(chosen, peers);
  const inputs = inputsOf(programs[best]);
  const finding = decisiveAgreement(chosen, peers, cases, inputs);
  const strictly = decisiveAgreement(chosen, independent, cases, inputs);
  return {
    best,
    evidence: agreementEvidence(chosen, peers, finding, inputs),
    isStrict: independent.length >= fewestIndependent && strictly.isAgreedStrictly,
    contested: contestedInputs(chosen, peers, cases, inputs).map(
      ({ input: { index }, answer }) => ({
        input: index - openCases.length,
        own: chosen.outcomes[index] ?? "",
        others: answer,
      }),
    ),
  };
}

function behaviourOf(program: RankedProgram, openCases: readonly Case[]): Behaviour {
  const { textDigest, treeDigest, model, prompt, language, passed, outcomes } = program;
  return {
    origin: { model, prompt, language },
    textDigest,
    treeDigest,
    samples: 1,
    outcomes,
    passes: openCases.map(({ id }) => passed.includes(id)),
  };
}

/** A case as agreement looks at it: each was written once. */
export function weighedCase({ id, origin, sealed }: Case): WeighedCase {
  return { id, isExample: origin === "example", isSealed: sealed, weight: 1 };
}

/** Generated ones alone: on the cases somebody said already what must come back. */
function inputsOf(program: RankedProgram | undefined): readonly AgreementInput[] {
  const familiar = program?.isFamiliar ?? [];
  const first = (program?.outcomes.length ?? 0) - familiar.length;
  return familiar.map((isFamiliar, at) => ({ index: first + at, isFamiliar }));
}
