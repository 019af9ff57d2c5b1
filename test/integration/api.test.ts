import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AgentEvent,
  AutonomousAgent,
  DANGEROUS_PATTERNS,
  type RunResult,
} from "../../src/index.ts";
import { type OllamaServer, refusedHost, startOllamaServer } from "../support/ollama-server.ts";
import { byRole, roleOf } from "../support/scripted-ollama.ts";
import { answersOf, codeAnswer, errorOf, ofType, rightAnswer } from "./run-support.ts";

const child = fileURLToPath(new URL("./api-guide-child.ts", import.meta.url));
let folder: string;
let server: OllamaServer;
let agent: AutonomousAgent;
let answer = byRole(answersOf());

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "autodidact-api-"));
  server = await startOllamaServer({ answer: (request) => answer(request) });
  agent = new AutonomousAgent({
    workspaceRoot: join(folder, "workspace"),
    ollamaHost: server.host,
    language: "typescript",
  });
});

afterAll(async () => {
  await agent.close();
  await server.close({ allowLeftOver: true });
  await rm(folder, { recursive: true, force: true });
});

describe("the guide's programs", () => {
  it("run without Ollama and without close(), and end", async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [child], {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        XDG_CONFIG_HOME: process.env["XDG_CONFIG_HOME"],
        OLLAMA_HOST: await refusedHost(),
      },
      timeout: 120_000,
    });
    expect(stdout.trim().split("\n")).toEqual([
      "Total skills: 1",
      "create_a_url_parser: completed",
      "create_a_json_validator_skill: completed",
      "with a rule against it: failed after 1",
    ]);
    const memory = await readFile(join(folder, "agent_workspace", "memory.json"), "utf8");
    expect(JSON.parse(memory).skills[0]).toMatchObject({
      name: "encoder",
      status: "working",
    });
    const skill = join(folder, "agent_workspace", "skills", "encoder.py");
    expect(await readFile(skill, "utf8")).toContain("def ");
    // Three proofs one after the other; the child's own limit is the one that should be met.
  }, 150_000);
});

describe("AutonomousAgent", () => {
  it("run() is a promise of the result and an iterable of events from the first on", async () => {
    const run = agent.run("Add one, watched", { skillName: "adder" });
    const events: AgentEvent[] = [];
    for await (const event of run) events.push(event);
    const result: RunResult = await run;
    expect(result).toMatchObject({ status: "completed", skill: "adder", modelCalls: 4 });
    expect(events.at(0)).toMatchObject({ type: "run-started", runId: result.runId });
    expect(events.at(-1)).toMatchObject({ type: "run-finished", status: "completed" });
    const again: AgentEvent[] = [];
    for await (const event of run) again.push(event);
    expect(again).toEqual(events);
    const phases = ofType(events, "phase-started").map((event) => event.phase);
    expect(phases).toEqual(["plan", "write", "test", "analyze"]);
  });

  it("use(), skills and memory show what was learned", async () => {
    expect(await agent.use("adder", { n: 1 })).toMatchObject({ outcome: { value: 2 } });
    expect(await agent.use("adder", [2])).toMatchObject({ outcome: { value: 3 } });
    expect(await agent.use("adder", 3)).toMatchObject({ outcome: { value: 4 } });
    expect(await agent.skills.get("adder")).toMatchObject({ status: "working" });
    expect((await agent.skills.list()).map((skill) => skill.name)).toEqual(["adder"]);
    expect((await agent.memory.read()).directives).toMatchObject([{ status: "completed" }]);
  });

  it("runAll() works on several goals at once, results in the goals' order, errors among them", async () => {
    let atOnce = 0;
    let most = 0;
    const goals = ["Add one, first", "", "Add one, third", "Add one, fourth"];
    // Each goal's answers are the same, so their order between the runs does not matter.
    answer = (request) => answersOf()(roleOf(request), 0);
    const results = await agent.runAll(goals, {
      parallel: 3,
      onEvent: (_goal, event) => {
        if (event.type === "run-started") atOnce += 1;
        if (event.type === "run-finished") atOnce -= 1;
        most = Math.max(most, atOnce);
      },
    });
    expect(results).toMatchObject([
      { goal: goals[0], status: "completed" },
      { goal: "", error: { code: "GOAL_INVALID" } },
      { goal: goals[2], status: "completed" },
      { goal: goals[3], status: "completed" },
    ]);
    expect(most).toBeGreaterThan(1);
    const names = results.map((result) => ("skill" in result ? result.skill : ""));
    expect(new Set(names).size).toBe(4);
  });

  it("runAll() finishes both when the same goal is given twice at once", async () => {
    let coded = 0;
    answer = (request) => {
      coded += 1;
      return answersOf({ coder: codeAnswer(`n + 1 + 0 * ${coded}`) })(roleOf(request), 0);
    };
    const results = await agent.runAll(["Add one, twice", "add one twice"], { parallel: 2 });
    expect(results).toMatchObject([{ status: "completed" }, { status: "completed" }]);
    // One of them, whichever came first, made it; the other was offered it.
    expect(results.map((result) => "offered" in result && result.offered).toSorted()).toEqual([
      false,
      true,
    ]);
    const skills = (await agent.skills.list()).filter((skill) => /twice/.test(skill.name));
    expect(skills).toMatchObject([{ status: "working" }]);
  });

  it("run() stops with ABORTED when its signal does, and resume() goes on", async () => {
    const controller = new AbortController();
    answer = byRole(answersOf({ coder: { fault: "silence" } }));
    const run = agent.run("Add one, stopped", { signal: controller.signal });
    for await (const event of run) {
      if (event.type === "model-called" && event.role === "coder") break;
    }
    controller.abort(new Error("enough"));
    expect(await errorOf(run)).toMatchObject({ code: "ABORTED" });
    answer = byRole(answersOf());
    expect(await agent.resume()).toMatchObject({ goal: "Add one, stopped", status: "completed" });
  });

  it("run() and runAll() begin nothing when the signal is aborted already", async () => {
    const before = server.chats().length;
    const signal = AbortSignal.abort();
    expect(await errorOf(agent.run("Add one, never", { signal }))).toMatchObject({
      code: "ABORTED",
    });
    const goals = ["Add one, not a", "Add one, not b"];
    expect(await agent.runAll(goals, { signal, parallel: 1 })).toMatchObject([
      { goal: goals[0], error: { code: "ABORTED" } },
      { goal: goals[1], error: { code: "ABORTED" } },
    ]);
    expect(server.chats()).toHaveLength(before);
    const { directives } = await agent.memory.read();
    expect(directives.filter(({ goal }) => /never|not/.test(goal))).toEqual([]);
  });

  it("DANGEROUS_PATTERNS and safetyRules refuse a candidate, and the coder is told", async () => {
    DANGEROUS_PATTERNS.push(/n \+ 1/);
    const coder = (order: number) => (order === 0 ? rightAnswer : codeAnswer("1 + n"));
    answer = byRole(answersOf({ coder }));
    const run = agent.run("Add one, by the rules");
    const events: AgentEvent[] = [];
    try {
      for await (const event of run) events.push(event);
    } finally {
      DANGEROUS_PATTERNS.pop();
    }
    expect(await run).toMatchObject({ status: "completed", attempts: 2 });
    expect(ofType(events, "candidate-refused")).toMatchObject([
      { attempt: 1, reasons: [expect.stringContaining("n \\+ 1")] },
    ]);
    const own = new AutonomousAgent({
      workspaceRoot: join(folder, "own"),
      ollamaHost: server.host,
      language: "typescript",
      safetyRules: [(source) => (source.includes("n + 1") ? "write 1 + n instead" : undefined)],
    });
    answer = byRole(answersOf({ coder }));
    expect(await own.run("Add one, by a rule of mine")).toMatchObject({ attempts: 2 });
    expect((await own.memory.read()).failures).toMatchObject([
      { kind: "refused", error: expect.stringContaining("write 1 + n instead") },
    ]);
    await own.close();
    await own.close();
  });

  it("a wrong option is named with what is wanted, and where it came from", async () => {
    const wrong = new AutonomousAgent({ maxIterations: 0 });
    const error = await errorOf(wrong.run("Add one"));
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    expect(error.message).toMatch(/maxIterations[\s\S]*1 to 100/);
    await wrong.close();
  });
});
