import { type Behaviour, isErrorKey } from "../../src/verify/agreement/behaviour.ts";
import { chooseProgram } from "../../src/verify/agreement/choose-program.ts";
import type { Conversion } from "./adapter/adapt-problem.ts";
import { readDocstring } from "./adapter/read-docstring.ts";
import { type ArenaTools, type ObservedProblem, observeProblem } from "./observe.ts";
import type { PolicyOutcome } from "./outcomes.ts";
import { b4 } from "./peers/b4.ts";
import { codeT } from "./peers/code-t.ts";
import type { Choice, RecordedProblem } from "./peers/recorded.ts";
import { allOwnTests, firstThatRuns, mostTests } from "./peers/simple-policies.ts";
import { assertsOf, type ProblemRow, programText } from "./read-rows.ts";

/** Outcomes by policy, one a problem; those of `bounds` are no policies but what one could reach. */
export type OutcomeTable = Map<string, PolicyOutcome[]>;

/** One problem of a collection of candidates: recorded, and as it behaved in our sandbox. */
export interface CandidateProblem {
  readonly row: ProblemRow;
  readonly observed: ObservedProblem;
  /** One a candidate. */
  readonly behaviours: readonly Behaviour[];
}

const peerPolicies = {
  "first that runs": firstThatRuns,
  "all own tests pass": allOwnTests,
  "most tests passed": mostTests,
  CodeT: codeT,
  B4: b4,
};

/** Runs the candidates of one row; undefined where the prompt holds no signature. */
export async function observeCandidates(
  tools: ArenaTools,
  row: ProblemRow,
): Promise<CandidateProblem | undefined> {
  const { prompt, entry_point: entry, header, candidates } = row;
  const texts = candidates.map(({ code }) => programText(header, code));
  const sources = [...new Set(texts)];
  const examples = [...new Set([...(row.sample_io ?? []), ...readDocstring(prompt, entry)])];
  const text = { name: "recorded_problem", entry, prompt, asserts: assertsOf(row), examples };
  const observed = await observeProblem(tools, text, sources, row.test_count);
  if (observed === undefined) {
    return undefined;
  }
  const behaviours = candidates.map((candidate, index): Behaviour => {
    const { model = "the model", method = "", source = "", count = 1 } = candidate;
    const shared = observed.behaviours[sources.indexOf(texts[index] ?? "")];
    const held = shared ?? { textDigest: "", treeDigest: "", outcomes: [], passes: [] };
    const origin = { model, prompt: `${source} ${method}`.trim(), language: "python" };
    return { ...held, origin, samples: count };
  });
  return { row, observed, behaviours };
}

/** Adds what every peer's policy, ours and the bounds do with one problem. */
export function playSelection(problem: CandidateProblem, table: OutcomeTable): void {
  const { row, behaviours, observed } = problem;
  const recorded = recordedOf(problem);
  for (const [name, policy] of Object.entries(peerPolicies)) {
    addOutcome(table, name, outcomeOf(row, policy(recorded)));
  }
  // One program, as the product takes it; the peers' policies draw among equals.
  const ours = chooseProgram(behaviours, observed.cases);
  const chosen = ours === undefined ? [] : [ours];
  addOutcome(
    table,
    "ours: agreement",
    outcomeOf(row, { chosen, answersUsed: row.candidates.length }),
  );
  const all = { chosen: [...row.candidates.keys()], answersUsed: 1 };
  addOutcome(table, "one at random", outcomeOf(row, all));
  const anyRight = row.candidates.findIndex(({ hidden_pass: isRight }) => isRight);
  const ideal = { chosen: anyRight === -1 ? [] : [anyRight], answersUsed: row.candidates.length };
  addOutcome(table, "best of all", outcomeOf(row, ideal));
}

export function addOutcome(table: OutcomeTable, policy: string, outcome: PolicyOutcome): void {
  const outcomes = table.get(policy);
  outcomes === undefined ? table.set(policy, [outcome]) : outcomes.push(outcome);
}

/** The label is looked at here, behind every decision. */
export function outcomeOf(row: ProblemRow, { chosen, answersUsed }: Choice): PolicyOutcome {
  const drawn = chosen.flatMap((index) => row.candidates.slice(index, index + 1));
  const all = drawn.reduce((sum, { count = 1 }) => sum + count, 0);
  const right = drawn.reduce((sum, one) => sum + (one.hidden_pass ? (one.count ?? 1) : 0), 0);
  return {
    problem: row.problem_id,
    right: all === 0 ? 0 : right / all,
    wrong: all === 0 ? 0 : 1 - right / all,
    answersUsed,
  };
}

function recordedOf({ row, behaviours }: CandidateProblem): RecordedProblem {
  const weights = row.test_count ?? assertsOf(row).map(() => 1);
  return {
    testWeights: weights,
    programs: row.candidates.map(({ test_bits: bits, count = 1 }, index) => ({
      bits: [...bits].map((bit) => bit === "1"),
      samples: count,
      runs: (behaviours[index]?.outcomes ?? []).some((outcome) => !isErrorKey(outcome)),
    })),
  };
}

export function addConversion(total: Conversion, more: Conversion): Conversion {
  return {
    returns: total.returns + more.returns,
    property: total.property + more.property,
    unreadable: total.unreadable + more.unreadable,
    unfit: total.unfit + more.unfit,
  };
}
