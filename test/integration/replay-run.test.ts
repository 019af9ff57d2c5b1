import { appendFile, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Application, ComparedCall } from "../../src/application/application.ts";
import { configSchema } from "../../src/config/schema.ts";
import type { ChatModel, ChatRequest } from "../../src/model/chat-model.ts";
import { systemClock } from "../../src/shared/clock.ts";
import { openApplication } from "../../src/wiring.ts";
import { inProcessParts } from "../support/in-process-parts.ts";
import { testSize } from "../support/requirements.ts";
import { scriptedChat } from "../support/scripted-chat.ts";
import { type RunKind, runKinds, scriptedAnswer } from "./kill-steps-script.ts";
import { codeAnswer, codeOf, errorOf, follow, goal, ofType } from "./run-support.ts";

let workspaceRoot: string;
const opened: Application[] = [];

beforeEach(async () => {
  workspaceRoot = await mkdtemp(join(tmpdir(), "autodidact-replay-test-"));
});
afterEach(async () => {
  for (const application of opened.splice(0)) await application.close();
  await rm(workspaceRoot, { recursive: true, force: true });
});

async function open(chatModel: ChatModel, parts = {}, settings = {}): Promise<Application> {
  const usual = { workspaceRoot, language: "typescript", maxIterations: 3 };
  const config = configSchema.parse({ ...usual, ...settings });
  const signingKeyPath = join(workspaceRoot, "key");
  const replaced = { ...inProcessParts(), ...parts };
  const application = await openApplication({ config, chatModel, signingKeyPath, parts: replaced });
  opened.push(application);
  return application;
}

const nobody = scriptedChat(() => {
  throw new Error("no model must be asked");
});

async function record(kind: RunKind, parts = {}, around: Parameters<typeof scriptedChat>[1] = {}) {
  const chat = scriptedChat((request) => scriptedAnswer(kind, request), around);
  const { result, events } = await follow((await open(chat, parts)).runDirective(goal));
  return { result, events, path: join(workspaceRoot, "runs", `${result.runId}.jsonl`) };
}

/** Everything that lies in the workspace; a replay must leave all of it as it is. */
async function stateOf(path: string): Promise<string> {
  const files = [path, join(workspaceRoot, "memory.json")];
  return (await Promise.all(files.map((file) => readFile(file, "utf8")))).join("\n");
}

/** One run through each kind of step; the full form replays all. */
const replayedKinds = runKinds.filter(
  (kind) => ["retry", "unproven"].includes(kind) || testSize(0, 1) === 1,
);

describe("replayRun()", () => {
  it.each(replayedKinds)("replayRun() finds the same again without a model: %s", async (kind) => {
    const { result, path } = await record(kind);
    const before = await stateOf(path);
    const replayed = await (await open(nobody)).replayRun(result.runId);
    expect(replayed.checks.filter(({ state }) => state !== "holds")).toEqual([]);
    expect(replayed).toMatchObject({ same: true, goal, answers: result.modelCalls });
    const parts = replayed.checks.map(({ part }) => part);
    expect(parts).toEqual(expect.arrayContaining(["contract", "suite", "code", "verdict"]));
    expect(parts.at(-1)).toBe("outcome");
    expect(await stateOf(path)).toBe(before);
  });

  it.each([
    ["a peer that contradicts", { peers: ["other-prompt"] }, "peers-questioned"],
    ["several candidates", { candidates: 2 }, "candidates-compared"],
  ] as const)(
    "replayRun() finds the same again of a run with %s",
    async (_title, settings, event) => {
      const chat = scriptedChat((request) => {
        if (request.role !== "coder") return scriptedAnswer("success", request);
        const isPeer = request.messages[0]?.content.includes("sentence by sentence") === true;
        const isFlawed = request.order === 0 && !isPeer;
        return codeAnswer(isFlawed ? "n > 1200 ? n + 2 : n + 1" : `n + 1 + 0 * ${request.order}`);
      });
      const recording = await open(chat, {}, settings);
      const { result, events } = await follow(recording.runDirective(goal));
      expect(result).toMatchObject({ status: "completed" });
      expect(ofType(events, event).length).toBeGreaterThan(0);
      const replayed = await (await open(nobody)).replayRun(result.runId);
      expect(replayed.checks.filter(({ state }) => state !== "holds")).toEqual([]);
      expect(replayed).toMatchObject({ same: true, answers: result.modelCalls });
    },
  );

  it("replayRun() names what differs when the journal says something else than is found", async () => {
    const { result, path } = await record("success");
    const text = await readFile(path, "utf8");
    await writeFile(
      path,
      text
        .replace('"passedCases":9,', '"passedCases":8,')
        .replace(
          '"step":"verdict","order":0,"value":{"passed":true',
          '"step":"verdict","order":0,"value":{"passed":false',
        ),
    );
    const replayed = await (await open(nobody)).replayRun(result.runId);
    expect(replayed.same).toBe(false);
    expect(replayed.checks.filter(({ state }) => state === "fails")).toEqual([
      { part: "verdict", state: "fails", detail: "passed: was false, is true" },
    ]);
  });

  it("replayRun() goes as far as a run that was cut off, and reads up to a broken line", async () => {
    const { result, path } = await record("success");
    const text = await readFile(path, "utf8");
    const analyst = text.indexOf(
      '{"type":"model-answered"',
      text.indexOf('"role":"coder","order":0,"messages"'),
    );
    await truncate(path, Buffer.byteLength(text.slice(0, analyst)));
    await appendFile(path, '{"type":"model-answered","at":"2026-11-2');
    const application = await open(nobody);
    const replayed = await application.replayRun(result.runId);
    expect(replayed).toMatchObject({ same: true, answers: 3 });
    expect(replayed.checks.at(-1)).toMatchObject({ part: "end", state: "skipped" });
    expect(await application.showRun(result.runId)).not.toEqual([]);
    const lines = text.split("\n");
    await writeFile(path, [...lines.slice(0, 2), "{broken", ...lines.slice(3)].join("\n"));
    const damaged = await application.replayRun(result.runId);
    expect(damaged).toMatchObject({ same: false, answers: 0 });
    expect(damaged.checks.at(-1)).toMatchObject({
      ...{ part: "journal", state: "fails" },
      detail: expect.stringContaining("damaged at line 3"),
    });
  });

  it("replayRun(), resumeRun() and replay:FILE refuse a journal of another version, and leave it", async () => {
    const { result, path } = await record("success");
    const lines = (await readFile(path, "utf8")).replace('"schemaVersion":1', '"schemaVersion":2');
    // Without its last line it could be resumed, and a later version may know further kinds of lines.
    await writeFile(
      path,
      `${lines.trimEnd().split("\n").slice(0, -1).join("\n")}\n{"type":"news"}\n`,
    );
    const before = await readFile(path, "utf8");
    const application = await open(nobody);
    const version = /is of version 2, version 1 is wanted/;
    for (const work of [
      () => application.replayRun(result.runId),
      () => application.compareModels(result.runId, "other"),
      () => follow(application.resumeRun(result.runId)),
    ]) {
      const error = await errorOf(work());
      expect(error).toMatchObject({
        code: "JOURNAL_DAMAGED",
        message: expect.stringMatching(version),
      });
    }
    const { openReplayModel } = await import("../../src/model/replay-model.ts");
    const error = await errorOf(openReplayModel(`replay:${path}`, [path]));
    expect(error.message).toMatch(version);
    expect(await readFile(path, "utf8")).toBe(before);
  });

  it("resumeRun() says what is broken where the beginning of a journal is, and leaves it", async () => {
    const { result, path } = await record("success");
    const broken = `x${await readFile(path, "utf8")}`;
    await writeFile(path, broken);
    const error = await errorOf(follow((await open(nobody)).resumeRun(result.runId)));
    expect(error).toMatchObject({
      code: "JOURNAL_DAMAGED",
      message: expect.stringContaining(`the beginning of its journal ${path} cannot be read`),
    });
    expect(await readFile(path, "utf8")).toBe(broken);
  });

  it("runDirective() comes to its end, and says so, when its journal is removed meanwhile", async () => {
    const asked = ({ role }: ChatRequest) =>
      role === "analyst" ? rm(join(workspaceRoot, "runs"), { recursive: true }) : undefined;
    const { result, events } = await record("success", {}, { asked });
    expect(result.status).toBe("completed");
    expect(ofType(events, "warning-raised")).toMatchObject([
      { message: expect.stringMatching(/^The journal of this run was removed while it was open/) },
    ]);
  });

  it("replayRun() says so when there is no such run", async () => {
    const application = await open(nobody);
    const error = await errorOf(application.replayRun("20260101-000000000-abcdefgh"));
    expect(error).toMatchObject({ code: "RUN_NOT_FOUND" });
  });
});

describe("compareModels()", () => {
  async function compare(
    answer: Parameters<typeof scriptedChat>[0],
  ): Promise<readonly ComparedCall[]> {
    const { result } = await record("retry");
    const other = { ...scriptedChat(answer), name: "other" };
    const seen: ComparedCall[] = [];
    const onCall = (call: ComparedCall) => seen.push(call);
    const calls = await (await open(other)).compareModels(result.runId, "other", { onCall });
    expect(seen).toEqual(calls);
    expect(calls.map(({ role, order }) => `${role} ${order}`)).toEqual([
      ...["planner 0", "tester 0", "coder 0", "analyst 0", "coder 1", "analyst 1"],
    ]);
    return calls;
  }

  it("compareModels() sends the recorded prompts and finds equal answers the same", async () => {
    const prompts: string[] = [];
    const calls = await compare((request) => {
      prompts.push(JSON.stringify(request.messages));
      return scriptedAnswer("retry", request);
    });
    expect(calls.every(({ same }) => same)).toBe(true);
    expect(calls.map(({ other }) => other.verdict?.passed)).toEqual([
      ...[undefined, undefined, false, undefined, true, undefined],
    ]);
    expect(prompts[4]).toContain("Your last version:");
    expect(new Set(prompts).size).toBe(6);
  });

  it("compareModels() says what of each answer differs: form, program, verdict", async () => {
    const other = (n: number) =>
      [codeAnswer("n + 3"), codeAnswer("1 + n /* other words */")][n] ?? "";
    const calls = await compare((request) => {
      if (request.role === "coder") return other(request.order);
      if (request.role === "analyst")
        return request.order === 0 ? "SUCCESS" : '{"verdict": "agree"}';
      return scriptedAnswer("retry", request);
    });
    expect(calls.map(({ same }) => same)).toEqual([true, true, false, false, false, false]);
    expect(calls[2]?.other).toMatchObject({ isReadable: true, verdict: { passed: false } });
    expect(calls[3]?.other).toMatchObject({
      isReadable: false,
      reading: expect.stringContaining("no JSON"),
    });
    expect(calls[4]).toMatchObject({
      recorded: { verdict: { passed: true, detail: "9 of 9 cases" } },
      other: { verdict: { passed: true, detail: "9 of 9 cases" } },
    });
  });

  it("compareModels() executes nothing that the reader refuses, and reads no other language", async () => {
    const calls = await compare((request) => {
      if (request.role !== "coder") return scriptedAnswer("retry", request);
      return request.order === 0
        ? codeAnswer("n + 1", "python")
        : `\`\`\`ts\n${codeOf("n + Number(Deno.env.get('HOME'))")}\`\`\``;
    });
    expect(calls[2]?.other).toMatchObject({
      isReadable: false,
      reading: expect.stringContaining("the code is Python"),
    });
    expect(calls[4]?.other.verdict).toMatchObject({
      passed: false,
      detail: expect.stringContaining("refused: "),
    });
  });
});

describe("a run whose clock jumps", () => {
  const hour = 3_600_000;
  it.each([
    ["back by ten years", -87_600 * hour],
    ["on by ten years", 87_600 * hour],
  ])("ends as any other, and loses nothing, when it is set %s", async (_title, jumpMs) => {
    const earlier = await record("success");
    let readings = 0;
    const now = () => {
      readings += 1;
      return new Date(Date.now() + (readings > 3 ? jumpMs : 0));
    };
    const chat = scriptedChat((request) => scriptedAnswer("success", request));
    const application = await open(chat, { clock: { ...systemClock, now } });
    const { result, events } = await follow(application.runDirective(goal, { again: true }));
    expect(result).toMatchObject({ status: "completed" });
    expect(readings).toBeGreaterThan(3);
    expect((await application.showSkill(result.skill)).status).toBe("working");
    const kept = (await application.listRuns()).map(({ runId }) => runId);
    expect(kept.toSorted()).toEqual([earlier.result.runId, result.runId].toSorted());
    expect(ofType(events, "warning-raised")).toMatchObject([
      { message: expect.stringMatching(/^The clock moved by 8760\d hours/) },
    ]);
  });
});
