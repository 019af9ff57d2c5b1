import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  closeAnsweredApplication,
  newGoal,
  openAnsweredApplication,
} from "../support/answered-application.ts";
import { type ChatBody, type OllamaServer, refusedHost } from "../support/ollama-server.ts";
import type { Reply } from "../support/ollama-wire.ts";
import { roleOf } from "../support/scripted-ollama.ts";
import type { TemporaryApplication } from "../support/temporary-application.ts";
import { answersOf, errorOf, follow, ofType } from "./run-support.ts";

const models = ["alpha", "beta", "gamma"].map((name) => ({ name: `${name}:latest` }));
const settings = { language: "typescript", maxMutants: 0, flakeRuns: 1 } as const;
let server: OllamaServer;
let opened: TemporaryApplication;
let answer: (request: ChatBody) => Reply;

const usual = (request: ChatBody): Reply => answersOf()(roleOf(request), 0);

beforeAll(async () => {
  ({ server, opened } = await openAnsweredApplication(
    {
      models: [
        ...models,
        { name: "small:latest", trainedContextTokens: 4_096 },
        { name: "far:latest", remoteHost: "https://ollama.com" },
      ],
      answer: (request) => answer(request),
    },
    settings,
  ));
});

afterAll(async () => {
  await closeAnsweredApplication({ server, opened });
});

/** What was asked of whom, in order. */
async function asked(work: () => Promise<unknown>): Promise<readonly ChatBody[]> {
  const before = server.chats().length;
  await work();
  return server.chats().slice(before);
}

/** How often a server that holds one model at a time would have to load one. */
function loads(chats: readonly ChatBody[]): number {
  return chats.filter((chat, index) => chat.model !== chats[index - 1]?.model).length;
}

describe("runDirective() with a chain of models", () => {
  it("runDirective() goes on with the next model when one is missing, and says so everywhere", async () => {
    answer = usual;
    const application = await opened.reopen({ model: ["missing", "small", "alpha"] });
    const chats = await asked(async () => {
      const { result, events } = await follow(application.runDirective(newGoal()));
      expect(result).toMatchObject({ status: "completed", modelCalls: 4 });
      expect(ofType(events, "run-started")).toMatchObject([
        { model: "missing", chains: { coder: ["missing", "small", "alpha"] } },
      ]);
      const switched = { from: "missing", to: "small", why: "down", code: "MODEL_MISSING" };
      expect(ofType(events, "model-switched")).toMatchObject([switched]);
      const { certificate } = await application.showSkill(result.skill);
      expect(certificate).toMatchObject({ models: ["small"], modelSwitches: [switched] });
      expect(certificate?.cost).toMatchObject({ modelCalls: 4, requests: 5 });
    });
    // The missing one is asked for once; the window is the one that the next was trained for.
    expect(chats.map(({ model }) => model)).toEqual(["missing", ...new Array(4).fill("small")]);
    expect(chats.at(-1)?.options?.["num_ctx"]).toBe(4_096);
  });

  it("resumeRun() goes on where the chain was, with what was answered replayed", async () => {
    answer = (request) => {
      if (request.model === "alpha" && roleOf(request) === "coder") {
        return { fault: "status", status: 503, body: '{"error":"server busy"}' };
      }
      return request.model === "beta" ? { fault: "cut" } : usual(request);
    };
    const application = await opened.reopen({ model: "alpha,beta,gamma", maxModelRetries: 0 });
    const stop = new AbortController();
    const first = await asked(async () => {
      const run = application.runDirective(newGoal(), { signal: stop.signal });
      const watched = (async () => {
        for await (const event of run) {
          if (event.type === "model-called" && event.model === "gamma") stop.abort();
        }
      })();
      expect(await errorOf(run.result)).toMatchObject({ code: "ABORTED" });
      await watched.catch(() => {});
    });
    expect(first.map(({ model }) => model).slice(0, 4)).toEqual([
      "alpha",
      "alpha",
      "alpha",
      "beta",
    ]);
    answer = usual;
    const goneOn = await asked(async () => {
      const { result } = await follow(application.resumeRun());
      expect(result).toMatchObject({ status: "completed" });
      const { certificate } = await application.showSkill(result.skill);
      expect(certificate?.models).toEqual(["alpha", "gamma"]);
    });
    expect(goneOn.map(({ model }) => model)).toEqual(["gamma", "gamma"]);
  });

  it.each([
    ["a chain's end", { model: ["alpha", "compatible:m@https://one.example"] }, /one\.example/u],
    ["a role's chain", { tester: ["beta", "gpt-oss:20b-cloud"] }, /https:\/\/ollama\.com/u],
    ["a model passed on", { model: ["alpha", "far"] }, /the model far runs on https/u],
    ["a peer", { peers: ["compatible:m@https://two.example"] }, /two\.example/u],
    [
      "all of them",
      { model: ["alpha", "openai:gpt-5"], coder: "anthropic:x" },
      /to https:\/\/api\.openai\.com and to https:\/\/api\.anthropic\.com/u,
    ],
  ])(
    "runDirective() refuses, before anything is asked, what lacks consent: %s",
    async (_, settings, message) => {
      answer = usual;
      const application = await opened.reopen({ model: "alpha", ...settings });
      const chats = await asked(async () => {
        expect(await errorOf(follow(application.runDirective(newGoal())))).toMatchObject({
          code: "REMOTE_NOT_ALLOWED",
          message: expect.stringMatching(message),
        });
      });
      expect(chats).toEqual([]);
      expect(await application.pendingRuns()).toEqual([]);
      expect((await application.modelReadiness("")).kind).toBe("remote-not-allowed");
    },
  );

  it("runDirective() asks the end of a chain elsewhere that was consented to", async () => {
    answer = usual;
    const allowed = await opened.reopen({ model: ["missing", "far"] });
    await allowed.allowRemote("https://ollama.com", false);
    const { result } = await follow(allowed.runDirective(newGoal()));
    expect(result).toMatchObject({ status: "completed" });
  });

  it("runDirective() refuses a variable's key that could be meant for two servers", async () => {
    const model = ["alpha", "compatible:m@https://one.example", "compatible:m@https://two.example"];
    const application = await opened.reopen({ model, allowRemote: true });
    process.env["COMPATIBLE_API_KEY"] = "k";
    try {
      const error = await errorOf(follow(application.runDirective(newGoal())));
      expect(error).toMatchObject({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(/one\.example or https:\/\/two\.example/u),
      });
    } finally {
      delete process.env["COMPATIBLE_API_KEY"];
    }
  });

  it("runDirective() refuses a recording among live models, whose answers would stand unlabelled", async () => {
    const application = await opened.reopen({ model: ["alpha", "recordings"] });
    const error = await errorOf(follow(application.runDirective(newGoal())));
    expect(error).toMatchObject({ code: "USAGE", message: expect.stringContaining("recording") });
  });

  it("runDirective() keeps the directive when no model of a chain answers", async () => {
    await opened.reopen({ model: ["alpha", "beta"], ollamaHost: await refusedHost() });
    const goal = newGoal();
    expect(await errorOf(follow(opened.application.runDirective(goal)))).toMatchObject({
      code: "MODEL_UNREACHABLE",
    });
    expect(await opened.application.pendingRuns()).toMatchObject([{ goal }]);
    const application = await opened.reopen({ model: ["alpha", "beta"] });
    const chats = await asked(() => follow(application.resumeRun()));
    expect(chats.map(({ model }) => model)).toEqual(new Array(4).fill("alpha"));
  });
});

describe("runDirective() with a name that holds a comma", () => {
  it("runDirective() notes it so that a resumed run asks for the same model", async () => {
    const application = await opened.reopen({ model: ["compatible:a,b@http://127.0.0.1:9/v1"] });
    for (const run of [() => application.runDirective(newGoal()), () => application.resumeRun()]) {
      expect(await errorOf(follow(run()))).toMatchObject({
        code: "MODEL_UNREACHABLE",
        message: expect.stringContaining("compatible:a,b@http://127.0.0.1:9/v1"),
      });
    }
  });
});

describe("runDirective() with a model for each role", () => {
  it("runDirective() asks each role's own model, in an order that loads few", async () => {
    answer = usual;
    const application = await opened.reopen({
      model: "alpha",
      tester: "beta",
      analyst: "gamma",
      candidates: 3,
      peers: ["gamma", "beta", "alpha"],
    });
    const chats = await asked(() => follow(application.runDirective(newGoal())));
    expect(chats.map((chat) => `${roleOf(chat)} ${chat.model}`)).toEqual([
      "planner alpha",
      "tester beta",
      "coder alpha",
      "coder alpha",
      "coder alpha",
      "coder alpha",
      "coder beta",
      "coder gamma",
      "analyst gamma",
    ]);
    // As the peers stand in the settings it would be 7.
    expect(loads(chats)).toBe(5);
  });
});

describe("runDirective() with a server that answers, and not as it should", () => {
  it.each([
    ["fails", 500, "MODEL_SERVER_ERROR"],
    ["lacks the model", 200, "MODEL_MISSING"],
  ])("runDirective() begins with the next model when a server %s at the start", async (...row) => {
    const [, status, code] = row;
    answer = usual;
    const failure = { error: { message: "no such model" } };
    const other = createServer((request, response) => {
      const isList = request.url === "/v1/models";
      response.writeHead(isList ? status : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(isList && status === 200 ? { data: [] } : failure));
    });
    await once(other.listen(0, "127.0.0.1"), "listening");
    try {
      const { port } = other.address() as AddressInfo;
      const name = `compatible:m@http://127.0.0.1:${port}`;
      const alone = await opened.reopen({ model: [name] });
      expect(await errorOf(follow(alone.runDirective(newGoal())))).toMatchObject({ code });
      const application = await opened.reopen({ model: [name, "alpha"] });
      const { result } = await follow(application.runDirective(newGoal()));
      expect(result).toMatchObject({ status: "completed" });
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });
});
