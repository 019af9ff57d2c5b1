import { describe, expect, it } from "vitest";
import { runGraph } from "./graph.ts";
import type { Peer } from "./peers.ts";
import type { Observation, ObserveRequest } from "./prover.ts";
import {
  agreeAnswer,
  codeAnswer,
  contractAnswer,
  fakeProver,
  suiteAnswer,
} from "./testing/fake-run.ts";
import { fakeRuns } from "./testing/open-fake-run.ts";

const open = fakeRuns();
const flawed = codeAnswer("return n + 1 if n != 7 else 0");
const right = codeAnswer("return n + 1");

/** All pass the cases; of the two generated calls, that of 7 tells the flawed one apart. */
async function observe({ suite, programs }: ObserveRequest): Promise<Observation> {
  const ids = suite.cases.filter(({ sealed }) => !sealed).map(({ id }) => id);
  return {
    programs: programs.map(({ source }) => ({
      passed: ids,
      caseAnswers: Object.fromEntries(ids.map((id) => [id, "returns 1"])),
      outcomes: [...ids.map(() => "1"), "6", source.includes("!= 7") ? "0" : "8"],
      isFamiliar: [true, true],
    })),
    inputs: [[5], [7]],
  };
}

function peer(name: string, body: string): Peer {
  const usage = { promptTokens: 1, outputTokens: 1, durationMs: 1, firstTokenMs: 1 };
  const chat = async () => ({ text: codeAnswer(body), thinking: "", model: name, ...usage });
  return { kind: "other-model", model: { name, contextTokens: 8_192, chat } };
}

function play(coder: string[], settled: unknown[]) {
  return open({
    answers: {
      planner: [contractAnswer],
      tester: [suiteAnswer, JSON.stringify({ cases: settled })],
      coder,
      analyst: () => agreeAnswer,
    },
    prover: fakeProver({ observe }),
    peers: [peer("one", "return n+1"), peer("two", "return 1 + n")],
  });
}

describe("provePeers", () => {
  it("provePeers() has a call settled from the contract, and the case loses the attempt", async () => {
    // The second and third answer of a coder are those of the peers.
    const fake = await play([flawed, "", "", right], [{ args: [7], returns: 8 }]);
    const state = await runGraph(fake.run);
    expect(state).toMatchObject({ outcome: "admitted", attempt: 2 });
    expect(fake.written.at(-1)).toContain("return n + 1\n");
    const [, question] = fake.requests.filter(({ role }) => role === "tester");
    const text = question?.messages.map(({ content }) => content).join("\n") ?? "";
    expect(text).toMatch(/"args": \[7\]/);
    expect(text).toMatch(/an answer: it returns 8/);
    expect(text).not.toMatch(/def add_one|!= 7|peer/);
    expect(fake.events).toContainEqual({ type: "peers-questioned", attempt: 1, calls: 1 });
    expect(state.suite?.cases.at(-1)).toMatchObject({ args: [7], expected: 8, sealed: false });
  });

  it("provePeers() admits what its peers contradict when the contract does not settle it", async () => {
    const fake = await play([flawed], []);
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(fake.certificates[0]?.evidence).toMatchObject({
      strength: "proven",
      agreement: { agreement: 0.5, peers: [{ kind: "other model", sameAnswers: 0.5 }] },
    });
  });

  it("provePeers() asks nothing where peers bear the candidate out", async () => {
    const fake = await play([right], []);
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(fake.requests.filter(({ role }) => role === "tester")).toHaveLength(1);
  });
});
