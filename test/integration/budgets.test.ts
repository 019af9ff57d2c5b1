import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Config } from "../../src/config/schema.ts";
import { SpendLedger } from "../../src/model/budget/spend-ledger.ts";
import {
  closeAnsweredApplication,
  newGoal,
  openAnsweredApplication,
} from "../support/answered-application.ts";
import { type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import type { Reply } from "../support/ollama-wire.ts";
import { byRole, roleOf } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { answersOf, errorOf, follow, ofType } from "./run-support.ts";

const settings = { language: "typescript", contextTokens: 4_096 } as const;
let server: OllamaServer;
let opened: TemporaryApplication;
let answer = byRole(answersOf());

beforeAll(async () => {
  ({ server, opened } = await openAnsweredApplication(
    {
      models: [
        { name: "qwen3-coder:latest" },
        { name: "sold:latest", remoteHost: "https://x.test" },
      ],
      answer: (request) => answer(request),
    },
    settings,
  ));
});

afterAll(async () => {
  await closeAnsweredApplication({ server, opened });
});

/** A restart with these limits; others are off. */
async function restart(budget: Partial<Config["budget"]>, more: Partial<Config> = {}) {
  const off = { directive: {}, day: {}, library: {} };
  return opened.reopen({ budget: { ...off, ...budget }, ...more });
}

/** Every answer costs these tokens, whatever was sent. */
function costing(promptTokens: number, outputTokens: number) {
  const usual = answersOf();
  return byRole((role, order): Reply => {
    const reply = usual(role, order);
    return typeof reply === "string" ? { text: reply, promptTokens, outputTokens } : reply;
  });
}

async function rolesAsked(work: () => Promise<unknown>) {
  const before = server.chats().length;
  await work();
  return server.chats().slice(before).map(roleOf);
}

function ledger(): SpendLedger {
  return new SpendLedger(join(opened.workspaceRoot, "spend.sqlite"));
}

describe("runDirective() with a budget", () => {
  it("runDirective() waits before the call that could pass it, and goes on once it is raised without paying twice", async () => {
    const goal = newGoal();
    answer = costing(900, 100);
    const application = await restart({ directive: { tokens: 3_500, requests: 50 } });
    const asked = await rolesAsked(async () => {
      const { result, events } = await follow(application.runDirective(goal));
      expect(result).toMatchObject({ status: "waiting", attempts: 1, modelCalls: 2 });
      expect(result.waitsFor).toMatch(
        /^Asking qwen3-coder for the coder: the budget of this directive is 3500 tokens, 2000 tokens are spent and .*--max-tokens N.* resume the run\.$/,
      );
      expect(ofType(events, "budget-reached")).toMatchObject([
        { scope: "directive", kind: "tokens", limit: 3_500, spent: 2_000 },
      ]);
      expect(ofType(events, "run-finished")).toMatchObject([{ status: "waiting" }]);
    });
    expect(asked).toEqual(["planner", "tester"]);
    expect(await application.pendingRuns()).toMatchObject([{ goal, status: "waiting" }]);
    const { directives } = await application.readMemory();
    expect(directives.find((one) => one.goal === goal)).toMatchObject({ status: "waiting" });

    const still = await rolesAsked(async () => {
      expect((await follow(application.resumeRun())).result.status).toBe("waiting");
    });
    expect(still).toEqual([]);

    const raised = await restart({ directive: { tokens: 50_000 } });
    const goneOn = await rolesAsked(async () => {
      const { result, events } = await follow(raised.resumeRun());
      expect(result).toMatchObject({ status: "completed", attempts: 1, modelCalls: 4 });
      expect(ofType(events, "run-finished")).toMatchObject([{ promptTokens: 3_600, money: 0 }]);
      const { certificate } = await raised.showSkill(result.skill);
      expect(certificate?.cost).toMatchObject({ requests: 4, money: 0, promptTokens: 3_600 });
      const costs = await raised.skillCosts();
      expect(costs.find(({ skill }) => skill === result.skill)).toMatchObject({
        runs: 1,
        requests: 4,
        promptTokens: 3_600,
        outputTokens: 400,
        money: 0,
      });
      // What was shown in all passes, in order: nothing lost, nothing twice.
      const entries = await raised.showRun(result.runId);
      const shown = entries.flatMap((entry) => (entry.type === "event" ? [entry.event.type] : []));
      expect(shown.filter((type) => type === "model-answered")).toHaveLength(4);
      expect(shown.filter((type) => type === "skill-admitted")).toHaveLength(1);
      expect(shown.filter((type) => type === "budget-reached")).toHaveLength(2);
    });
    expect(goneOn).toEqual(["coder", "analyst"]);
  });

  it("runDirective() holds an answer to what the budget leaves", async () => {
    answer = costing(900, 100);
    const application = await restart({ directive: { tokens: 5_200 } });
    const before = server.chats().length;
    await follow(application.runDirective(newGoal()));
    const limits = server
      .chats()
      .slice(before)
      .map((chat) => Number(chat.options?.["num_predict"]));
    // Each prompt may cost what it is estimated at, which is less than the 5,200 tokens in all.
    expect(limits[0]).toBeGreaterThan(limits[1] ?? 0);
    expect(limits.every((limit) => limit >= 1_024)).toBe(true);
  });

  it("runDirective() stops at a number of requests, and at money by the configured price", async () => {
    answer = costing(3_000, 0);
    const one = await restart({ directive: { requests: 1 } });
    const first = await follow(one.runDirective(newGoal()));
    expect(first.result.waitsFor).toContain("1 model call, 1 model call are spent");
    const models = { "qwen3-coder": { inputPricePerMillion: 100, outputPricePerMillion: 500 } };
    answer = costing(3_000, 0);
    const two = await restart({ directive: { money: 1 } }, { models });
    const second = await follow(two.runDirective(newGoal()));
    expect(ofType(second.events, "budget-reached")).toMatchObject([
      { kind: "money", limit: 1, spent: 0.6 },
    ]);
    expect(ofType(second.events, "run-finished")).toMatchObject([{ money: 0.6 }]);
  });

  it("runDirective() ends a call whose time is up, and counts that time", async () => {
    answer = byRole(answersOf({ planner: { fault: "silence" } }));
    const application = await restart({ directive: { timeMs: 1_000 } });
    const { result, events } = await follow(application.runDirective(newGoal()));
    expect(result).toMatchObject({ status: "waiting" });
    expect(ofType(events, "budget-reached")).toMatchObject([{ kind: "timeMs", limit: 1_000 }]);
    answer = byRole(answersOf());
    const asked = await rolesAsked(() => follow(application.resumeRun(result.runId)));
    expect(asked).toEqual([]);
  });

  it.each<[string, Reply, number]>([
    ["cut off by the server", { fault: "cut", text: "abcdefghijkl" }, 1],
    ["failed by the server", { fault: "error-line", error: "out of memory" }, 0],
  ])(
    "runDirective() counts a call that was %s, and does not make it again",
    async (_how, reply, arrivedTokens) => {
      answer = byRole(answersOf({ planner: reply }));
      const application = await restart({ directive: { requests: 1 } });
      const goal = newGoal();
      const asked = await rolesAsked(async () => {
        await errorOf(follow(application.runDirective(goal)));
        for (let pass = 0; pass < 3; pass += 1) {
          const { result } = await follow(application.resumeRun());
          expect(result).toMatchObject({ goal, status: "waiting" });
          expect(result.waitsFor).toContain("1 model call, 1 model call are spent");
        }
      });
      expect(asked).toEqual(["planner"]);
      // Raised, it is asked again, and the answer stands beside the try.
      answer = costing(900, 100);
      const raised = await restart({ directive: { requests: 20 } });
      const { result } = await follow(raised.resumeRun());
      expect(result).toMatchObject({ goal, status: "completed", modelCalls: 4 });
      const costs = (await raised.skillCosts()).find(({ skill }) => skill === result.skill);
      expect(costs).toMatchObject({ runs: 1, requests: 5 });
      expect(costs?.promptTokens).toBeGreaterThan(3_600);
      expect(costs?.outputTokens).toBeGreaterThanOrEqual(400 + arrivedTokens);
    },
  );

  it("resumeRun() counts what a killed process was asking, and does not pass the budget by it", async () => {
    answer = byRole(answersOf());
    const first = await follow(
      (await restart({ directive: { requests: 1 } })).runDirective(newGoal()),
    );
    const { runId, skill } = first.result;
    const application = await restart({ directive: { requests: 2 } });
    // As a process leaves it that is killed in the middle of the second answer.
    const opening = ledger();
    const call = { runId, skill, role: "tester", order: 0, model: "qwen3-coder" };
    const worst = { promptTokens: 9, outputTokens: 9, leastOutputTokens: 9, price: undefined };
    const off = { directive: {}, day: {}, library: {} };
    opening.hold(call, "2026-11-27", worst, off as Config["budget"]);
    opening.close();
    const asked = await rolesAsked(async () => {
      const { result } = await follow(application.resumeRun(runId));
      expect(result.waitsFor).toContain("2 model calls, 2 model calls are spent");
    });
    expect(asked).toEqual([]);
  });

  it("runDirective() counts nothing of a call that reached nobody", async () => {
    const { host } = server;
    const closed = await startOllamaServer({ models: [{ name: "qwen3-coder:latest" }], answer });
    await closed.close();
    const limits = { directive: { requests: 4 } };
    const application = await restart(limits, { ollamaHost: closed.host });
    const error = await errorOf(follow(application.runDirective(newGoal())));
    expect(error.code).toBe("MODEL_UNREACHABLE");
    answer = byRole(answersOf());
    const back = await restart(limits, { ollamaHost: host });
    const { result } = await follow(back.resumeRun());
    expect(result).toMatchObject({ status: "completed", modelCalls: 4 });
  });

  it("runDirective() refuses a limit of money where a price is not known, and asks nobody", async () => {
    const sold = { model: "sold", allowRemote: true };
    const application = await restart({ day: { money: 5 } }, sold);
    const goal = newGoal();
    const asked = await rolesAsked(async () => {
      const error = await errorOf(follow(application.runDirective(goal)));
      expect(error.code).toBe("CONFIG_INVALID");
      expect(error.message).toMatch(/what sold costs is not known.*inputPricePerMillion/);
    });
    expect(asked).toEqual([]);
    const models = { sold: { inputPricePerMillion: 1, outputPricePerMillion: 1 } };
    const priced = await restart({ day: { money: 5 } }, { ...sold, models });
    answer = costing(1_000, 1_000);
    const { events, result } = await follow(priced.resumeRun());
    expect(result).toMatchObject({ goal, status: "completed" });
    expect(ofType(events, "run-finished")).toMatchObject([{ money: 0.008 }]);
  });
});

describe("compareModels() with a budget", () => {
  it("compareModels() stops before the call that could pass it, and counts what it asked for day and library", async () => {
    await opened.remove();
    opened = await openTemporaryApplication({ ...settings, ollamaHost: server.host });
    answer = costing(900, 100);
    const { result } = await follow((await restart({})).runDirective(newGoal()));
    answer = costing(900, 100);
    const own = await restart({ directive: { requests: 1 } });
    const asked = await rolesAsked(async () => {
      const error = await errorOf(own.compareModels(result.runId, "sold:latest"));
      expect(error.code).toBe("REMOTE_NOT_ALLOWED");
      expect(await errorOf(own.compareModels(result.runId, "qwen3-coder"))).toMatchObject({
        code: "BUDGET_REACHED",
        message: expect.stringContaining("1 model call, 1 model call are spent"),
      });
      // Begun again, it brings no budget of its own.
      expect(await errorOf(own.compareModels(result.runId, "qwen3-coder"))).toMatchObject({
        code: "BUDGET_REACHED",
        message: expect.stringMatching(/all comparisons with this run is .* compare again\.$/),
      });
    });
    expect(asked).toEqual(["planner"]);
    answer = costing(900, 100);
    const day = await restart({ day: { requests: 7 } });
    const more = await rolesAsked(async () => {
      const error = await errorOf(day.compareModels(result.runId, "qwen3-coder"));
      expect(error.message).toContain("today is 7 model calls, 7 model calls are spent");
    });
    expect(more).toEqual(["planner", "tester"]);
    expect(await day.skillCosts()).toMatchObject([{ skill: result.skill, runs: 1, requests: 7 }]);
    const locks = await readdir(join(opened.workspaceRoot, "runs", "locks"));
    expect(locks.filter((name) => name.startsWith("compare-"))).toEqual([]);
  });
});

describe("runAll() with a budget", () => {
  it("runAll() lets runs in parallel never pass the day's budget together", async () => {
    await opened.remove();
    opened = await openTemporaryApplication({ ...settings, ollamaHost: server.host });
    answer = byRoleOfMany(900, 100);
    const limit = 9_000;
    const application = await restart({ day: { tokens: limit } });
    const outcomes = await application.runAll([newGoal(), newGoal(), newGoal()], { parallel: 3 });
    expect(outcomes.map((one) => ("error" in one ? one.error.message : one.status))).toContain(
      "waiting",
    );
    const opening = ledger();
    const spent = opening.spent("library", "", "2000-01-01");
    opening.close();
    expect(spent.tokens).toBeLessThanOrEqual(limit);
    expect(spent.tokens).toBeGreaterThanOrEqual(4_000);
  });

  it("openLedger() makes a lost or damaged ledger anew from the journals", async () => {
    const before = await opened.application.skillCosts();
    expect(before.length).toBeGreaterThan(0);
    await opened.application.close();
    const path = join(opened.workspaceRoot, "spend.sqlite");
    await writeFile(
      path,
      "this is no database, and longer than a header of one hundred bytes is. ".repeat(4),
    );
    const application = await opened.reopen();
    expect(await application.skillCosts()).toEqual(before);
    expect(String(await readFile(path)).startsWith("SQLite format 3")).toBe(true);
  });
});

/** Answers by what each request asks for, whichever run it belongs to. */
function byRoleOfMany(promptTokens: number, outputTokens: number) {
  const usual = answersOf();
  return (request: Parameters<typeof roleOf>[0]): Reply => {
    const reply = usual(roleOf(request), 0);
    return typeof reply === "string" ? { text: reply, promptTokens, outputTokens } : reply;
  };
}
