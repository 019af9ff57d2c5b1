import { digestJson } from "../shared/digest.ts";
import { describeCase } from "./describe-case.ts";
import type { DraftCase } from "./draft-case.ts";
import { type Case, type DroppedCase, minimumCases, type Suite } from "./suite.ts";
import { callKey, expectationKey } from "./suite-reader.ts";

export interface SplitOptions {
  /** From 0 to 0.9; 0 seals nothing. */
  readonly sealedShare: number;
  /** The same seed and cases give the same split. */
  readonly seed: number;
  /** Names the function in the texts of dropped cases. */
  readonly entry: string;
}

/**
 * Puts examples and a model's cases into one suite and seals some of the model's. Examples stand
 * first, always open, and throw out a model's case for the same call. From three model cases on at
 * least one is sealed, and one always stays open; every kind keeps an open case where it can.
 */
export function splitSuite(
  cases: readonly DraftCase[],
  examples: readonly DraftCase[],
  options: SplitOptions,
): { suite: Suite; dropped: DroppedCase[] } {
  const dropped: DroppedCase[] = [];
  const kept = cases.filter((testCase) => {
    const reason = reasonAgainst(testCase, examples);
    if (reason !== undefined) {
      dropped.push({ text: describeCase(testCase, options.entry), reason });
    }
    return reason === undefined;
  });
  const sealed = sealedIndexes(kept, options);
  const whole = [
    ...examples.map((example) => ({ draft: example, isSealed: false })),
    ...kept.map((draft, index) => ({ draft, isSealed: sealed.has(index) })),
  ];
  const placed = whole.map(
    ({ draft, isSealed }, index): Case => ({ ...draft, id: `c${index + 1}`, sealed: isSealed }),
  );
  return { suite: { cases: placed }, dropped };
}

function reasonAgainst(testCase: DraftCase, examples: readonly DraftCase[]): string | undefined {
  const example = examples.find((other) => callKey(other) === callKey(testCase));
  if (example === undefined || testCase.kind === "property") {
    return undefined;
  }
  return expectationKey(example) === expectationKey(testCase)
    ? "one of your examples says it already"
    : "contradicts one of your examples";
}

function sealedIndexes(cases: readonly DraftCase[], options: SplitOptions): Set<number> {
  const sealed = new Set<number>();
  if (cases.length < minimumCases || options.sealedShare <= 0) {
    return sealed;
  }
  const share = Math.round(options.sealedShare * cases.length);
  const wanted = Math.min(cases.length - 1, Math.max(1, share));
  const isOpenOfKind = (kind: DraftCase["kind"]) => (testCase: DraftCase, index: number) =>
    testCase.kind === kind && !sealed.has(index);
  const order = drawOrder(cases, options.seed);
  for (const { index, kind } of order) {
    if (sealed.size < wanted && cases.filter(isOpenOfKind(kind)).length > 1) {
      sealed.add(index);
    }
  }
  // Three cases of three kinds: sealing something matters more than an open case of each kind.
  const [first] = order;
  return sealed.size === 0 && first !== undefined ? sealed.add(first.index) : sealed;
}

function drawOrder(
  cases: readonly DraftCase[],
  seed: number,
): { index: number; kind: DraftCase["kind"] }[] {
  return cases
    .map((testCase, index) => {
      const drawn = digestJson([seed, index, callKey(testCase), expectationKey(testCase)]);
      return { index, kind: testCase.kind, drawn };
    })
    .sort((a, b) => (a.drawn < b.drawn ? -1 : 1));
}
