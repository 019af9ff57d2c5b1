import { type Behaviour, isErrorKey, type WeighedCase } from "./behaviour.ts";
import { peerWeights } from "./peer-weights.ts";

/** Limits of the two strengths; docs/arena.md shows the curves they were chosen on. */
const agreementRules = {
  /** An input is decisive when one answer that is no error holds this share of the peers' weight. */
  decisiveShare: 0.6,
  /** On decisive inputs like those of the cases, so often the program must give that answer. */
  familiarAgreement: 0.95,
  /** And so often on all decisive inputs, also where nobody said what must come back. */
  overallAgreement: 0.5,
  /** Strictly: but for this share of the inputs, since right programs differ on odd ones, */
  strictExceptions: 0.05,
  /** so much of the peers' weight agrees with the program at an input, */
  strictShare: 0.4,
  /** at every input like those of the cases so much, */
  strictFamiliarShare: 0.5,
  /** and on all decisive inputs it gives their answer so often. */
  strictOverallAgreement: 0.95,
};

/** What peers say of one program on inputs that nobody wrote a case for. */
export interface AgreementFinding {
  readonly peers: number;
  readonly decisiveInputs: number;
  /** Share of decisive inputs on which it gives the decisive answer; null where there is none. */
  readonly agreement: number | null;
  readonly familiarDecisiveInputs: number;
  readonly familiarAgreement: number | null;
  /** The smallest share of the peers' weight that agreed with it, the worst twentieth of inputs left out; 0 without inputs. */
  readonly smallestShare: number;
  readonly smallestFamiliarShare: number;
  readonly isAgreed: boolean;
  readonly isAgreedStrictly: boolean;
}

/** An input that nobody wrote a case for. */
export interface AgreementInput {
  /** Index into every behaviour's outcomes. */
  readonly index: number;
  /** Whether it is like those that cases ask about (`familiarInputs`). */
  readonly isFamiliar: boolean;
}

/**
 * Whether independent peers bear the program out. Peers weigh by whether they pass the examples.
 * Where peers are few, of one model, or no example exists, agreement is weak evidence; without a
 * decisive input there is none, and the answer is no.
 */
export function decisiveAgreement(
  program: Pick<Behaviour, "outcomes">,
  peers: readonly Behaviour[],
  cases: readonly WeighedCase[],
  inputs: readonly AgreementInput[],
): AgreementFinding {
  const weights = peerWeights(peers, cases);
  const votes = inputs.map(({ index, isFamiliar }) => ({
    isFamiliar,
    ...voteOn(index, program.outcomes[index] ?? "", peers, weights),
  }));
  const familiar = votes.filter(({ isFamiliar }) => isFamiliar);
  const decisive = votes.filter(({ isDecisive }) => isDecisive);
  const familiarDecisive = familiar.filter(({ isDecisive }) => isDecisive);
  const finding = {
    peers: peers.length,
    decisiveInputs: decisive.length,
    agreement: agreedShare(decisive),
    familiarDecisiveInputs: familiarDecisive.length,
    familiarAgreement: agreedShare(familiarDecisive),
    smallestShare: smallestShare(votes, agreementRules.strictExceptions),
    smallestFamiliarShare: smallestShare(familiar, 0),
  };
  const isAgreed = holdsPlainly(finding);
  return { ...finding, isAgreed, isAgreedStrictly: isAgreed && holdsStrictly(finding) };
}

/** A decisive input on which a program gives another answer than most of its peers' weight. */
export interface Disagreement {
  readonly input: AgreementInput;
  /** The outcome key that the peers hold. */
  readonly answer: string;
}

/** Where peers decisively contradict the program, on inputs like those of the cases first. */
export function decisiveDisagreements(
  program: Pick<Behaviour, "outcomes">,
  peers: readonly Behaviour[],
  cases: readonly WeighedCase[],
  inputs: readonly AgreementInput[],
): readonly Disagreement[] {
  const weights = peerWeights(peers, cases);
  const all = inputs.flatMap((input) => {
    const vote = voteOn(input.index, program.outcomes[input.index] ?? "", peers, weights);
    return vote.isDecisive && !vote.agrees ? [{ input, answer: vote.answer }] : [];
  });
  return all.toSorted((a, b) => Number(b.input.isFamiliar) - Number(a.input.isFamiliar));
}

/**
 * The disagreements that somebody should decide: all on familiar inputs, and where the peers do not bear
 * the program out at all (`isAgreed`), those on unfamiliar ones behind them.
 */
export function contestedInputs(
  program: Pick<Behaviour, "outcomes">,
  peers: readonly Behaviour[],
  cases: readonly WeighedCase[],
  inputs: readonly AgreementInput[],
): readonly Disagreement[] {
  const { isAgreed } = decisiveAgreement(program, peers, cases, inputs);
  return decisiveDisagreements(program, peers, cases, inputs).filter(
    ({ input }) => input.isFamiliar || !isAgreed,
  );
}

type Measures = Omit<AgreementFinding, "isAgreed" | "isAgreedStrictly">;

function holdsPlainly({ agreement, familiarAgreement }: Measures): boolean {
  return (
    agreement !== null &&
    agreement >= agreementRules.overallAgreement &&
    (familiarAgreement ?? 1) >= agreementRules.familiarAgreement
  );
}

function holdsStrictly(finding: Measures): boolean {
  return (
    (finding.agreement ?? 0) >= agreementRules.strictOverallAgreement &&
    finding.familiarDecisiveInputs > 0 &&
    finding.smallestShare >= agreementRules.strictShare &&
    finding.smallestFamiliarShare >= agreementRules.strictFamiliarShare
  );
}

interface Vote {
  readonly isDecisive: boolean;
  /** Whether the program gives the answer that most of the peers' weight gives. */
  readonly agrees: boolean;
  readonly share: number;
  /** The answer, no error, with most of the peers' weight; empty where all raise. */
  readonly answer: string;
}

function voteOn(
  index: number,
  own: string,
  peers: readonly Behaviour[],
  weights: readonly number[],
): Vote {
  const byAnswer = new Map<string, number>();
  let all = 0;
  for (const [peer, { outcomes }] of peers.entries()) {
    const answer = outcomes[index] ?? "";
    const weight = weights[peer] ?? 0;
    byAnswer.set(answer, (byAnswer.get(answer) ?? 0) + weight);
    all += weight;
  }
  const answers = [...byAnswer].filter(([answer]) => !isErrorKey(answer));
  const most = Math.max(0, ...answers.map(([, weight]) => weight));
  const isMost = answers.some(([answer, weight]) => answer === own && weight === most);
  return {
    isDecisive: all > 0 && most >= agreementRules.decisiveShare * all,
    agrees: isMost,
    share: all === 0 ? 0 : (byAnswer.get(own) ?? 0) / all,
    answer: answers.find(([, weight]) => weight === most)?.[0] ?? "",
  };
}

function agreedShare(votes: readonly Vote[]): number | null {
  return votes.length === 0 ? null : votes.filter(({ agrees }) => agrees).length / votes.length;
}

function smallestShare(votes: readonly Vote[], exceptions: number): number {
  const shares = votes.map(({ share }) => share).toSorted((a, b) => a - b);
  return shares[Math.floor(exceptions * shares.length)] ?? 0;
}
