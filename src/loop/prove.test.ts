import { describe, expect, it } from "vitest";
import type { Difference } from "../verify/mutation/tell-apart.ts";
import type { Survivor } from "../verify/mutation/try-mutants.ts";
import type { StubTrial } from "../verify/stubs.ts";
import type { CaseFinding } from "../verify/verdict.ts";
import { runGraph } from "./graph.ts";
import type { MutantOutcome } from "./prover.ts";
import {
  agreeAnswer,
  codeAnswer,
  contractAnswer,
  type FakeRun,
  fakeProver,
  fakeRun,
  suiteAnswer,
} from "./testing/fake-run.ts";
import { fakeRuns } from "./testing/open-fake-run.ts";

const right = codeAnswer("return n + 1");
const planned = { planner: [contractAnswer], coder: [right], analyst: [agreeAnswer] };
const open = fakeRuns();

function askedOf(fake: FakeRun, role: string): string[] {
  return fake.requests
    .filter((request) => request.role === role)
    .map(({ messages }) => JSON.stringify(messages));
}

const weak: StubTrial = {
  findings: [{ stub: "returns-constant", failedCases: 0 }],
  passing: ["always returns 111"],
  isConsistent: true,
};
const strong: StubTrial = {
  findings: [{ stub: "returns-constant", failedCases: 8 }],
  passing: [],
  isConsistent: false,
};

/** Gives one answer after the other, and fails when asked for more. */
function script<T>(...answers: T[]): () => Promise<T> {
  return async () => {
    const answer = answers.shift();
    if (answer === undefined) {
      throw new Error("nothing more is scripted");
    }
    return answer;
  };
}

type TriedMutants = Extract<MutantOutcome, { kind: "tried" }>;

function differenceAt(n: number): Difference {
  return {
    args: [n],
    candidate: { kind: "returned", value: n + 1, files: [] },
    mutant: { kind: "returned", value: n - 1, files: [] },
  };
}

function survivor(id: string, ...differences: Difference[]): Survivor {
  return { id, operator: "arithmetic", line: 2, before: "n + 1", after: "n - 1", differences };
}

function tried(killed: number, ...survivors: Survivor[]): TriedMutants {
  const made = killed + survivors.length;
  const counts = { made, killed, trivial: 0, equivalent: 0 };
  return { kind: "tried", trial: { ...counts, survivors, generatedInputs: 120 } };
}

function caseAnswer(n: number, returns: number): string {
  return JSON.stringify({ cases: [{ args: [n], returns }] });
}

/** A candidate that is wrong at 5, which a mutant brings to light, and then a right one. */
async function openFlawed() {
  const flawed = codeAnswer("return n + 1 if n != 5 else 0");
  return await open({
    answers: {
      ...planned,
      tester: [suiteAnswer, caseAnswer(5, 6)],
      coder: [flawed, right],
      analyst: [agreeAnswer, agreeAnswer],
    },
    prover: fakeProver({
      tryMutants: script(tried(1, survivor("m2", differenceAt(5))), tried(30)),
    }),
  });
}

describe("stubs", () => {
  it("runGraph() asks the tester once more, with the reason, when a stub passes the suite", async () => {
    const fake = await open({
      answers: { ...planned, tester: [suiteAnswer, suiteAnswer] },
      prover: fakeProver({ tryStubs: script(weak, strong) }),
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted", attempt: 1 });
    const [first, second] = askedOf(fake, "tester");
    expect(first).not.toContain("always returns 111");
    expect(second).toContain("always returns 111");
    expect(second).not.toContain("def add_one");
    expect(fake.events).toContainEqual({
      type: "suite-refused",
      reason: "always returns 111",
      stubs: 1,
    });
    expect(fake.certificates[0]?.evidence?.stubs).toEqual(strong.findings);
  });

  it("runGraph() loses the attempt as weak-suite when the second suite is as weak", async () => {
    const loose = { ...weak, isConsistent: false };
    const fake = await open({
      answers: { planner: [contractAnswer], tester: () => suiteAnswer },
      prover: fakeProver({ tryStubs: async () => loose }),
      settings: { maxIterations: 1 },
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "failed" });
    expect(fake.failures).toMatchObject([{ kind: "weak-suite" }]);
    expect(fake.failures[0]?.error).not.toContain("111");
    expect(fake.written).toEqual([]);
  });

  it("runGraph() takes a claim that the tester repeats, but not where mutants are off", async () => {
    const claim = { answers: { ...planned, tester: () => suiteAnswer } };
    const prover = fakeProver({ tryStubs: async () => weak });
    const on = await open({ ...claim, prover });
    expect(await runGraph(on.run)).toMatchObject({ outcome: "admitted", attempt: 1 });
    const settings = { maxMutants: 0, maxIterations: 1 };
    const off = await open({ ...claim, prover, settings });
    expect(await runGraph(off.run)).toMatchObject({ outcome: "failed" });
  });
});

function wavering(caseId: string, sealed: boolean): CaseFinding {
  const detail = "run 2 of 3, on cpython-3.14/wasm: expected 1, got 2";
  const outcome = { kind: "returned" as const, value: 2, printed: "", durationMs: 1 };
  return { caseId, passed: false, sealed, failure: "wrong-value", detail, outcome };
}

describe("repeats", () => {
  const answers = { ...planned, tester: [suiteAnswer] };

  it("runGraph() quarantines a case that wavers, and says so in the evidence", async () => {
    const fake = await open({
      answers,
      prover: fakeProver({
        repeat: async ({ runs, suite }) => ({
          runs,
          varied: ["hash seed", "random seed"],
          wavering: suite.cases
            .filter(({ sealed }) => !sealed)
            .slice(0, 1)
            .map(({ id }) => wavering(id, false)),
        }),
      }),
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted" });
    expect(fake.certificates).toMatchObject([
      {
        proofs: [{ openPassed: 5, sealedPassed: 3 }],
        evidence: {
          flakiness: { runs: 3, varied: ["hash seed", "random seed"], quarantined: [{}] },
        },
      },
    ]);
    expect(fake.certificates[0]?.suite.cases).toHaveLength(8);
    expect(fake.events).toContainEqual(
      expect.objectContaining({ type: "case-quarantined", sealed: false }),
    );
  });

  it("runGraph() loses the attempt when somebody's own example wavers", async () => {
    const fake = await open({
      answers: { ...answers, coder: [right, codeAnswer("return 1 + n + 1 - 1")] },
      settings: { maxIterations: 1 },
      prover: fakeProver({
        repeat: async ({ runs, suite }) => {
          const own = suite.cases.filter(({ origin }) => origin === "example");
          return { runs, varied: [], wavering: own.map(({ id }) => wavering(id, false)) };
        },
      }),
    });
    const directive = { ...fake.run.directive, examples: ["7 => 8"] };
    expect(await runGraph({ ...fake.run, directive })).toMatchObject({ outcome: "failed" });
    expect(fake.failures).toMatchObject([{ kind: "wavers" }]);
    expect(fake.failures[0]?.error).toContain("run 2 of 3");
  });

  it.each([
    ["says nothing of time", "Adds one.", { outcome: "failed" }, [{ kind: "depends-on-clock" }]],
    ["speaks of time", "Adds one to the days since today.", { outcome: "admitted" }, []],
  ])(
    "runGraph() takes a case that depends on the clock for the code's fault unless the contract %s",
    async (_which, description, outcome, failures) => {
      const contract = JSON.stringify({ ...JSON.parse(contractAnswer), description });
      const fake = await open({
        answers: { ...answers, planner: [contract] },
        settings: { maxIterations: 1 },
        prover: fakeProver({
          repeat: async ({ runs, suite }) => {
            const [one] = suite.cases.filter(({ sealed }) => !sealed);
            const id = one?.id ?? "";
            return { runs, varied: ["clock"], wavering: [wavering(id, false)], byClock: [id] };
          },
        }),
      });
      expect(await runGraph(fake.run)).toMatchObject(outcome);
      expect(fake.failures).toMatchObject(failures);
    },
  );

  it("runGraph() loses the attempt, naming no sealed case, when too few are left", async () => {
    const fake = await open({
      answers,
      settings: { maxIterations: 1 },
      prover: fakeProver({
        repeat: async ({ runs, suite }) => {
          const sealed = suite.cases.filter((one) => one.sealed);
          return { runs, varied: [], wavering: sealed.map(({ id }) => wavering(id, true)) };
        },
      }),
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "failed" });
    expect(state.feedback).toContain("3 hidden cases failed");
    expect(state.feedback).not.toContain("expected 1, got 2");
  });

  it("runGraph() repeats nothing and notes it when flakeRuns is 1", async () => {
    const never = async (): Promise<never> => {
      throw new Error("nothing is to be repeated");
    };
    const prover = fakeProver({ repeat: never });
    const fake = await open({ answers, prover, settings: { flakeRuns: 1 } });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted" });
    expect(fake.certificates[0]?.evidence?.stepsOff).toEqual(["flake runs"]);
  });
});

describe("mutants", () => {
  it("runGraph() asks nobody when enough mutants are killed", async () => {
    const some = tried(27, survivor("m1", differenceAt(5)), survivor("m2"), survivor("m3"));
    const death = { reason: "timeout", inputs: 2, example: [9] } as const;
    const unanswered = { tried: 57, deaths: [death] };
    const outcome = { ...some, trial: { ...some.trial, unanswered } };
    const fake = await open({
      answers: { ...planned, tester: [suiteAnswer] },
      prover: fakeProver({ tryMutants: async () => outcome }),
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted" });
    expect(fake.requests).toHaveLength(4);
    const { mutation } = fake.certificates[0]?.evidence ?? {};
    expect(mutation).toMatchObject({ made: 30, killed: 27, score: 27 / 28, rounds: 0, unanswered });
    expect(fake.events).toContainEqual(
      expect.objectContaining({ type: "mutants-tried", unanswered }),
    );
    expect(mutation?.survived).toEqual([
      { operator: "arithmetic", line: 2, before: "n + 1", after: "n - 1" },
    ]);
    expect(mutation?.unknown).toHaveLength(2);
  });

  it("runGraph() adds the tester's case and admits when it kills the survivor", async () => {
    const fake = await open({
      answers: { ...planned, tester: [suiteAnswer, caseAnswer(5, 6)] },
      prover: fakeProver({
        tryMutants: async () => tried(1, survivor("m2", differenceAt(5))),
        killMutants: async (_request, ids) => ids,
      }),
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(state.suite?.cases.at(-1)).toMatchObject({
      id: "c10",
      args: [5],
      origin: "model",
      sealed: false,
    });
    expect(fake.certificates[0]).toMatchObject({
      proofs: [{ openPassed: 7, sealedPassed: 3 }],
      evidence: { mutation: { killed: 2, survived: [], score: 1, rounds: 1 } },
    });
    const question = askedOf(fake, "tester")[1] ?? "";
    expect(question).toContain("returns 6");
    expect(question).toContain("returns 4");
    expect(question).not.toMatch(/def add_one|n \+ 1|n - 1|mutant|candidate/);
  });

  it("runGraph() loses the attempt, the case in its feedback, when the candidate is wrong by it", async () => {
    const fake = await openFlawed();
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 2 });
    expect(fake.failures).toMatchObject([{ attempt: 1, kind: "wrong-value" }]);
    expect(askedOf(fake, "coder")[1]).toContain("add_one(5) => 6");
    expect(state.suite?.cases).toHaveLength(10);
  });

  it("runGraph() ends unproven, the skill untested, when three rounds do not help", async () => {
    const differences = [5, 6, 7, 8].map(differenceAt);
    const fake = await open({
      answers: {
        ...planned,
        tester: [suiteAnswer, caseAnswer(5, 6), caseAnswer(6, 7), caseAnswer(7, 8)],
      },
      prover: fakeProver({ tryMutants: async () => tried(1, survivor("m2", ...differences)) }),
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "unproven", attempt: 1 });
    expect(fake.requests).toHaveLength(7);
    expect(fake.kept).toEqual([]);
    expect(fake.certificates).toMatchObject([
      {
        missing: [
          "the suite notices 1 of 2 changes of the code that matter; at least 80 % are wanted",
        ],
        evidence: { mutation: { score: 0.5, rounds: 3 } },
      },
    ]);
    expect(fake.events).toContainEqual(expect.objectContaining({ type: "skill-unproven" }));
    expect(fake.events.map(({ type }) => type)).not.toContain("skill-admitted");
  });

  it("runGraph() ends unproven without a question when no change is noticed or told apart", async () => {
    const fake = await open({
      answers: { ...planned, tester: [suiteAnswer] },
      prover: fakeProver({ tryMutants: async () => tried(0, survivor("m1"), survivor("m2")) }),
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "unproven" });
    expect(fake.certificates[0]?.evidence?.mutation).toMatchObject({ score: null, rounds: 0 });
  });

  it("runGraph() takes no case for a call that was not asked about", async () => {
    const strayed = caseAnswer(110, 0);
    const fake = await open({
      answers: { ...planned, tester: [suiteAnswer, strayed, strayed] },
      prover: fakeProver({ tryMutants: async () => tried(1, survivor("m2", differenceAt(5))) }),
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "unproven" });
    expect(state.suite?.cases).toHaveLength(9);
  });

  it("runGraph() makes no mutants and notes it when maxMutants is 0", async () => {
    const never = async (): Promise<never> => {
      throw new Error("no mutant is to be made");
    };
    const fake = await open({
      answers: { ...planned, tester: [suiteAnswer] },
      prover: fakeProver({ tryMutants: never }),
      settings: { maxMutants: 0, analysis: false },
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted" });
    const { evidence } = fake.certificates[0] ?? {};
    expect(evidence?.stepsOff).toEqual(["analysis", "mutants"]);
    expect(evidence?.mutation).toBeUndefined();
  });

  it("runGraph() repeats no question and no trial when a run is resumed from its journal", async () => {
    const answers = { ...planned, tester: [suiteAnswer, caseAnswer(5, 6), caseAnswer(6, 7)] };
    const survivors = [survivor("m2", differenceAt(5), differenceAt(6))];
    const first = await fakeRun({
      answers: { ...answers, tester: answers.tester.slice(0, 2) },
      prover: fakeProver({ tryMutants: async () => tried(1, ...survivors) }),
    });
    await expect(runGraph(first.run)).rejects.toThrow("no answer is scripted for tester 2");
    await first.run.journal.close();
    const resumed = await open({
      answers,
      runsDirectory: first.runsDirectory,
      prover: fakeProver({
        tryStubs: script(),
        repeat: async ({ runs }) => ({ runs, varied: [], wavering: [] }),
        tryMutants: script(),
        killMutants: async (_request, ids) => ids,
      }),
    });
    expect(await runGraph(resumed.run)).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(resumed.requests.map(({ role, order }) => `${role} ${order}`)).toEqual(["tester 2"]);
  });

  it("runGraph() shows coder and analyst nothing of sealed cases when mutants ask for more", async () => {
    const fake = await openFlawed();
    const { suite } = await runGraph(fake.run);
    const sealed = (suite?.cases ?? []).filter((one) => one.sealed);
    expect(sealed).toHaveLength(3);
    const seen = [...askedOf(fake, "coder"), ...askedOf(fake, "analyst")].join("\n");
    for (const one of sealed) {
      expect(seen).not.toContain(String(one.args[0]));
    }
  });
});
