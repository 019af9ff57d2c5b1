import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Application } from "../../src/application/application.ts";
import { configSchema } from "../../src/config/schema.ts";
import { openApplication } from "../../src/wiring.ts";
import { type ChatBody, type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import type { Reply } from "../support/ollama-wire.ts";
import { quickSettings } from "../support/quick-settings.ts";
import { roleOf } from "../support/scripted-ollama.ts";
import { answersOf, codeAnswer, errorOf, follow, ofType } from "./run-support.ts";

let folder: string;
let server: OllamaServer;
let first: Application;
let second: Application;
let coder: Reply | undefined;

/** The two runs' calls come in any order, so each is answered from itself alone. */
function answer(request: ChatBody): Reply {
  return answersOf(coder === undefined ? {} : { coder })(roleOf(request), 0);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-parallel-"));
  server = await startOllamaServer({ answer });
  const open = () =>
    openApplication({
      config: configSchema.parse({
        ...quickSettings,
        workspaceRoot: folder,
        ollamaHost: server.host,
        language: "typescript",
      }),
    });
  first = await open();
  second = await open();
});

afterAll(async () => {
  await Promise.all([first.close(), second.close()]);
  await server.close({ allowLeftOver: true });
  await rm(folder, { recursive: true, force: true });
});

describe("two programs on one workspace", () => {
  it("give two goals two names although both would be called the same", async () => {
    coder = undefined;
    const results = await Promise.all([
      follow(first.runDirective("Add one: plus")),
      // No letter of it can stand in a name but those of the goal above.
      follow(second.runDirective("Add one? plus 🙂")),
      follow(first.runDirective("Add two, plus three")),
    ]);
    const names = results.map(({ result }) => result.skill);
    expect(results.map(({ result }) => result.status)).toEqual(new Array(3).fill("completed"));
    expect(new Set(names).size).toBe(new Set(results.map(({ result }) => result.runId)).size);
    const { skills, directives } = await second.readMemory();
    expect(skills.filter((skill) => names.includes(skill.name))).toHaveLength(3);
    expect(directives.map((directive) => directive.status)).toEqual(new Array(3).fill("completed"));
    expect(await first.readMemory()).toEqual(await second.readMemory());
  });

  it("make one skill of one goal: the second waits, and is offered what the first has proven", async () => {
    coder = undefined;
    const [one, other] = await Promise.all([
      follow(first.runDirective("Add one, once only")),
      follow(second.runDirective("add one once only")),
    ]);
    const [made, offered] = one.result.offered ? [other, one] : [one, other];
    expect(made.result).toMatchObject({ status: "completed", offered: false });
    expect(offered.result).toMatchObject({ offered: true, skill: made.result.skill });
    expect(ofType(offered.events, "warning-raised")).toMatchObject([
      { message: expect.stringContaining("Another run works on") },
    ]);
  });

  it("make two skills of one goal when both want another one", async () => {
    coder = undefined;
    const options = { again: true };
    const results = await Promise.all([
      follow(first.runDirective("Add one, again and again", options)),
      follow(second.runDirective("Add one, again and again", options)),
    ]);
    expect(results.map(({ result }) => result.status)).toEqual(["completed", "completed"]);
    expect(new Set(results.map(({ result }) => result.skill)).size).toBe(2);
  });

  it("do not both resume one run: the second hears ALREADY_RUNNING", async () => {
    coder = { fault: "cut" };
    const goal = "Add one, resumed twice";
    await errorOf(follow(first.runDirective(goal)));
    const [pending] = await second.pendingRuns();
    expect(pending).toMatchObject({ goal });
    coder = { fault: "delayed-first-byte", delayMs: 500, answer: codeAnswer("n + 1") };
    const chats = server.chats().length;
    const running = follow(first.resumeRun(pending?.runId));
    await server.arrived("/api/chat", chats + 1);
    expect(await errorOf(follow(second.resumeRun(pending?.runId)))).toMatchObject({
      code: "ALREADY_RUNNING",
      isRetryable: true,
    });
    expect(await second.pendingRuns()).toEqual([]);
    expect((await running).result).toMatchObject({ status: "completed" });
    expect(await errorOf(follow(second.resumeRun(pending?.runId)))).toMatchObject({
      code: "RUN_NOT_FOUND",
    });
  });

  it("end a run that was cut off when another has met its goal meanwhile", async () => {
    const goal = "Add one, overtaken";
    coder = { fault: "cut" };
    await errorOf(follow(first.runDirective(goal)));
    const [pending] = await first.pendingRuns();
    coder = codeAnswer("1 + n");
    const overtaking = await follow(second.runDirective(goal));
    expect(overtaking.result).toMatchObject({ status: "completed" });
    coder = codeAnswer("n + 1");
    const { result, events } = await follow(first.resumeRun(pending?.runId));
    expect(result).toMatchObject({ offered: true, skill: overtaking.result.skill });
    expect(events).toMatchObject([{ type: "skill-offered" }]);
    expect(await first.pendingRuns()).toEqual([]);
    expect(await first.showSkill(result.skill)).toMatchObject({ status: "working" });
  });

  it("prove a cut-off run's own code when another has written and failed meanwhile", async () => {
    const goal = "Add one, disturbed";
    const controller = new AbortController();
    coder = undefined;
    // Stopped once its code is tested and nothing but the analysis is missing.
    const run = first.runDirective(goal, { signal: controller.signal });
    const stopAfterVerdict = async () => {
      for await (const event of run) {
        if (event.type === "verdict-reached") controller.abort();
      }
    };
    expect((await errorOf(stopAfterVerdict())).code).toBe("ABORTED");
    const [pending] = await first.pendingRuns();
    coder = codeAnswer("n - 1");
    const failed = await openApplication({
      config: configSchema.parse({ ...second.config, maxIterations: 1 }),
    });
    expect((await follow(failed.runDirective(goal))).result).toMatchObject({ status: "failed" });
    await failed.close();
    coder = undefined;
    const { result } = await follow(first.resumeRun(pending?.runId));
    expect(result).toMatchObject({ status: "completed", offered: false });
    expect(await first.showSkill(result.skill)).toMatchObject({
      status: "working",
      source: expect.stringContaining("n + 1"),
    });
  });
});
