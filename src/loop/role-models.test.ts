import { describe, expect, it } from "vitest";
import { openRunJournal } from "../journal/run-journal.ts";
import type { ChatModel, ChatRequest } from "../model/chat-model.ts";
import type { RoleLinks } from "../model/model-chain.ts";
import { AgentError, type ErrorCode } from "../shared/errors.ts";
import type { AgentEvent, Role } from "../shared/events.ts";
import { runGraph } from "./graph.ts";
import { RoleModels } from "./role-models.ts";
import {
  agreeAnswer,
  codeAnswer,
  contractAnswer,
  type FakeRun,
  scriptedModel,
  suiteAnswer,
} from "./testing/fake-run.ts";
import { fakeRuns } from "./testing/open-fake-run.ts";

const open = fakeRuns();
const right = codeAnswer("return n + 1");
const answers = {
  planner: () => contractAnswer,
  tester: () => suiteAnswer,
  coder: () => right,
  analyst: () => agreeAnswer,
};

/** A model that answers rightly in every role, whatever the order of its calls. */
function able(name: string, requests: ChatRequest[] = [], contextTokens = 32_768): ChatModel {
  return scriptedModel(answers, requests, { name, contextTokens });
}

function failing(name: string, code: ErrorCode, asked: Role[] = []): ChatModel {
  const chat = async ({ role }: ChatRequest) => {
    asked.push(role);
    throw new AgentError(code, `Asking the model ${name}: it is not there.`, {
      blame: "environment",
    });
  };
  return { name, contextTokens: 8_192, chat };
}

function chain(...models: readonly ChatModel[]) {
  return models.map((model) => ({ name: model.name, open: async () => model }));
}

function inAllRoles(...models: readonly ChatModel[]): RoleLinks {
  const links = chain(...models);
  return { planner: links, tester: links, coder: links, analyst: links };
}

/** Opens what a run that was cut off goes on with: the same journal, models opened anew. */
async function again(before: FakeRun, links: RoleLinks) {
  await before.run.journal.close();
  const { runsDirectory } = before;
  return open({ answers: {}, links, runsDirectory });
}

function ofType<T extends AgentEvent["type"]>({ events }: FakeRun, type: T) {
  return events.filter((event) => event.type === type) as Extract<AgentEvent, { type: T }>[];
}

describe("RoleModels when a model is down", () => {
  it.each([
    "MODEL_UNREACHABLE",
    "MODEL_MISSING",
    "MODEL_SERVER_ERROR",
    "MODEL_STREAM_CUT",
  ] as const)(
    "leave() goes on with the next model after %s, for good and for all roles",
    async (code) => {
      const asked: Role[] = [];
      const links = inAllRoles(failing("first", code, asked), able("second"));
      const fake = await open({ answers: {}, links });
      expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted", attempt: 1 });
      expect(asked).toEqual(["planner"]);
      const switched = {
        role: "planner",
        order: 0,
        from: "first",
        to: "second",
        why: "down",
        code,
      };
      expect(ofType(fake, "model-switched")).toMatchObject([switched]);
      expect(ofType(fake, "model-called").map(({ model }) => model)).toEqual([
        "first",
        ...new Array(4).fill("second"),
      ]);
      expect(fake.certificates[0]).toMatchObject({ modelSwitches: [switched], models: ["second"] });
      expect(fake.run.calls.requests()).toBe(5);
      expect(fake.run.calls.total()).toBe(4);
    },
  );

  it.each([
    "REMOTE_NOT_ALLOWED",
    "MODEL_REFUSED",
    "MODEL_PROTOCOL",
    "PROMPT_CUT",
    "ABORTED",
    "BUDGET_REACHED",
  ] as const)("leave() asks nobody else after %s", async (code) => {
    const requests: ChatRequest[] = [];
    const links = inAllRoles(failing("first", code), able("second", requests));
    const fake = await open({ answers: {}, links });
    await expect(runGraph(fake.run)).rejects.toMatchObject({ code });
    expect(requests).toEqual([]);
    expect(ofType(fake, "model-switched")).toEqual([]);
  });

  it("leave() never goes to another machine without consent, and says which model is down", async () => {
    const refused = new AgentError("REMOTE_NOT_ALLOWED", "Using a model: consent is wanted.", {
      blame: "caller",
    });
    const remote = { name: "far", open: () => Promise.reject(refused) };
    const links = [...chain(failing("near", "MODEL_UNREACHABLE")), remote];
    const roles = { planner: links, tester: links, coder: links, analyst: links };
    const fake = await open({ answers: {}, links: roles });
    await expect(runGraph(fake.run)).rejects.toMatchObject({
      code: "REMOTE_NOT_ALLOWED",
      message: expect.stringMatching(/near is down .*far, the next of its chain/s),
    });
    const resumed = await again(fake, inAllRoles(able("near"), able("far")));
    expect(await runGraph(resumed.run)).toMatchObject({ outcome: "admitted" });
    expect(ofType(resumed, "model-called").map(({ model }) => model)).not.toContain("far");
  });

  it("leave() begins the chain anew when the run goes on, if none of it answered", async () => {
    const down = inAllRoles(
      failing("first", "MODEL_UNREACHABLE"),
      failing("second", "MODEL_MISSING"),
    );
    const fake = await open({ answers: {}, links: down });
    await expect(runGraph(fake.run)).rejects.toMatchObject({
      code: "MODEL_MISSING",
      message: expect.stringContaining("none of first, second answers"),
    });
    const resumed = await again(fake, inAllRoles(able("first"), able("second")));
    expect(await runGraph(resumed.run)).toMatchObject({ outcome: "admitted" });
    expect(resumed.certificates[0]).toMatchObject({ models: ["first"] });
  });

  it("leave() leaves other roles where they are when they have chains of their own", async () => {
    const own = chain(failing("tests", "MODEL_MISSING"), able("spare"));
    const links = chain(able("main"));
    const roles = { planner: links, tester: own, coder: links, analyst: links };
    const fake = await open({ answers: {}, links: roles });
    await runGraph(fake.run);
    expect(ofType(fake, "model-called").map(({ role, model }) => `${role} ${model}`)).toEqual([
      "planner main",
      "tester tests",
      "tester spare",
      "coder main",
      "analyst main",
    ]);
  });

  it("modelFor() has the prompt built anew for a smaller window, and what it left out in the journal", async () => {
    const requests: ChatRequest[] = [];
    const links = inAllRoles(failing("large", "MODEL_UNREACHABLE"), able("small", requests, 2_048));
    const recalled = Array.from(
      { length: 5 },
      (_, index) => `lesson ${index} ${"item123 ".repeat(45)}`,
    );
    const fake = await open({ answers: {}, links, recalled });
    await runGraph(fake.run);
    const [shortened] = ofType(fake, "prompt-shortened");
    expect(shortened).toMatchObject({ role: "planner", model: "small", contextTokens: 2_048 });
    expect(shortened?.leftOut.join()).toMatch(/of 5 recalled failures/);
    const shown = requests[0]?.messages.map(({ content }) => content).join("\n") ?? "";
    expect(shown).toContain("lesson 0");
    expect(shown).not.toContain("lesson 4");
    await fake.run.journal.close();
    const { runsDirectory } = fake;
    const journal = await openRunJournal({ runsDirectory, runId: "run-1", fsync: false });
    const answered = journal.entries.find((entry) => entry.type === "model-answered");
    expect(answered).toMatchObject({ leftOut: shortened?.leftOut });
    await journal.close();
  });
});

describe("RoleModels when answers cannot be read", () => {
  const prose = () => "I would rather not.";

  /** Answers rightly but as the coder. */
  function unable(name: string, requests: ChatRequest[]): ChatModel {
    return scriptedModel({ ...answers, coder: prose }, requests, { name });
  }

  it("mustLeave() lets the next model answer the question itself after three of them", async () => {
    const first: ChatRequest[] = [];
    const second: ChatRequest[] = [];
    const named = chain(unable("first", first), able("second", second));
    // As a chain may name a model that calls itself `first`.
    const prefixed = named.map(({ name, open: opened }) => ({
      name: `ollama:${name}`,
      open: opened,
    }));
    const links = { planner: prefixed, tester: prefixed, coder: prefixed, analyst: prefixed };
    const fake = await open({ answers: {}, links });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "admitted", attempt: 2 });
    expect(first.filter(({ role }) => role === "coder")).toHaveLength(3);
    expect(second.map(({ role }) => role)).toEqual(["coder", "analyst"]);
    // Not a repair of what another one wrote.
    expect(JSON.stringify(second[0]?.messages)).not.toContain("I would rather not");
    expect(ofType(fake, "model-switched")).toMatchObject([
      { role: "coder", order: 3, from: "ollama:first", to: "ollama:second", why: "format" },
    ]);
    expect(fake.certificates[0]?.models).toEqual(["first", "second"]);
  });

  it("mustLeave() is false for the last of a chain, which is asked to the end", async () => {
    const requests: ChatRequest[] = [];
    const links = inAllRoles(unable("only", requests));
    const fake = await open({ answers: {}, links, settings: { maxIterations: 3 } });
    expect(await runGraph(fake.run)).toMatchObject({ outcome: "failed" });
    expect(requests.filter(({ role }) => role === "coder")).toHaveLength(6);
  });

  it("repeatSwitch() goes on where the chain was: no answer is asked for twice, no model again", async () => {
    const first: ChatRequest[] = [];
    const second: ChatRequest[] = [];
    const cut = new AbortController();
    const dying: ChatModel = {
      ...able("second"),
      chat: async (request) => {
        second.push(request);
        cut.abort(new AgentError("ABORTED", "Stopped.", { blame: "caller" }));
        throw cut.signal.reason;
      },
    };
    const links = inAllRoles(unable("first", first), dying);
    const fake = await open({ answers: {}, links });
    await expect(runGraph(fake.run)).rejects.toMatchObject({ code: "ABORTED" });
    const third: ChatRequest[] = [];
    const fourth: ChatRequest[] = [];
    const resumed = await again(fake, inAllRoles(able("first", third), able("second", fourth)));
    expect(await runGraph(resumed.run)).toMatchObject({ outcome: "admitted", attempt: 2 });
    expect(third).toEqual([]);
    expect(fourth.map(({ role }) => role)).toEqual(["coder", "analyst"]);
    expect(resumed.events.slice(0, fake.events.length)).toMatchObject(
      fake.events.map(({ type }) => ({ type })),
    );
    expect(resumed.certificates[0]?.modelSwitches).toHaveLength(1);
  });
});

describe("RoleModels after a resume with other models", () => {
  it("repeatSwitch() keeps to the models that the run is resumed with", async () => {
    const fake = await open({
      answers: {},
      links: inAllRoles(failing("first", "MODEL_MISSING"), failing("second", "MODEL_REFUSED")),
    });
    await expect(runGraph(fake.run)).rejects.toMatchObject({ code: "MODEL_REFUSED" });
    const resumed = await again(fake, inAllRoles(able("other")));
    expect(await runGraph(resumed.run)).toMatchObject({ outcome: "admitted" });
    expect(resumed.run.models).toBeInstanceOf(RoleModels);
    expect(resumed.certificates[0]?.models).toEqual(["other"]);
  });
});
