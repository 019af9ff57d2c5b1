import { describe, expect, it } from "vitest";
import { drawGraph, runGraph } from "./graph.ts";
import {
  agreeAnswer,
  codeAnswer,
  contractAnswer,
  type FakeRun,
  fakeRun,
  suiteAnswer,
} from "./testing/fake-run.ts";
import { fakeRuns } from "./testing/open-fake-run.ts";

const planned = { planner: [contractAnswer], tester: [suiteAnswer] };
const objection = JSON.stringify({ verdict: "object", explanation: "what of 5?", input: [5] });
const fiveAnswer = JSON.stringify({ cases: [{ args: [5], returns: 6 }] });
const right = codeAnswer("return n + 1");
const open = fakeRuns();

function typesOf(fake: FakeRun): string[] {
  return fake.events.map((event) => event.type);
}

/** Which inputs of the usual suite are sealed; the split follows from the cases. */
async function sealedInputs(): Promise<number[]> {
  const fake = await open({ answers: { ...planned, coder: [right], analyst: [agreeAnswer] } });
  const { suite } = await runGraph(fake.run);
  return (suite?.cases ?? []).filter((one) => one.sealed).map(({ args }) => Number(args[0]));
}

describe("runGraph()", () => {
  it("runGraph() admits after 4 model calls when the first attempt succeeds", async () => {
    const fake = await open({ answers: { ...planned, coder: [right], analyst: [agreeAnswer] } });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(fake.requests.map((request) => request.role)).toEqual([
      "planner",
      "tester",
      "coder",
      "analyst",
    ]);
    expect(fake.certificates).toMatchObject([
      { skill: "adds_one", analysis: "agreed", attempts: 1 },
    ]);
  });

  it("runGraph() admits after 3 calls and says so in the certificate when analysis is off", async () => {
    const fake = await open({
      answers: { ...planned, coder: [right] },
      settings: { analysis: false },
    });
    await runGraph(fake.run);
    expect(fake.requests).toHaveLength(3);
    expect(fake.certificates).toMatchObject([{ analysis: "off" }]);
  });

  it("runGraph() makes exactly 12 attempts, then fails with the best kept, when the model is always wrong", async () => {
    const fake = await open({
      answers: {
        ...planned,
        coder: (order) => codeAnswer(`return ${order}`),
        analyst: () => agreeAnswer,
      },
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "failed", attempt: 12 });
    expect(fake.failures.map((failure) => failure.attempt)).toEqual([
      1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
    ]);
    expect(fake.written).toHaveLength(12);
    expect(fake.kept).toEqual([fake.written[0]]);
    expect(fake.certificates).toEqual([]);
  });

  it("runGraph() makes exactly 12 attempts when every answer is empty", async () => {
    const fake = await open({ answers: { planner: () => "" } });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "failed", attempt: 12 });
    expect(fake.failures).toHaveLength(12);
    expect(new Set(fake.failures.map((failure) => failure.kind))).toEqual(
      new Set(["unreadable-contract"]),
    );
  });

  it("runGraph() asks once more without spending an attempt when an answer cannot be read", async () => {
    const fake = await open({
      answers: {
        planner: ["I think it should add one.", contractAnswer],
        tester: ["SUCCESS", suiteAnswer],
        coder: ["All tests pass. SUCCESS!", right],
        analyst: ["looks good", agreeAnswer],
      },
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(fake.requests).toHaveLength(8);
    expect(typesOf(fake).filter((type) => type === "answer-repaired")).toHaveLength(4);
  });

  it("runGraph() admits with a note when the analyst cannot be read at all", async () => {
    const fake = await open({
      answers: { ...planned, coder: [right], analyst: () => "SUCCESS" },
    });
    await runGraph(fake.run);
    expect(fake.certificates).toMatchObject([{ analysis: "unreadable" }]);
  });

  it("runGraph() never turns a failed case into a pass when the analyst agrees", async () => {
    const fake = await open({
      answers: { ...planned, coder: () => codeAnswer("return 0"), analyst: () => agreeAnswer },
      settings: { maxIterations: 2 },
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "failed" });
  });

  it("runGraph() does not run a repeated candidate again when the coder answers the same", async () => {
    const fake = await open({
      answers: {
        ...planned,
        coder: (order) => (order < 3 ? codeAnswer("return 0") : right),
        analyst: () => agreeAnswer,
      },
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 4 });
    expect(fake.written).toHaveLength(2);
    expect(fake.failures.map((failure) => failure.kind)).toEqual([
      "wrong-value",
      "repeated",
      "repeated",
    ]);
  });

  it("runGraph() refuses before writing and tells the coder why when a source is unsafe", async () => {
    const fake = await open({
      answers: {
        ...planned,
        coder: [codeAnswer("return fetch(n)"), right],
        analyst: [agreeAnswer],
      },
      refuses: (source) => source.includes("fetch"),
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 2 });
    expect(fake.written).toHaveLength(1);
    const retry = fake.requests.filter((request) => request.role === "coder")[1];
    expect(JSON.stringify(retry?.messages)).toContain("the network is refused");
    expect(fake.events).toContainEqual(
      expect.objectContaining({ type: "candidate-refused", needsApproval: true }),
    );
  });

  it("runGraph() shows the coder a working skill of a similar goal when there is one", async () => {
    const near = { description: "Adds two.", goal: "Create a skill that adds two", path: "x.py" };
    const source = "def add_two(n):\n    return n + 2\n";
    const fake = await open({
      answers: { ...planned, coder: [right], analyst: [agreeAnswer] },
      library: [
        { name: "adds_two", language: "python", status: "working", source, ...near },
        { name: "adds_three", language: "python", status: "untested", source: "no", ...near },
        { name: "xml", language: "python", status: "working", source, ...near, goal: "Parse XML" },
      ],
    });
    await runGraph(fake.run);
    expect(fake.events).toContainEqual({ type: "skills-recalled", skills: ["adds_two"] });
    const asked = fake.requests.find((request) => request.role === "coder");
    expect(asked?.messages.at(-1)?.content).toContain("return n + 2");
  });

  it("runGraph() never shows a sealed case to coder or analyst when attempts fail", async () => {
    const fake = await open({
      answers: {
        ...planned,
        coder: (order) => codeAnswer(`return ${order}`),
        analyst: () => agreeAnswer,
      },
      settings: { maxIterations: 3 },
    });
    const { suite } = await runGraph(fake.run);
    const sealed = suite?.cases.filter((one) => one.sealed) ?? [];
    expect(sealed).toHaveLength(3);
    const seen = JSON.stringify([
      fake.requests
        .filter(({ role }) => role === "coder" || role === "analyst")
        .map(({ messages }) => messages),
      fake.failures,
      fake.events,
    ]);
    for (const one of sealed) {
      const results = one.kind === "returns" ? [one.args[0], one.expected] : [];
      expect(results).toHaveLength(2);
      for (const secret of results) {
        expect(seen).not.toContain(String(secret));
      }
    }
  });

  it("runGraph() loses the attempt when an objection's case proves the candidate wrong", async () => {
    const fake = await open({
      answers: {
        planner: [contractAnswer],
        tester: [suiteAnswer, fiveAnswer],
        coder: [codeAnswer("return n + 1 if n != 5 else 0"), right],
        analyst: [objection, agreeAnswer],
      },
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 2 });
    expect(fake.failures).toMatchObject([{ attempt: 1, kind: "wrong-value" }]);
    const retry = fake.requests.filter((request) => request.role === "coder")[1];
    expect(JSON.stringify(retry?.messages)).toContain("add_one(5) => 6");
  });

  it("runGraph() admits when the tester says the contract does not settle the doubted input", async () => {
    const fake = await open({
      answers: {
        planner: [contractAnswer],
        tester: [suiteAnswer, JSON.stringify({ cases: [] })],
        coder: [right],
        analyst: [objection],
      },
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(fake.requests).toHaveLength(5);
  });

  it("runGraph() takes no case for another input than the doubted one when the tester strays", async () => {
    const strayed = JSON.stringify({ cases: [{ args: [110], returns: 0 }] });
    const fake = await open({
      answers: {
        planner: [contractAnswer],
        tester: [suiteAnswer, strayed, strayed],
        coder: [right],
        analyst: [objection],
      },
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(state.suite?.cases).toHaveLength(9);
  });

  it("runGraph() tests no code when too few cases are left for one to be sealed", async () => {
    const two = JSON.stringify({ cases: [1, 2].map((n) => ({ args: [n], returns: n + 1 })) });
    const fake = await open({
      answers: { planner: [contractAnswer], tester: () => two },
      settings: { maxIterations: 2 },
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "failed" });
    expect(fake.written).toEqual([]);
    expect(fake.failures[0]?.error).not.toContain("add_one");
  });

  it("runGraph() recalls no failure that quotes a case sealed in this run", async () => {
    const words = ["alpha", "bravo", "charlie", "delta", "echo5", "foxtrot"];
    const cases = words.map((word) => ({ args: [word], returns: `${word}-x` }));
    const text = { name: "text", schema: { type: "string" }, description: "" };
    const contract = { ...JSON.parse(contractAnswer), parameters: [text] };
    const fake = await open({
      answers: {
        planner: [JSON.stringify({ ...contract, result: { type: "string" } })],
        tester: [JSON.stringify({ cases })],
        coder: [right],
        analyst: [agreeAnswer],
      },
      recalled: words.map((word) => `expected "${word}-x", got ""`),
    });
    const { suite } = await runGraph(fake.run);
    const asked = JSON.stringify(fake.requests.find(({ role }) => role === "coder")?.messages);
    for (const one of suite?.cases ?? []) {
      const quoted = asked.includes(`${one.args[0]}-x`);
      expect(quoted).toBe(!one.sealed);
    }
  });

  it("runGraph() admits with one more case when an objection's case is answered rightly", async () => {
    const fake = await open({
      answers: {
        planner: [contractAnswer],
        tester: [suiteAnswer, fiveAnswer],
        coder: [right],
        analyst: [objection],
      },
    });
    const state = await runGraph(fake.run);
    expect(state.outcome).toBe("admitted");
    expect(state.suite?.cases.at(-1)).toMatchObject({ origin: "analyst", args: [5] });
    expect(fake.certificates[0]?.proofs).toMatchObject([{ openPassed: 7, sealedPassed: 3 }]);
  });

  it("runGraph() opens a sealed case that failed twice, tells nothing of its calls, and seals a fresh one", async () => {
    const [secret = 0] = await sealedInputs();
    const stillWrong = (order: number) =>
      codeAnswer(`return n + 1 if n != ${secret} else ${order}`);
    const fresh = JSON.stringify({
      cases: [110, 1_234, 2_345].map((n) => ({ args: [n], returns: n + 1 })),
    });
    const fake = await open({
      answers: {
        planner: [contractAnswer],
        tester: [suiteAnswer, fresh],
        coder: (order) => (order < 3 ? stillWrong(order) : right),
        analyst: () => agreeAnswer,
      },
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 4, renewals: 1 });
    expect(fake.failures.map(({ kind }) => kind)).toEqual([
      "hidden-case",
      "hidden-case",
      "wrong-value",
    ]);
    const prompts = fake.requests
      .filter(({ role }) => role === "coder")
      .map(({ messages }) => JSON.stringify(messages.map(({ content }) => content)));
    const call = `add_one(${secret}) => ${secret + 1}`;
    // The code itself names the input, so it is the case that is looked for.
    expect(prompts.map((prompt) => prompt.includes(call))).toEqual([false, false, true, true]);
    expect(prompts[2]).toContain("Hidden until now");
    expect(prompts[2]).not.toContain("got 0");
    const sealed = state.suite?.cases.filter((one) => one.sealed) ?? [];
    expect(sealed).toHaveLength(3);
    expect(sealed.at(-1)).toMatchObject({ id: "c10", args: [1_234] });
    expect(prompts.join()).not.toContain("1234");
    expect(prompts.join()).not.toContain("2345");
    const [, again] = fake.requests.filter(({ role }) => role === "tester");
    const asked = JSON.stringify(again?.messages);
    expect(asked).toContain(call);
    expect(asked).not.toContain("def add_one");
    expect(fake.events).toContainEqual(
      expect.objectContaining({ type: "sealed-cases-replaced", spent: 1, replaced: 1 }),
    );
    expect(fake.events).toContainEqual(
      expect.objectContaining({ type: "case-dropped", reason: "its call is tested already" }),
    );
  });

  it("runGraph() opens no sealed case, and asks three times at most, when the tester has no other", async () => {
    const [secret = 0] = await sealedInputs();
    const fake = await open({
      answers: {
        planner: [contractAnswer],
        tester: (order) => (order === 0 ? suiteAnswer : JSON.stringify({ cases: [] })),
        coder: (order) => codeAnswer(`return n + 1 if n != ${secret} else ${order}`),
        analyst: () => agreeAnswer,
      },
    });
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "failed", attempt: 12, renewals: 3 });
    expect(state.suite?.cases.filter((one) => one.sealed)).toHaveLength(3);
    expect(fake.requests.filter(({ role }) => role === "tester")).toHaveLength(4);
    const seen = JSON.stringify(fake.requests.filter(({ role }) => role !== "tester"));
    expect(seen).not.toContain(`add_one(${secret})`);
  });

  it("runGraph() asks for no replacement again when a run is resumed behind one", async () => {
    const [secret = 0] = await sealedInputs();
    const fresh = JSON.stringify({ cases: [{ args: [1_234], returns: 1_235 }] });
    const answers = {
      planner: [contractAnswer],
      tester: [suiteAnswer, fresh],
      coder: (order: number) => {
        if (order === 3) throw new Error("cut off");
        return codeAnswer(`return n + 1 if n != ${secret} else ${order}`);
      },
      analyst: () => agreeAnswer,
    };
    const first = await fakeRun({ answers });
    await expect(runGraph(first.run)).rejects.toThrow("cut off");
    await first.run.journal.close();
    const resumed = await open({
      answers: { ...answers, tester: [], coder: () => right },
      runsDirectory: first.runsDirectory,
    });
    const state = await runGraph(resumed.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 4, renewals: 1 });
    expect(resumed.requests.map(({ role }) => role)).toEqual(["coder", "analyst"]);
    expect(state.suite?.cases).toHaveLength(10);
  });

  it("runGraph() ends as cancelled before any code is written when the person says no", async () => {
    const fake = await open({ answers: planned, confirm: async () => false });
    const state = await runGraph(fake.run);
    expect(state.outcome).toBe("cancelled");
    expect(fake.requests).toHaveLength(2);
  });

  it("runGraph() makes no answered call again when a run is resumed from its journal", async () => {
    const answers = {
      ...planned,
      coder: [codeAnswer("return 0"), right],
      analyst: [agreeAnswer, agreeAnswer],
    };
    const first = await fakeRun({ answers: { ...answers, analyst: [agreeAnswer] } });
    await expect(runGraph(first.run)).rejects.toThrow("no answer is scripted for analyst 1");
    await first.run.journal.close();
    const resumed = await open({ answers, runsDirectory: first.runsDirectory });
    const state = await runGraph(resumed.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 2 });
    expect(resumed.requests.map(({ role, order }) => `${role} ${order}`)).toEqual(["analyst 1"]);
  });
});

describe("drawGraph()", () => {
  it("drawGraph() draws plan, write, test, analyze and the way back when asked", async () => {
    const drawing = await drawGraph();
    for (const edge of ["plan --> write", "write --> test", "test --> analyze", ".-> plan"]) {
      expect(drawing).toContain(edge);
    }
  });
});
