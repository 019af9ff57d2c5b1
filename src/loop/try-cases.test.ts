import { describe, expect, it } from "vitest";
import type { Case } from "../verify/suite.ts";
import type { CaseFinding, Verdict } from "../verify/verdict.ts";
import { runGraph } from "./graph.ts";
import type { JudgeRequest, Run } from "./run.ts";
import {
  agreeAnswer,
  codeAnswer,
  contractAnswer,
  fakeProver,
  suiteAnswer,
} from "./testing/fake-run.ts";
import { fakeRuns } from "./testing/open-fake-run.ts";

const open = fakeRuns();

/** The suite's first open case is one that every program fails, each with an answer of its own. */
function disputing(run: Run, passesSealed = true): Run {
  let disputed: string | undefined;
  const judge = async ({ suite, source, onFinding }: JudgeRequest): Promise<Verdict> => {
    disputed ??= suite.cases.find(({ sealed }) => !sealed)?.id;
    const isOpenPassed = suite.cases.every(({ id }) => id !== disputed);
    const tried = suite.cases.filter(({ sealed }) => !sealed || isOpenPassed);
    const findings = tried.map((one) => {
      const passed = one.id !== disputed && (passesSealed || !one.sealed);
      return finding(one, passed, source);
    });
    for (const one of findings) {
      onFinding?.(one);
    }
    const passed = findings.every((one) => one.passed);
    return { passed, findings, runtime: "cpython-3.14/wasm", backend: "fake" };
  };
  return { ...run, judge };
}

function finding(one: Case, passed: boolean, source: string): CaseFinding {
  const expected = one.kind === "returns" ? one.expected : null;
  const value = passed ? expected : source.length;
  const outcome = { kind: "returned" as const, value, printed: "", durationMs: 1 };
  const found = { caseId: one.id, passed, sealed: one.sealed, detail: "", outcome };
  return passed ? found : { ...found, failure: "wrong-value" };
}

const nothing = JSON.stringify({ cases: [] });
const answers = {
  planner: [contractAnswer],
  coder: [codeAnswer("return n + 1"), codeAnswer("return  1 + n")],
  analyst: () => agreeAnswer,
};

describe("tryCases", () => {
  it("tryCases() takes out a case that two programs fail and the tester does not repeat", async () => {
    const fake = await open({ answers: { ...answers, tester: [suiteAnswer, nothing] } });
    const state = await runGraph(disputing(fake.run));
    expect(state).toMatchObject({ outcome: "admitted", attempt: 2 });
    expect(state.suite?.cases).toHaveLength(8);
    expect(fake.certificates[0]?.evidence?.removedCases).toMatchObject([
      { reason: "2 programs answer otherwise, and the tester did not repeat it" },
    ]);
    expect(fake.certificates[0]?.proofs).toMatchObject([{ openPassed: 5, sealedPassed: 3 }]);
    const question = JSON.stringify(
      fake.requests.filter(({ role }) => role === "tester")[1]?.messages,
    );
    expect(question).not.toMatch(/def add_one|n \+ 1/);
  });

  it("tryCases() keeps a case that the tester repeats", async () => {
    const fake = await open({
      answers: { ...answers, tester: (order) => (order === 0 ? suiteAnswer : suiteAnswer) },
      settings: { maxIterations: 2 },
    });
    const state = await runGraph(disputing(fake.run));
    expect(state).toMatchObject({ outcome: "failed", removedCases: [] });
    expect(state.suite?.cases).toHaveLength(9);
    expect(fake.events).toContainEqual(
      expect.objectContaining({ type: "case-tried", removed: false, programs: 2 }),
    );
  });

  it("tryCases() asks nobody when one program alone fails a case", async () => {
    const fake = await open({
      answers: { ...answers, tester: [suiteAnswer] },
      settings: { maxIterations: 1 },
    });
    expect(await runGraph(disputing(fake.run))).toMatchObject({ outcome: "failed" });
  });

  it("tryCases() never takes out what somebody gave as an example", async () => {
    const fake = await open({
      answers: { ...answers, tester: [suiteAnswer] },
      settings: { maxIterations: 2 },
    });
    // The example stands first, so that it is the one in dispute.
    const directive = { ...fake.run.directive, examples: ["7 => 8"] };
    const state = await runGraph(disputing({ ...fake.run, directive }));
    expect(state).toMatchObject({ outcome: "failed", removedCases: [] });
  });

  it("tryCases() takes out nothing without which a stub would pass", async () => {
    let trials = 0;
    const fake = await open({
      answers: { ...answers, tester: [suiteAnswer, nothing] },
      settings: { maxIterations: 2 },
      prover: fakeProver({
        tryStubs: async () => {
          trials += 1;
          const passing = trials === 1 ? [] : ["always returns 1"];
          return { findings: [], passing, isConsistent: false };
        },
      }),
    });
    const state = await runGraph(disputing(fake.run));
    expect(state).toMatchObject({ outcome: "failed", removedCases: [] });
  });

  it("tryCases() takes out nothing any more once sealed cases were run", async () => {
    const third = codeAnswer("return 1 + 1 + n - 1");
    const coder = [...answers.coder, third];
    const fake = await open({
      answers: { ...answers, coder, tester: [suiteAnswer, nothing] },
      settings: { maxIterations: 3 },
    });
    const state = await runGraph(disputing(fake.run, false));
    expect(state).toMatchObject({ outcome: "failed", attempt: 3, hasSealedRun: true });
    expect(state.removedCases).toHaveLength(1);
    expect(fake.requests.filter(({ role }) => role === "tester")).toHaveLength(2);
  });
});
