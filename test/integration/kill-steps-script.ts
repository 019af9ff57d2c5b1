import type { ChatRequest } from "../../src/model/chat-model.ts";
import {
  agreeAnswer,
  codeAnswer,
  contractAnswer,
  rightAnswer,
  suiteAnswer,
} from "./run-support.ts";

/** Ways that a run may take: at least one through every step that leaves something on disk. */
export const runKinds = [
  "success",
  "retry",
  "repair",
  "mutant-round",
  "unproven",
  "failed",
] as const;
export type RunKind = (typeof runKinds)[number];

/** Right on every case of the suite, whose numbers are smaller. */
const flawed = codeAnswer("n > 1200 ? n + 2 : n + 1");

const coders: Readonly<Record<RunKind, (order: number) => string>> = {
  success: () => rightAnswer,
  retry: (order) => (order === 0 ? codeAnswer("n + 2") : rightAnswer),
  repair: (order) => (order === 0 ? "SUCCESS" : rightAnswer),
  "mutant-round": (order) => (order === 0 ? flawed : rightAnswer),
  unproven: () => flawed,
  failed: (order) => codeAnswer(`n + ${order + 2}`),
};

/** Answers from the request alone, since a call that was cut off may come twice. */
export function scriptedAnswer(kind: RunKind, request: ChatRequest): string {
  const { role, order, messages } = request;
  switch (role) {
    case "planner":
      return contractAnswer;
    case "tester":
      return order === 0 ? suiteAnswer : furtherCases(kind, messages.at(-1)?.content ?? "");
    case "coder":
      return coders[kind](order);
    case "analyst":
      return agreeAnswer;
  }
}

/** A tester who works out what the contract demands of each call that it is shown, or gives up. */
function furtherCases(kind: RunKind, shown: string): string {
  const calls = [...shown.matchAll(/"args": \[(-?\d+)\]/g)].map(([, digits]) => Number(digits));
  const cases = calls.map((n) => ({ args: [n], returns: n + 1 }));
  return JSON.stringify({ cases: kind === "unproven" ? [] : cases });
}
