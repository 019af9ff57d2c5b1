import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OllamaServer, startOllamaServer } from "../support/ollama-server.ts";
import { byRole, roleOf } from "../support/scripted-ollama.ts";
import {
  openTemporaryApplication,
  type TemporaryApplication,
} from "../support/temporary-application.ts";
import { answersOf, codeAnswer, codeOf, follow, ofType, rightAnswer } from "./run-support.ts";

/** The third one is right twice of nine, the others never. */
const better = "n === 110 || n === 220 || n === 330 || n === 440 ? n + 1 : 0";
const wrong = (order: number) => (order === 2 ? better : `n * ${order + 2}`);

let server: OllamaServer;
let opened: TemporaryApplication;
let answer = byRole(answersOf());

beforeAll(async () => {
  server = await startOllamaServer({ answer: (request) => answer(request) });
  opened = await openTemporaryApplication({ language: "typescript", ollamaHost: server.host });
});

afterAll(async () => {
  await opened.remove();
  await server.close();
});

describe("runDirective() with a model that is always wrong", () => {
  it("runDirective() makes exactly 12 attempts, keeps the best and every failure, then fails", async () => {
    answer = byRole(answersOf({ coder: (order) => codeAnswer(wrong(order)) }));
    const { result, events } = await follow(opened.application.runDirective("Add one"));
    expect(result).toMatchObject({ status: "failed", attempts: 12, modelCalls: 2 + 12 * 2 });
    expect(ofType(events, "attempt-started").map((event) => event.attempt)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    const { skill } = result;
    const file = join(opened.workspaceRoot, "skills", `${skill}.ts`);
    expect(await readFile(file, "utf8")).toBe(codeOf(better));
    expect(await opened.application.showSkill(skill)).toMatchObject({ status: "failed" });
    const { failures, directives, skills } = await opened.application.readMemory();
    expect(failures.map(({ attempt }) => attempt)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    expect(failures[3]).toMatchObject({
      skill,
      kind: "wrong-value",
      error: expect.stringContaining("visible cases failed"),
      code_snippet: expect.stringContaining("n * 5"),
      run_id: result.runId,
    });
    expect(skills).toMatchObject([{ name: skill, status: "failed" }]);
    expect(directives).toMatchObject([{ goal: "Add one", status: "failed" }]);
    const kept = await readdir(join(opened.workspaceRoot, "skills"));
    expect(kept.filter((name) => name.endsWith(".certificate.json"))).toEqual([]);
    expect(await opened.application.pendingRuns()).toEqual([]);
  });

  it("runDirective() tells each attempt what the last one got wrong, and nothing sealed", async () => {
    const coders = server.chats().filter((chat) => roleOf(chat) === "coder");
    const last = JSON.stringify(coders.at(-1)?.messages);
    expect(last).toContain("Attempt 11");
    expect(last).toContain("n * 12");
    expect(last).toMatch(/hidden|visible cases passed/);
    const shown = JSON.stringify(coders);
    const unseen = [110, 220, 330, 440, 550, 660, 770, 880, 990].filter(
      (input) => !shown.includes(`add_one(${input})`),
    );
    expect(unseen).toHaveLength(3);
  });

  it("runDirective() recalls those failures, and may succeed, when the goal is given again", async () => {
    answer = byRole(answersOf({ coder: rightAnswer }));
    const before = server.chats().length;
    const { result, events } = await follow(opened.application.runDirective("Add one"));
    expect(result).toMatchObject({ status: "completed", attempts: 1, modelCalls: 4 });
    expect(ofType(events, "failures-recalled")).toMatchObject([{ skills: [result.skill] }]);
    const [planner] = server.chats().slice(before);
    expect(JSON.stringify(planner?.messages)).toContain("visible cases failed");
    expect(await opened.application.showSkill(result.skill)).toMatchObject({ status: "working" });
  });

  it("runDirective() makes exactly 12 attempts when no answer can ever be read", async () => {
    answer = byRole(() => "SUCCESS");
    const { result } = await follow(opened.application.runDirective("Add one in silence"));
    expect(result).toMatchObject({ status: "failed", attempts: 12, modelCalls: 24 });
    const { failures } = await opened.application.readMemory();
    expect(
      failures.filter((failure) => failure.skill === result.skill).map(({ kind }) => kind),
    ).toEqual(new Array(12).fill("unreadable-contract"));
  });

  it("runDirective() stops at the number of attempts that was set", async () => {
    answer = byRole(answersOf({ coder: (order) => codeAnswer(wrong(order)) }));
    const application = await opened.reopen({ maxIterations: 2 });
    const { result } = await follow(application.runDirective("Add one, twice tried"));
    expect(result).toMatchObject({ status: "failed", attempts: 2 });
  });
});
