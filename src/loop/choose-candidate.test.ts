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

/** Passes what says `n + 1`; it answers every input the same, and the rest answer as their text. */
async function observe({ suite, programs }: ObserveRequest): Promise<Observation> {
  const open = suite.cases.filter(({ sealed }) => !sealed).map(({ id }) => id);
  const observed = programs.map(({ source }) => {
    const isRight = source.includes("n + 1");
    const answer = isRight ? "1" : JSON.stringify(source);
    const caseAnswers = Object.fromEntries(open.map((id) => [id, answer]));
    return {
      passed: isRight ? open : [],
      caseAnswers,
      outcomes: [...open.map(() => answer), answer, answer],
      isFamiliar: [true, true],
    };
  });
  return { programs: observed, inputs: [[-1], [-2]] };
}

const wrong = codeAnswer("return 0");
const right = codeAnswer("return n + 1");
const againRight = codeAnswer("return [n + 1][0]");
const alsoRight = codeAnswer("return (n + 1)");

function peer(name: string, text: string): Peer {
  const chat = async () => {
    const usage = { promptTokens: 1, outputTokens: 1, durationMs: 1, firstTokenMs: 1 };
    return { text, thinking: "", model: name, ...usage };
  };
  return { kind: "other-model", model: { name, contextTokens: 8_192, chat } };
}

const answers = { planner: [contractAnswer], tester: [suiteAnswer], analyst: [agreeAnswer] };
const prover = fakeProver({ observe });

describe("chooseCandidate", () => {
  it("chooseCandidate() goes on with the program that others bear out", async () => {
    const fake = await open({
      answers: { ...answers, coder: [wrong, right, alsoRight, againRight] },
      settings: { candidates: 4 },
      prover,
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(fake.written).toEqual(["def add_one(n):\n    return n + 1\n"]);
    expect(fake.certificates[0]?.evidence).toMatchObject({
      strength: "proven",
      agreement: {
        programs: 4,
        behaviours: 2,
        agreement: 1,
        sources: ["same model, same prompt"],
      },
    });
  });

  it("chooseCandidate() asks for one and compares nothing when the settings say so", async () => {
    const fake = await open({ answers: { ...answers, coder: [right] }, prover });
    await runGraph(fake.run);
    expect(fake.requests).toHaveLength(4);
    expect(fake.certificates[0]?.evidence?.agreement).toBeUndefined();
  });

  it("chooseCandidate() admits no peer's program, and says strictly only with independent ones", async () => {
    const fake = await open({
      answers: { ...answers, coder: [right] },
      prover,
      peers: [peer("other", alsoRight), peer("third", againRight)],
    });
    await runGraph(fake.run);
    expect(fake.written).toEqual(["def add_one(n):\n    return n + 1\n"]);
    expect(fake.certificates[0]?.evidence).toMatchObject({
      strength: "proven strictly",
      agreement: {
        programs: 3,
        sources: ["other model other", "other model third"],
      },
    });
    expect(fake.certificates[0]?.models).toEqual(["scripted", "other", "third"]);
  });

  it("chooseCandidate() asks its own model by another prompt and in the other language", async () => {
    const foreign = `\`\`\`typescript\nexport function add_one(n: number) { return n + 1; }\n\`\`\`\n`;
    const asked: ObserveRequest["programs"][number]["language"][] = [];
    const fake = await open({
      answers: { ...answers, coder: [right, alsoRight, foreign] },
      prover: fakeProver({
        observe: (request) => {
          asked.push(...request.programs.map(({ language }) => language));
          return observe(request);
        },
      }),
      peers: [{ kind: "other-prompt" }, { kind: "other-language" }],
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(asked).toEqual(["python", "python", "typescript"]);
    const [usual, literal, other] = fake.requests
      .filter(({ role }) => role === "coder")
      .map(({ messages }) => JSON.stringify(messages));
    expect(usual).toMatch(/=> 221/);
    expect(literal).not.toMatch(/=> \d{3}/);
    expect(other).toMatch(/TypeScript for Deno/);
    expect(fake.written).toEqual(["def add_one(n):\n    return n + 1\n"]);
    expect(fake.certificates[0]?.evidence).toMatchObject({
      strength: "proven",
      agreement: {
        sources: ["same model, typescript", "same model, other prompt candidate-literal"],
        peers: [
          { kind: "other language", programs: 1, sameText: 0, sameAnswers: 1 },
          { kind: "other prompt", programs: 1, sameText: 0, sameAnswers: 1 },
        ],
      },
    });
  });

  it("chooseCandidate() asks its peers once a run, whatever fails", async () => {
    const fake = await open({
      answers: { ...answers, coder: [wrong, alsoRight, right], analyst: () => agreeAnswer },
      prover,
      peers: [{ kind: "other-prompt" }],
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted", attempt: 2 });
    expect(fake.requests.filter(({ role }) => role === "coder")).toHaveLength(3);
    expect(fake.certificates[0]?.evidence?.agreement).toMatchObject({ programs: 2 });
  });

  it("chooseCandidate() takes those that are left when some are refused or unreadable", async () => {
    const fake = await open({
      answers: { ...answers, coder: [codeAnswer("return fetch(n)"), right] },
      settings: { candidates: 2 },
      refuses: (source) => source.includes("fetch"),
      prover,
    });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted", attempt: 1 });
    expect(fake.written).toEqual(["def add_one(n):\n    return n + 1\n"]);
  });
});
