import type { Case } from "./suite.ts";
import { expectationKey } from "./suite-reader.ts";

/**
 * So many cases are tried once more, each as the first call of a fresh process, when every case
 * has passed: whoever uses a skill starts a process a call, while the judge makes all calls in one.
 * Each costs the start of a process.
 */
export const freshCallCount = 2;

/**
 * Which cases are tried once more, at most `freshCallCount`, of cases in the order they are called:
 * where there are such, a sealed one and an open one, each expecting something else than the first
 * case, whose call was the first of its process already. No property while another case is left,
 * since it says less. The same cases give the same choice.
 */
export function chooseFreshCalls(inCallOrder: readonly Case[]): readonly Case[] {
  const [first, ...others] = inCallOrder;
  if (first === undefined) {
    return [];
  }
  const exact = others.filter((testCase) => testCase.kind !== "property");
  const pool = differentFirst(exact.length > 0 ? exact : others, first);
  const preferred = [pool.find(({ sealed }) => sealed), pool.find(({ sealed }) => !sealed)];
  const chosen = new Set(preferred.filter((testCase) => testCase !== undefined));
  return [...chosen.union(new Set(pool))].slice(0, freshCallCount);
}

function differentFirst(cases: readonly Case[], first: Case): readonly Case[] {
  const isSame = (testCase: Case) => expectationKey(testCase) === expectationKey(first);
  return [...cases.filter((testCase) => !isSame(testCase)), ...cases.filter(isSame)];
}
