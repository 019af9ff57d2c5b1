import { caseTrialCandidates, mostFallen } from "../../src/verify/agreement/case-trials.ts";
import {
  type AgreementFinding,
  decisiveAgreement,
} from "../../src/verify/agreement/decisive-agreement.ts";
import { countingCases } from "../../src/verify/agreement/filter-cases.ts";
import { peersOf } from "../../src/verify/agreement/peer-weights.ts";
import { addOutcome, type CandidateProblem, type OutcomeTable, outcomeOf } from "./selection.ts";
import { bootstrapInterval } from "./statistics.ts";

/** What our gate found on one candidate. */
export interface GateFinding {
  readonly problem: string;
  readonly isRight: boolean;
  readonly passesExamples: boolean;
  readonly passesFiltered: boolean;
  /** Every case, whoever wrote it and whoever fails it. */
  readonly passesAll: boolean;
  /** The cases that are left when each one that deserves a trial falls, as many as may. */
  readonly passesTried: boolean;
  readonly agreement: AgreementFinding;
}

/** One point of the gate's curve: shares of right and of wrong programs accepted, in per cent. */
export interface GatePoint {
  readonly rule: string;
  readonly right: number;
  readonly wrong: number;
  readonly rightCount: number;
  readonly wrongCount: number;
  /** 95 % of `right` and of `wrong`, over problems. */
  readonly rightInterval: readonly [number, number];
  readonly wrongInterval: readonly [number, number];
}

/** Puts every candidate of a problem through the gate, its peers being the other models' programs. */
export function findAll({ row, observed, behaviours }: CandidateProblem): readonly GateFinding[] {
  const { cases, agreementInputs } = observed;
  return behaviours.map((candidate, index) => {
    const peers = peersOf(candidate, behaviours);
    const counts = countingCases(cases, peers);
    const doubted = caseTrialCandidates(cases, [candidate, ...peers]);
    const fallen = new Set(doubted.slice(0, mostFallen(cases.length, 0)));
    const passes = (isWanted: (place: number) => boolean) =>
      cases.every((_, place) => !isWanted(place) || candidate.passes[place] === true);
    return {
      problem: row.problem_id,
      isRight: row.candidates[index]?.hidden_pass === true,
      passesExamples: passes((place) => cases[place]?.isExample === true),
      passesFiltered: passes((place) => counts[place] === true),
      passesAll: passes(() => true),
      passesTried: passes((place) => !fallen.has(cases[place]?.id ?? "")),
      agreement: decisiveAgreement(candidate, peers, cases, agreementInputs),
    };
  });
}

/** The rules of the curve, the loosest first. */
const gateRules: Readonly<Record<string, (finding: GateFinding) => boolean>> = {
  "every case": ({ passesAll }) => passesAll,
  "examples, cases left by trials": ({ passesTried }) => passesTried,
  "examples only": ({ passesExamples }) => passesExamples,
  "examples and filtered cases": ({ passesFiltered }) => passesFiltered,
  ...agreementLadder(),
  proven: ({ passesFiltered, agreement }) => passesFiltered && agreement.isAgreed,
  "proven strictly": ({ passesFiltered, agreement }) =>
    passesFiltered && agreement.isAgreedStrictly,
};

function agreementLadder(): Record<string, (finding: GateFinding) => boolean> {
  const shares = [0.5, 0.7, 0.8, 0.9, 0.95, 1];
  return Object.fromEntries(
    shares.map((share) => [
      `filtered cases, agreement ≥ ${100 * share} %`,
      ({ passesFiltered, agreement }: GateFinding) =>
        passesFiltered && agreement.agreement !== null && agreement.agreement >= share,
    ]),
  );
}

export function gateCurve(findings: readonly GateFinding[]): readonly GatePoint[] {
  const problems = [...Map.groupBy(findings, ({ problem }) => problem).values()];
  return Object.entries(gateRules).map(([rule, accepts]) => {
    const tallies = problems.map((group) => tally(group, accepts));
    const whole = sumOf(tallies);
    const interval = (share: (sum: Tally) => number) =>
      bootstrapInterval(tallies, (sample) => share(sumOf(sample)));
    return {
      rule,
      right: rightShare(whole),
      wrong: wrongShare(whole),
      rightCount: whole.rightAccepted,
      wrongCount: whole.wrongAccepted,
      rightInterval: interval(rightShare),
      wrongInterval: interval(wrongShare),
    };
  });
}

/** Of one problem's candidates. */
interface Tally {
  readonly right: number;
  readonly rightAccepted: number;
  readonly wrong: number;
  readonly wrongAccepted: number;
}

function tally(
  findings: readonly GateFinding[],
  accepts: (finding: GateFinding) => boolean,
): Tally {
  const right = findings.filter(({ isRight }) => isRight);
  const wrong = findings.filter(({ isRight }) => !isRight);
  return {
    right: right.length,
    rightAccepted: right.filter(accepts).length,
    wrong: wrong.length,
    wrongAccepted: wrong.filter(accepts).length,
  };
}

function sumOf(tallies: readonly Tally[]): Tally {
  const sum = (key: keyof Tally) => tallies.reduce((total, one) => total + one[key], 0);
  return {
    right: sum("right"),
    rightAccepted: sum("rightAccepted"),
    wrong: sum("wrong"),
    wrongAccepted: sum("wrongAccepted"),
  };
}

function rightShare({ rightAccepted, right }: Tally): number {
  return Math.round((10_000 * rightAccepted) / right) / 100;
}

function wrongShare({ wrongAccepted, wrong }: Tally): number {
  return Math.round((10_000 * wrongAccepted) / wrong) / 100;
}

/** The gate as a policy: the first program that it accepts, in the recorded order. */
export function playGate(
  problem: CandidateProblem,
  findings: readonly GateFinding[],
  table: OutcomeTable,
): void {
  for (const strength of ["proven", "proven strictly"]) {
    const index = findings.findIndex((finding) => gateRules[strength]?.(finding) === true);
    const choice =
      index === -1
        ? { chosen: [], answersUsed: findings.length }
        : { chosen: [index], answersUsed: index + 1 };
    addOutcome(table, `ours: first ${strength}`, outcomeOf(problem.row, choice));
  }
}
